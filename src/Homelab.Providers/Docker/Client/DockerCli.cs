using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Homelab.Providers.Docker;

/// <summary>The containers of one engine by the <c>docker</c> program on its host, over SSH. Its JSON is the API's.</summary>
/// <remarks>
/// <c>docker container ls</c>, <c>inspect</c>, <c>logs</c>, <c>start</c>, <c>stop</c>, <c>restart</c>. A log's line of more than 16 KiB holds the times that the engine writes between its
/// pieces: where they are, the program does not say.
/// </remarks>
internal sealed class DockerCli(DockerEndpoint endpoint, IRemoteHosts remote, DockerWire wire) : IContainerWay
{
    // 500 ids are 32 KiB, which every shell and kernel takes as one command.
    private const int AtOnce = 500;
    private const int AnswerLimit = 64 * 1024 * 1024;
    private const int CannotRun = 126;
    private const int NotFound = 127;

    /// <summary>The program on a host that can be logged in to; null where it cannot.</summary>
    internal static DockerCli? For(DockerEndpoint endpoint, IRemoteHosts? remote, DockerWire wire) =>
        remote?.Hosts.Contains(endpoint.Host, StringComparer.OrdinalIgnoreCase) == true ? new DockerCli(endpoint, remote, wire) : null;

    /// <summary>True for a failure that says that this way leads to no engine.</summary>
    internal static bool IsNoWay(HomelabException e) =>
        e.NothingHappened && (e.Id is DockerErrors.UnreachableId or "DockerDenied" or "HostNotFound" || e.Id.StartsWith("Ssh", StringComparison.Ordinal) || e.Id.StartsWith("HostKey", StringComparison.Ordinal));

    public async Task<IReadOnlyList<Container>> ListAsync(CancellationToken cancellationToken)
    {
        var listed = await LookAsync(["container", "ls", "--all", "--quiet", "--no-trunc"], cancellationToken).ConfigureAwait(false);
        if (listed.ExitCode != 0) throw Failed(listed, nameOrId: "");
        var containers = new List<Container>();
        foreach (var ids in listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Chunk(AtOnce))
        {
            var seen = await LookAsync(["container", "inspect", "--", .. ids], cancellationToken).ConfigureAwait(false);
            // One that was removed in between is not there; the others are told all the same.
            if (seen.ExitCode != 0 && !IsOnlyMissing(seen)) throw Failed(seen, nameOrId: "");
            containers.AddRange(Read(seen).Select(static c => Summary(c)));
        }

        return containers;
    }

