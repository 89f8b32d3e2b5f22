using System.Globalization;

namespace Homelab.Providers.TrueNas;

/// <summary>Looks whether TrueNAS can be reached, takes our key, and shows its pools and datasets.</summary>
/// <remarks><c>system.info</c>, <c>pool.query</c> and <c>pool.dataset.query</c>, once each.</remarks>
internal static class TrueNasLook
{
    private const string Hint = "Give the API key's user a role that may read them: Credentials, Groups, Privileges.";

    internal static ConnectionLook At(TrueNasClient client) => new(TrueNasNames.Provider, "Look at providers.truenas in the lab file.", async cancellationToken =>
    {
        NasStatus status;
        try
        {
            status = await client.ReadStatusAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            return [LabCheck.Ok(ConnectionLook.Connection, TrueNasNames.Provider, "it answers"), LabCheck.Failed(ConnectionLook.Rights, TrueNasNames.Provider, e, "Look at providers.truenas in the lab file.")];
        }

        var reached = status.Warning is { } warning
            ? LabCheck.Warning(ConnectionLook.Connection, TrueNasNames.Provider, $"{status.Name} answers as {status.Version}. {warning}", "Update TrueNAS.")
            : LabCheck.Ok(ConnectionLook.Connection, TrueNasNames.Provider, $"{status.Name} answers as {status.Version}");
        try
        {
            var datasets = await client.ListDatasetsAsync(cancellationToken).ConfigureAwait(false);
            return [reached, LabCheck.Ok(ConnectionLook.Rights, TrueNasNames.Provider, string.Create(CultureInfo.InvariantCulture, $"{status.Pools.Count} pools and {datasets.Count} datasets can be seen"))];
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            return [reached, LabCheck.Failed(ConnectionLook.Rights, TrueNasNames.Provider, e, Hint)];
        }
    });
}
