using System.Globalization;

namespace Homelab.Providers.OpnSense;

/// <summary>Looks whether OPNsense can be reached, takes our key, and lets it see what is needed.</summary>
/// <remarks><c>GET core/system/status</c>, <c>GET core/service/search</c> and <c>GET diagnostics/activity/getActivity</c>, once each.</remarks>
internal static class OpnSenseLook
{
    private const string Hint = "Give the API key's user that privilege there: System, Access, Users.";

    internal static ConnectionLook At(OpnSenseClient client) => new(OpnSenseNames.Provider, "Look at providers.opnsense in the lab file.", async cancellationToken =>
    {
        var checks = new List<LabCheck>();
        try
        {
            var status = await client.ReadStatusAsync(cancellationToken).ConfigureAwait(false);
            checks.Add(LabCheck.Ok(ConnectionLook.Connection, OpnSenseNames.Provider, $"it answers, and says that it is {HomelabNames.Of(status.Health)}"));
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            checks.Add(LabCheck.Ok(ConnectionLook.Connection, OpnSenseNames.Provider, "it answers"));
            checks.Add(LabCheck.Failed(ConnectionLook.Rights, OpnSenseNames.Provider, e, Hint));
            // A key that is not taken at all is not tried again.
            if (e.Id != OpnSenseNames.Prefix + "RightsMissing") return checks;
        }

        checks.AddRange(await RightsAsync(client, cancellationToken).ConfigureAwait(false));
        if (client.Address.Scheme == Uri.UriSchemeHttp && !client.Address.IsLoopback)
        {
            checks.Add(LabCheck.Warning(ConnectionLook.Connection, OpnSenseNames.Provider, "its API key goes over the network for all to read: the address is plain http", "Set providers.opnsense.url to https://…, and tls.sha256 where its certificate is its own."));
        }

        return checks;
    });

    private static async Task<IReadOnlyList<LabCheck>> RightsAsync(OpnSenseClient client, CancellationToken cancellationToken)
    {
        try
        {
            var services = await client.ListServicesAsync(cancellationToken).ConfigureAwait(false);
            var seen = LabCheck.Ok(ConnectionLook.Rights, OpnSenseNames.Provider, string.Create(CultureInfo.InvariantCulture, $"{services.Count} services can be seen and restarted"));
            return await client.FindProcessesAsync("configd", cancellationToken).ConfigureAwait(false) is not null
                ? [seen]
                : [seen, LabCheck.Warning(ConnectionLook.Rights, OpnSenseNames.Provider, "its processes cannot be seen, so that no service that runs is restarted, as nothing would prove it: the privilege Diagnostics: System Activity is missing", Hint)];
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            return [LabCheck.Failed(ConnectionLook.Rights, OpnSenseNames.Provider, e, Hint)];
        }
    }
}
