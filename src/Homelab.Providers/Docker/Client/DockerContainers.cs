using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>The containers of one engine, by its API.</summary>
internal sealed class DockerContainers(DockerWire wire) : IContainerWay
{
    private const int ReadSize = 16 * 1024;

    // GET /containers/json?all=1
    public async Task<IReadOnlyList<Container>> ListAsync(CancellationToken cancellationToken)
    {
        var list = await wire.GetAsync("/containers/json?all=1", DockerJson.Default.ContainerListWireArray, cancellationToken).ConfigureAwait(false);
        return [.. list.OfType<ContainerListWire>().Select(c => ContainerReader.Read(c, wire.Endpoint.Host))];
    }

    // GET /containers/{id}/json
    public async Task<ContainerDetail> InspectAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var path = Path(nameOrId, "/json");
        try
        {
            var wired = await wire.GetAsync(path, DockerJson.Default.ContainerInspectWire, cancellationToken).ConfigureAwait(false);
            return ContainerReader.Read(wired, wire.Endpoint.Host);
        }
        catch (FormatException e)
        {
            throw DockerErrors.Unreadable(wire.Endpoint, "GET " + path, e.Message, e);
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            throw DockerErrors.ContainerNotFound(wire.Endpoint, nameOrId, e);
        }
    }

    // POST /containers/{id}/start
    public Task<bool> StartAsync(string id, TimeSpan timeout, CancellationToken cancellationToken) => PostAsync(id, "/start", timeout, cancellationToken);

    // POST /containers/{id}/stop
    public Task<bool> StopAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken) => PostAsync(id, "/stop" + Grace(grace), timeout, cancellationToken);

    // POST /containers/{id}/restart
    public Task<bool> RestartAsync(string id, TimeSpan? grace, TimeSpan timeout, CancellationToken cancellationToken) => PostAsync(id, "/restart" + Grace(grace), timeout, cancellationToken);

    /// <summary>What it uses, from two samples that the engine takes a second apart. <c>GET /containers/{id}/stats?stream=0</c>; <c>docker stats --no-stream</c>.</summary>
    internal async Task<ContainerUsage> StatsAsync(Container container, CancellationToken cancellationToken)
    {
        // Without one-shot the engine waits for its second sample; with it there would be nothing to compare with.
        var path = Path(container.Id, "/stats?stream=0");
        try
        {
            // Of a container that ends while it is measured, an engine may say nothing at all.
            var stats = await wire.FindAsync(path, DockerJson.Default.StatsWire, cancellationToken).ConfigureAwait(false) ?? new StatsWire();
            return UsageReader.Read(stats, container);
        }
        catch (FormatException e)
        {
            throw DockerErrors.Unreadable(wire.Endpoint, "GET " + path, e.Message, e);
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            throw DockerErrors.ContainerNotFound(wire.Endpoint, container.Name, e);
        }
    }

    // GET /containers/{id}/logs
    public async IAsyncEnumerable<ContainerLogLine> LogsAsync(ContainerDetail container, int tail, DateTimeOffset? since, bool follow, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = Path(container.Id, string.Create(CultureInfo.InvariantCulture, $"/logs?stdout=1&stderr=1&timestamps=1&tail={tail}"));
        if (since is { } from) path += "&since=" + EngineTime.Of(from);
        if (follow) path += "&follow=1";
        using var answer = await wire.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        using var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            var decoder = new LogDecoder(container.Tty);
            var lines = new List<LogText>();
            for (var ended = false; !ended;)
            {
                lines.Clear();
                ended = await ReadAsync(stream, buffer, decoder, lines, path, follow, cancellationToken).ConfigureAwait(false);
                foreach (var line in lines)
                {
                    yield return new ContainerLogLine { Container = container.Name, Host = container.Host, At = line.At, Source = line.Source, Text = line.Text };
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async Task<bool> ReadAsync(Stream stream, byte[] buffer, LogDecoder decoder, List<LogText> lines, string path, bool follow, CancellationToken cancellationToken)
    {
        // A log that is followed may be silent for days; one that is not comes at once.
        using var silence = new CancellationTokenSource(follow ? Timeout.InfiniteTimeSpan : DockerWire.Prompt, wire.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            var read = await stream.ReadAsync(buffer, either.Token).ConfigureAwait(false);
            if (read > 0) decoder.Feed(buffer.AsSpan(0, read), lines);
            else decoder.Finish(lines);
            return read == 0;
        }
        catch (FormatException e)
        {
            throw DockerErrors.Unreadable(wire.Endpoint, "GET " + path, e.Message, e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw wire.Lost(path, e);
        }
        catch (OperationCanceledException e) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw DockerErrors.TimedOut(wire.Endpoint, "GET " + path, DockerWire.Prompt, nothingHappened: true, e);
        }
    }

    private async Task<bool> PostAsync(string id, string what, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await wire.PostAsync(Path(id, what), timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "DockerNotFound")
        {
            throw DockerErrors.ContainerNotFound(wire.Endpoint, id, e);
        }
    }

    private static string Path(string nameOrId, string rest) => "/containers/" + Uri.EscapeDataString(nameOrId) + rest;

    private static string Grace(TimeSpan? grace) => grace is { } time ? string.Create(CultureInfo.InvariantCulture, $"?t={(int)Math.Ceiling(time.TotalSeconds)}") : "";
}
