using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Looks whether each node that the lab file names can be reached, and whether the credential has fitting rights.</summary>
/// <remarks><c>GET /version</c> of each node, <c>/cluster/status</c> where it may be read, and what <see cref="TokenReader"/> reads.</remarks>
internal static class ProxmoxLook
{
    private const int ShownLength = 60;

    /// <summary>One look for each node that is named. The rights are those of the cluster, and told with the first.</summary>
    internal static IEnumerable<ConnectionLook> Of(ProxmoxSettings settings, ProviderContext context)
    {
        yield return At(settings with { Failover = [] }, "providers.proxmox.url", context, isFirst: true);
        for (var i = 0; i < settings.Failover.Count; i++)
        {
            var node = settings.Failover[i];
            // Each by itself: together the others would answer for one that is down.
            var alone = settings with { Url = node.Url, Tls = node.Tls ?? settings.Tls, Failover = [] };
            yield return At(alone, string.Create(CultureInfo.InvariantCulture, $"providers.proxmox.failover[{i}]"), context, isFirst: false);
        }
    }

    private static ConnectionLook At(ProxmoxSettings settings, string setting, ProviderContext context, bool isFirst)
    {
        var name = $"proxmox@{ProxmoxAddress.Show(settings.Url)}";
        return new ConnectionLook(name, $"Look what listens at {setting}.", async cancellationToken =>
        {
            using var wire = new ProxmoxWire(settings, context);
            var began = context.Time.GetTimestamp();
            var version = await wire.GetAsync($"/version", ProxmoxJson.Default.VersionWire, cancellationToken).ConfigureAwait(false);
            var latency = context.Time.GetElapsedTime(began);
            var node = await ReadNodeAsync(wire, cancellationToken).ConfigureAwait(false);
            var reached = LabCheck.Ok(ConnectionLook.Connection, name, string.Create(
                CultureInfo.InvariantCulture,
                $"{(node is null ? "a node" : $"node {node}")} answered in {latency.TotalMilliseconds:0} ms: Proxmox VE {ForeignText.Clean(version.Version ?? "?", ShownLength)}, as {ForeignText.Clean(wire.User ?? "?", ShownLength)}"));
            return isFirst ? [reached, await RightsAsync(wire, name, context.Lab.Access.Interactive, cancellationToken).ConfigureAwait(false)] : [reached];
        });
    }

    private static async Task<string?> ReadNodeAsync(ProxmoxWire wire, CancellationToken cancellationToken)
    {
        try
        {
            var entries = await wire.GetAsync($"/cluster/status", ProxmoxJson.Default.ClusterEntryWireArray, cancellationToken).ConfigureAwait(false);
            return entries.FirstOrDefault(static e => e is { Type: "node", Local: true })?.Name is { } name ? ForeignText.Clean(name, ShownLength) : null;
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Denied)
        {
            // Which node it was is worth a word, not a right.
            return null;
        }
    }

    private static async Task<LabCheck> RightsAsync(ProxmoxWire wire, string name, Level level, CancellationToken cancellationToken)
    {
        IReadOnlyList<TokenFinding> findings;
        try
        {
            findings = await new TokenReader(wire).ReadAsync(level == Level.None ? Level.Monitor : level, exec: false, update: false, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            return LabCheck.Failed(ConnectionLook.Rights, name, e, "Test-HlProxmoxToken shows what may be done.");
        }

        var fine = findings.Count(static f => f.Status == TokenStatus.Ok);
        // A token may be meant for less than the lab file allows, but not for less than to look.
        var wrong = findings.Where(static f => f.Status == TokenStatus.Surplus || f is { Status: TokenStatus.Missing, Level: TokenLevel.Monitor } or { Status: TokenStatus.Warning, Level: null }).ToArray();
        var seen = string.Create(CultureInfo.InvariantCulture, $"{fine} of {fine + findings.Count(static f => f.Status == TokenStatus.Missing)} rights that level {HomelabNames.Of(level)} needs");
        if (wrong.Length == 0) return LabCheck.Ok(ConnectionLook.Rights, name, seen);
        var said = wrong.Select(static f => f switch
        {
            { Status: TokenStatus.Missing } => $"{f.Privilege} is missing on {f.Path}",
            { Status: TokenStatus.Surplus } => $"{f.Privilege} is too much",
            _ => f.Detail,
        });
        return LabCheck.Warning(ConnectionLook.Rights, name, $"{seen}; {string.Join("; ", said)}", $"Test-HlProxmoxToken -Level {level} tells all of it, and New-HlProxmoxTokenScript -Level {level} writes the lines of a token that fits.");
    }
}
