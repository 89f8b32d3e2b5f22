namespace Homelab.Providers.Alertmanager;

/// <summary>Looks whether Alertmanager can be reached and lets us in.</summary>
/// <remarks><c>GET /api/v2/status</c>, once.</remarks>
internal static class AlertmanagerLook
{
    internal static ConnectionLook At(AlertmanagerClient client) => new(AlertmanagerNames.Provider, "Look at providers.alertmanager in the lab file.", async cancellationToken =>
    {
        try
        {
            var version = await client.ReadVersionAsync(cancellationToken).ConfigureAwait(false);
            return [LabCheck.Ok(ConnectionLook.Connection, AlertmanagerNames.Provider, $"it answers as {version}")];
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            return [LabCheck.Ok(ConnectionLook.Connection, AlertmanagerNames.Provider, "it answers"), LabCheck.Failed(ConnectionLook.Rights, AlertmanagerNames.Provider, e, "Set providers.alertmanager.token, or user and password.")];
        }
    });
}
