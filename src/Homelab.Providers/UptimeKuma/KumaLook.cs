using System.Globalization;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Looks whether Uptime Kuma can be reached, takes our key, and has the monitors that the lab file names.</summary>
/// <remarks><c>GET /metrics</c>, once.</remarks>
internal static class KumaLook
{
    private const string Monitor = "monitor";

    internal static ConnectionLook At(SharedReading monitors, LabDefinition lab, TimeProvider time) =>
        new(KumaNames.Provider, "Look at providers.kuma in the lab file.", cancellationToken => LookAsync(monitors, lab, time, cancellationToken));

    /// <summary>Looks whether the user may log in.</summary>
    internal static ConnectionLook At(KumaLink link) => new(KumaNames.Provider + " login", "Look at providers.kuma.user and password in the lab file.", async cancellationToken =>
    {
        try
        {
            var monitors = await link.ReadMonitorsAsync(cancellationToken).ConfigureAwait(false);
            return [LabCheck.Ok(ConnectionLook.Rights, KumaNames.Provider, string.Create(CultureInfo.InvariantCulture, $"the user is logged in, and {monitors.Count} monitors can be paused"))];
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            return [LabCheck.Failed(ConnectionLook.Rights, KumaNames.Provider, e, "Look at providers.kuma.user and password in the lab file.")];
        }
    });

    private static async Task<IReadOnlyList<LabCheck>> LookAsync(SharedReading reading, LabDefinition lab, TimeProvider time, CancellationToken cancellationToken)
    {
        IReadOnlyList<MonitorReading> monitors;
        var began = time.GetTimestamp();
        try
        {
            monitors = await reading.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "KumaKeyRefused")
        {
            return [LabCheck.Ok(ConnectionLook.Connection, KumaNames.Provider, "it answers"), LabCheck.Failed(ConnectionLook.Rights, KumaNames.Provider, e, "Make an API key there: Settings, API Keys.")];
        }

        var took = string.Create(CultureInfo.InvariantCulture, $"{time.GetElapsedTime(began).TotalMilliseconds:0} ms");
        return
        [
            LabCheck.Ok(ConnectionLook.Connection, KumaNames.Provider, $"answered in {took}"),
            LabCheck.Ok(ConnectionLook.Rights, KumaNames.Provider, string.Create(CultureInfo.InvariantCulture, $"{monitors.Count} monitors can be seen")),
            .. lab.Services.Where(static s => s.Value.Monitor is not null).Select(s => Named(s.Key, s.Value.Monitor!, monitors)),
        ];
    }

    private static LabCheck Named(string service, string monitor, IReadOnlyList<MonitorReading> monitors) =>
        monitors.FirstOrDefault(m => string.Equals(m.Name, monitor, StringComparison.OrdinalIgnoreCase)) is { } found
            ? LabCheck.Ok(Monitor, service, $"'{found.Name}' is {found.Status.ToString().ToLowerInvariant()}")
            : LabCheck.Warning(
                Monitor,
                service,
                $"Uptime Kuma has no running monitor '{ForeignText.Clean(monitor, 100)}'",
                $"{NearestName.Hint(monitor, [.. monitors.Select(static m => m.Name)])} Set services.{service}.monitor; a paused monitor, or one not yet checked, is not listed.");
}
