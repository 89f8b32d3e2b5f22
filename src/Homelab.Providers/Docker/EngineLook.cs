using System.Globalization;

namespace Homelab.Providers.Docker;

/// <summary>Looks whether an engine can be reached, is new enough, and lets us see its containers.</summary>
/// <remarks><c>GET /_ping</c>, <c>/version</c>, <c>/containers/json</c>, <c>/info</c>.</remarks>
internal static class EngineLook
{
    internal static ConnectionLook At(DockerClient engine, TimeProvider time)
    {
        var name = $"docker@{engine.Host}";
        return new ConnectionLook(name, $"Look what listens at hosts.{engine.Host}.docker.", cancellationToken => LookAsync(engine, name, time, cancellationToken));
    }

    private static async Task<IReadOnlyList<LabCheck>> LookAsync(DockerClient engine, string name, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        VersionWire version;
        TimeSpan latency;
        try
        {
            await engine.System.PingAsync(cancellationToken).ConfigureAwait(false);
            latency = time.GetElapsedTime(began);
            version = await engine.System.VersionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Message.Contains("HTTP request to an HTTPS server", StringComparison.Ordinal))
        {
            return [LabCheck.Failed(ConnectionLook.Connection, name, $"{engine.Address} speaks TLS, and the lab file says plain HTTP", $"Write hosts.{engine.Host}.docker as a mapping with url and tls.")];
        }

        var reached = LabCheck.Ok(ConnectionLook.Connection, name, string.Create(
            CultureInfo.InvariantCulture,
            $"{engine.Address}: engine {Said(version.Version)}, API {Said(version.ApiVersion)}, {Said(version.Os)}/{Said(version.Arch)}, answered in {latency.TotalMilliseconds:0} ms"));
        return [reached, await RightsAsync(engine, name, cancellationToken).ConfigureAwait(false)];
    }

    private static async Task<LabCheck> RightsAsync(DockerClient engine, string name, CancellationToken cancellationToken)
    {
        string seen;
        try
        {
            var containers = await engine.Containers.ListAsync(cancellationToken).ConfigureAwait(false);
            seen = string.Create(CultureInfo.InvariantCulture, $"{containers.Count} containers can be seen");
        }
        catch (HomelabException e)
        {
            return LabCheck.Failed(ConnectionLook.Rights, name, e, "Let us list containers there; a socket proxy wants CONTAINERS=1 for it.");
        }

        try
        {
            var info = await engine.System.InfoAsync(cancellationToken).ConfigureAwait(false);
            var rootless = info.SecurityOptions?.Any(static o => o is not null && o.Split(',').Contains("name=rootless", StringComparer.Ordinal)) ?? false;
            return LabCheck.Ok(ConnectionLook.Rights, name, $"{seen}; the engine runs {(rootless ? "rootless" : "as root")}");
        }
        catch (HomelabException e)
        {
            return LabCheck.Warning(ConnectionLook.Rights, name, $"{seen}, but nothing is told of the engine itself: {e.What}", "Let us read GET /info there; a socket proxy wants INFO=1 for it.");
        }
    }

    private static string Said(string? text) => text is null ? "?" : ForeignText.Clean(text, 40);
}