    public async Task<ContainerDetail> InspectAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var seen = await LookAsync(["container", "inspect", "--", nameOrId], cancellationToken).ConfigureAwait(false);
        if (seen.ExitCode != 0) throw Failed(seen, nameOrId);
        return Read(seen) is [var only] ? only : throw DockerErrors.Unreadable(endpoint, Call(seen.Words), "not one container", inner: null);
    }

    public Task<bool> StartAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) => ChangeAsync("start", id, grace: null, timeout, cancellationToken);

    public Task<bool> StopAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken) => ChangeAsync("stop", id, grace, timeout, cancellationToken);

    public Task<bool> RestartAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken) => ChangeAsync("restart", id, grace, timeout, cancellationToken);

    public async IAsyncEnumerable<ContainerLogLine> LogsAsync(ContainerDetail container, int tail, DateTimeOffset? since, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (follow) throw new NotSupportedException("Only the API follows a log.");
        List<string> words = ["container", "logs", "--timestamps", "--tail", tail.ToString(CultureInfo.InvariantCulture)];
        if (since is { } from) words.AddRange(["--since", EngineTime.Of(from)]);
        var said = await LookAsync([.. words, "--", container.Id], cancellationToken).ConfigureAwait(false);
        if (said.ExitCode != 0) throw Failed(said, container.Name);
        // Each output is in order, and between them the engine's times say what came first.
        var lines = Lines(said.Output, LogSource.Output).Concat(Lines(said.Error, LogSource.Error)).OrderBy(static l => l.At ?? DateTimeOffset.MinValue);
        foreach (var line in lines) yield return new ContainerLogLine { Container = container.Name, Host = container.Host, At = line.At, Source = line.Source, Text = line.Text, Via = EngineWay.Ssh };
    }

    private async Task<bool> ChangeAsync(string verb, string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken)
    {
        string[] time = grace is { } given ? ["-t", ((int)Math.Ceiling(given.TotalSeconds)).ToString(CultureInfo.InvariantCulture)] : [];
        var done = await RunAsync(["container", verb, .. time, "--", id], timeout, changes: true, cancellationToken).ConfigureAwait(false);
        return done.ExitCode == 0 ? true : throw Failed(done, id);
    }

    private Task<RemoteResult> LookAsync(IReadOnlyList<string> words, CancellationToken cancellationToken) => RunAsync(words, DockerWire.Prompt, changes: false, cancellationToken);

    private async Task<RemoteResult> RunAsync(IReadOnlyList<string> words, TimeSpan timeout, bool changes, CancellationToken cancellationToken)
    {
        var command = new RemoteCommand(["docker", .. words]) { Timeout = timeout, MaxOutput = AnswerLimit };
        RemoteResult result;
        try
        {
            result = await remote.RunAsync(endpoint.Host, command, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "CommandTimeout")
        {
            throw DockerErrors.TimedOut(endpoint, Call(command.Words), timeout, nothingHappened: !changes, e);
        }
        catch (HomelabException e) when (e.Id == "SshConnectionLost")
        {
            throw DockerErrors.Lost(endpoint, Call(command.Words), nothingHappened: !changes, e);
        }

        wire.Trace(string.Create(CultureInfo.InvariantCulture, $"ssh: {Call(command.Words)} -> {result.ExitCode} in {result.Elapsed.TotalMilliseconds:0} ms"));
        return result.Truncated ? throw DockerErrors.Unreadable(endpoint, Call(command.Words), "more than 64 MiB", inner: null) : result;
    }

    private List<ContainerDetail> Read(RemoteResult result)
    {
        try
        {
            var wired = JsonSerializer.Deserialize(result.Output, DockerJson.Default.ContainerInspectWireArray) ?? [];
            return [.. wired.OfType<ContainerInspectWire>().Select(w => ContainerReader.Read(w, endpoint.Host) with { Via = EngineWay.Ssh })];
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw DockerErrors.Unreadable(endpoint, Call(result.Words), e is JsonException json ? $"no JSON of the expected shape, at {json.Path ?? "its beginning"}" : e.Message, e);
        }
    }

    private static Container Summary(ContainerDetail container) => new()
    {
        Name = container.Name,
        Host = container.Host,
        Id = container.Id,
        Image = container.Image,
        State = container.State,
        Health = container.Health,
        Status = container.Status,
        Ports = container.Ports,
        Labels = container.Labels,
        Created = container.Created,
        Via = container.Via,
    };

    private static List<LogText> Lines(string text, LogSource source)
    {
        var lines = new List<LogText>();
        var builder = new LogLineBuilder(source);
        builder.Append(Encoding.UTF8.GetBytes(text), lines);
        builder.Finish(lines);
        return lines;
    }

    private HomelabException Failed(RemoteResult result, string nameOrId)
    {
        var said = DockerErrors.Shown(result.Error.Length > 0 ? result.Error : result.Output);
        if (Says("No such container")) return DockerErrors.ContainerNotFound(endpoint, nameOrId, inner: null);
        if (Says("permission denied")) return DockerErrors.Denied(endpoint, said.TrimEnd('.'), "Add the account of the SSH login to the group docker there.", inner: null);
        if (Says("Cannot connect to the Docker daemon") || Says("error during connect")) return DockerErrors.Unreachable(endpoint, $"the docker program there says: {said.TrimEnd('.', '?')}", inner: null);
        if (result.ExitCode is CannotRun or NotFound) return DockerErrors.Unreachable(endpoint, $"there is no docker program there that can be run: {said.TrimEnd('.')}", inner: null);
        return new HomelabException(ErrorKind.Failed, "DockerFailed", string.Create(CultureInfo.InvariantCulture, $"{Call(result.Words)} on {endpoint.Host} ended with exit code {result.ExitCode}: {said.TrimEnd('.')}."), endpoint.Host);

        bool Says(string words) => result.Error.Contains(words, StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsOnlyMissing(RemoteResult result) =>
        result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).All(static l => l.Contains("No such container", StringComparison.OrdinalIgnoreCase));

    private static string Call(IReadOnlyList<string> words) => CommandLine.Show(words);
}
