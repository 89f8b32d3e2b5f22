using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <summary>
/// What must hold between the parts of a lab. It also looks at labs that were read with problems, in order to find all mistakes at once, so
/// even a required value may be missing here; what is missing was noted before.
/// </summary>
internal sealed partial class LabRules(LabDefinition lab, SourceMap source, ProblemList problems)
{
    private const string NameWayOut = "Use letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 63.";

    internal void Check()
    {
        foreach (var (name, host) in lab.Hosts) CheckHost($"hosts.{name}", name, host);
        CheckPlaces();
        CheckServices();
        CheckAccess();
        CheckPolicy();
        foreach (var name in lab.Hooks.Keys.Where(static n => !NamePattern().IsMatch(n)))
        {
            Add($"hooks.{name}", $"is {ProblemList.Show(name)}, which cannot be part of a path", NameWayOut);
        }

        CheckRest();
        if (!HostPort.Is(lab.Server.Listen, leastPort: 0))
        {
            Add("server.listen", $"is {ProblemList.Show(lab.Server.Listen)}, not an address to listen on", HostPort.Example);
        }

        new McpRules(lab.Mcp, source, problems).Check();
        CheckPatterns("server.runbooks", lab.Server.Runbooks);
        if (lab.Notify.Telegram?.Url is { Scheme: not ("http" or "https") } url)
        {
            Add("notify.telegram.url", $"has the scheme {ProblemList.Show(url.Scheme)}", "Write http:// or https://.");
        }
    }

    private void CheckHost(string path, string name, HostDefinition host)
    {
        if (!NamePattern().IsMatch(name)) Add(path, $"is {ProblemList.Show(name)}, which cannot be the name of a host", NameWayOut);
        if (host.Address.Length > 0 && !HostPort.IsHost(host.Address))
        {
            Add($"{path}.address", $"is {ProblemList.Show(host.Address)}, not a host name or IP address", "Give it without scheme and port.");
        }

        if (host.Address.Length == 0 && host.Ssh is not null) Add(path, "has ssh but no address", $"Give {path}.address.");
        CheckJump(path, name, host);
        if (host.Docker is { Url: not null } docker) CheckDocker($"{path}.docker", docker, host, path);
    }

    private void CheckPlaces()
    {
        foreach (var (name, host) in lab.Hosts)
        {
            if (host.On is { } on && !lab.Hosts.ContainsKey(on)) Add($"hosts.{name}.on", $"is {ProblemList.Show(on)}, which is no host of this lab", Hint(on, lab.Hosts.Keys.Where(k => k != name)));
        }

        foreach (var circle in DependencyCircles.Find([.. lab.Hosts.Keys], name => [lab.Hosts[name].On]))
        {
            IEnumerable<string> shown = circle.Count <= MostShown ? circle : [.. circle.Take(MostShown), "…"];
            Add($"hosts.{circle[0]}.on", $"closes a circle: {string.Join(" → ", shown)}", "A host cannot run on itself: remove one of these.");
        }
    }

    private void CheckDocker(string path, DockerEndpointDefinition docker, HostDefinition host, string hostPath)
    {
        const string WayOut = "Write ssh, unix:///var/run/docker.sock or tcp://host:2375.";
        var url = docker.Url;
        if (url == "ssh")
        {
            if (host.Ssh is null) Add(path, "is ssh, but the host has no ssh login", $"Give {hostPath}.ssh with user and key.");
        }
        else if (url.StartsWith("unix://", StringComparison.Ordinal))
        {
            if (!url.StartsWith("unix:///", StringComparison.Ordinal) || url.Length == "unix:///".Length)
            {
                Add(path, $"is {ProblemList.Show(url)}, which has no absolute path", WayOut);
            }
        }
        else if (url.StartsWith("npipe:", StringComparison.Ordinal))
        {
            if (!PipePattern().IsMatch(url)) Add(path, $"is {ProblemList.Show(url)}, which names no pipe", "Write npipe:////./pipe/docker_engine.");
        }
        else if (!Uri.TryCreate(url, UriKind.Absolute, out var address)
            || address is not { Scheme: "tcp" or "http" or "https", Host.Length: > 0, UserInfo.Length: 0 })
        {
            // What stands before an '@' may be a password.
            var shown = url.Contains('@', StringComparison.Ordinal) ? "" : $"{ProblemList.Show(url)}, ";
            Add(path, $"is {shown}not where a Docker Engine can listen", NearestName.Of(url, ["ssh"]) is { } meant ? $"Did you mean '{meant}'?" : WayOut);
        }
        else if (address.Scheme == "tcp" && address.Port <= 0)
        {
            Add(path, $"is {ProblemList.Show(url)}, which has no port", "Docker listens on 2375 without TLS and on 2376 with it.");
        }

        if (docker.Tls is not null && (url == "ssh" || url.StartsWith("unix:", StringComparison.Ordinal) || url.StartsWith("npipe:", StringComparison.Ordinal)))
        {
            problems.Warn(source.Of($"{path}.tls"), $"{path}.tls", $"has no effect on {url}", "Remove it.");
        }
    }

    private void CheckAccess()
    {
        var faces = Enum.GetValues<Face>().Select(FaceNames.Of).ToArray();
        foreach (var key in lab.Access.Identities.Keys)
        {
            var path = $"access.identities.{key}";
            var colon = key.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || colon == key.Length - 1) Add(path, "is not of the form face:identity", "Write it as mcp:claude or rest:dashboard.");
            else if (!faces.Contains(key[..colon], StringComparer.Ordinal))
            {
                Add(path, $"begins with {ProblemList.Show(key[..colon])}, which is no face", NearestName.Hint(key[..colon], faces));
            }
        }
    }

    private void CheckRest()
    {
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, client) in lab.Rest)
        {
            var path = $"rest.{name}";
            if (!NamePattern().IsMatch(name)) Add(path, $"is {ProblemList.Show(name)}, which cannot be the name of a client", NameWayOut);
            // A client is known by nothing but its token.
            if (client.Token is { } token && !tokens.TryAdd(token.ToString(), name)) Add($"{path}.token", $"is {token}, which is also that of rest.{tokens[token.ToString()]}", "Give each client a token of its own.");
        }
    }

    private void CheckPatterns(string path, IReadOnlyList<string> patterns)
    {
        for (var i = 0; i < patterns.Count; i++)
        {
            if (patterns[i] is { } pattern && string.IsNullOrWhiteSpace(pattern)) Add($"{path}[{i}]", "is empty", "Write a value, or remove the line.");
        }
    }

    // Thousands of wrong names among thousands of right ones would take minutes to compare; those are not shown anyway.
    private string Hint(string typed, IEnumerable<string> names) => problems.IsFlooded ? "Check the name." : NearestName.Hint(typed, [.. names]);

    private void Add(string path, string reason, string wayOut) => problems.Add(source.Of(path), path, reason, wayOut);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_.-]{0,62}\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\Anpipe:/+\./pipe/[^/\s]+\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PipePattern();
}
