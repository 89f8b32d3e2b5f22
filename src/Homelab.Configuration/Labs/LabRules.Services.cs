using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Configuration;

/// <content>Services, what they need and how they are seen to work.</content>
internal sealed partial class LabRules
{
    private const int LeastStatus = 100;
    private const int MostStatus = 599;
    private const int MostShown = 20;
    private const int LongestDomain = 254;
    private const int LongestLabel = 63;

    private void CheckServices()
    {
        var monitors = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, service) in lab.Services)
        {
            var path = $"services.{name}";
            if (!NamePattern().IsMatch(name))
            {
                Add(path, $"is {ProblemList.Show(name)}, which cannot be the name of a service", $"{NameWayOut} Its name in Kuma belongs under 'monitor'.");
            }

            if (service.Container is { } container) CheckContainer($"{path}.container", container);
            for (var i = 0; i < service.DependsOn.Count; i++) CheckDependency($"{path}.dependsOn[{i}]", name, service.DependsOn[i]);
            if (service.Proxy is { } proxy) CheckDependency($"{path}.proxy", name, proxy);
            CheckMachine(path, service);
            if (service.Check is { } check) CheckCheck($"{path}.check", check);
            if (service.Quiet is { } quiet) CheckQuiet($"{path}.quiet", quiet);

            var monitor = service.Monitor ?? name;
            if (monitors.TryAdd(monitor, name)) continue;
            var other = monitors[monitor];
            var at = service.Monitor is null ? path : $"{path}.monitor";
            Add(
                at,
                $"has the monitor {ProblemList.Show(monitor)}, and so has the service {ProblemList.Show(other)} at {source.Of($"services.{other}")}",
                "An alert must mean one service: give each its own monitor.");
        }

        foreach (var circle in DependencyCircles.Find([.. lab.Services.Keys], name => lab.Services[name].DependsOn))
        {
            var (closing, closed) = (circle[0], circle[1]);
            var index = lab.Services[closing].DependsOn.TakeWhile(d => d != closed).Count();
            var shown = circle.Count <= MostShown ? circle : [.. circle.Take(MostShown), "…"];
            Add(
                $"services.{closing}.dependsOn[{index}]",
                $"closes a circle: {string.Join(" → ", shown)}",
                "A service cannot wait for itself: remove one of these.");
        }
    }

    private void CheckMachine(string path, ServiceDefinition service)
    {
        if (service.Host is { } host)
        {
            if (!lab.Hosts.ContainsKey(host)) Add($"{path}.host", $"is {ProblemList.Show(host)}, which is no host of this lab", Hint(host, lab.Hosts.Keys));
            if (service.Container?.Host is { } other && other != host) Add($"{path}.host", $"is {ProblemList.Show(host)}, but its container runs on {ProblemList.Show(other)}", "Remove host: the container's is enough.");
        }

        if (service.Unit?.Host is { } unitHost && !lab.Hosts.ContainsKey(unitHost)) Add($"{path}.unit", $"is on {ProblemList.Show(unitHost)}, which is no host of this lab", Hint(unitHost, lab.Hosts.Keys));
        if (service is { Provides: ServiceRole.Host, Host: null, Container: null, Unit: null }) Add($"{path}.provides", "is host, but no machine is named", "Give host as well: the name of the machine under hosts.");
    }

    private void CheckQuiet(string path, ServiceQuiet quiet)
    {
        if (quiet is ServiceQuiet.Monitor or ServiceQuiet.Both && !(lab.Providers.TryGetValue("kuma", out var kuma) && kuma is ICanQuiet { CanQuiet: true }))
        {
            problems.Warn(source.Of(path), path, "wants a monitor paused, and nobody can log in to do it", "Give providers.kuma.user and password.");
        }

        if (quiet is ServiceQuiet.Silence or ServiceQuiet.Both && !lab.Providers.ContainsKey("alertmanager"))
        {
            problems.Warn(source.Of(path), path, "wants alerts silenced, and the lab file names no Alertmanager", "Give providers.alertmanager.url.");
        }
    }

    private void CheckContainer(string path, ContainerRef container)
    {
        if (container.Host is not { } host) return;
        if (!lab.Hosts.TryGetValue(host, out var definition))
        {
            Add(path, $"is on {ProblemList.Show(host)}, which is no host of this lab", Hint(host, lab.Hosts.Keys));
        }
        else if (definition.Docker is null)
        {
            problems.Warn(
                source.Of(path),
                path,
                $"is on {ProblemList.Show(host)}, where no Docker Engine is given",
                $"Give hosts.{host}.docker, or nothing can be done with it.");
        }
    }

    private void CheckDependency(string path, string name, string? dependency)
    {
        if (dependency is null || lab.Services.ContainsKey(dependency)) return;
        Add(
            path,
            $"is {ProblemList.Show(dependency)}, which is no service of this lab",
            Hint(dependency, lab.Services.Keys.Where(k => k != name)));
    }

    private void CheckCheck(string path, CheckDefinition check)
    {
        if (check is { Http: null, Tcp: null, Dns: null, Tls: null } && !problems.HasBelow(path)) Add(path, "checks nothing", "Give http, tcp, dns or tls.");
        if (check.Http is { } http && http.Scheme is not ("http" or "https"))
        {
            Add($"{path}.http", $"has the scheme {ProblemList.Show(http.Scheme)}", "Write http:// or https://.");
        }

        if (check.Http is null && !problems.Has($"{path}.http") && check.Contains is not null)
        {
            Add($"{path}.contains", "has no page to look at", $"Give {path}.http as well.");
        }

        if (check is { Http: null, Tls: null, Trust: not null })
        {
            problems.Warn(source.Of($"{path}.trust"), $"{path}.trust", "has no effect without http or tls", "Remove it.");
        }

        if (check.Expect.Count == 0) Add($"{path}.expect", "is empty, so that nothing would count as up", "Write status codes such as [ 200-299, 401 ].");
        for (var i = 0; i < check.Expect.Count; i++)
        {
            if (check.Expect[i] is { } expected && !IsStatusRange(expected))
            {
                Add($"{path}.expect[{i}]", $"is {ProblemList.Show(expected)}, not a status code or range", "Write 200 or 200-299.");
            }
        }

        if (check.Tcp is { } tcp && !HostPort.Is(tcp)) Add($"{path}.tcp", $"is {ProblemList.Show(tcp)}, not host and port", HostPort.Example);
        if (check.Tls is { } tls && !HostPort.Is(tls)) Add($"{path}.tls", $"is {ProblemList.Show(tls)}, not host and port", HostPort.Example);
        if (check.Dns is not { } dns) return;
        if (dns.Server is { } server && !HostPort.IsHostWithOptionalPort(server))
        {
            Add($"{path}.dns.server", $"is {ProblemList.Show(server)}, not a name server", "Write an address, such as 10.0.0.53 or 10.0.0.53:5353.");
        }

        if (dns.Name is { } name && !IsDomainName(name)) Add($"{path}.dns.name", $"is {ProblemList.Show(name)}, not a name to ask for", "Write a domain name.");
    }

    // RFC 1035, section 2.3.4; an underscore begins the labels of services.
    private static bool IsDomainName(string text) =>
        text.Length <= LongestDomain && text.TrimEnd('.').Split('.').All(IsLabel);

    private static bool IsLabel(string text) => text.Length is > 0 and <= LongestLabel && text.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsStatusRange(string text)
    {
        if (!StatusPattern().IsMatch(text)) return false;
        var low = int.Parse(text.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture);
        var high = int.Parse(text.AsSpan(text.Length - 3), NumberStyles.None, CultureInfo.InvariantCulture);
        return low >= LeastStatus && high <= MostStatus && low <= high;
    }

    [GeneratedRegex(@"\A[0-9]{3}(-[0-9]{3})?\z", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatusPattern();
}
