namespace Homelab.Providers.Network;

/// <summary>A TLS server to look at.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="ServerName">The name to ask for, when that is not its host.</param>
/// <param name="Trust">How it is verified; by the system's authorities when null.</param>
/// <param name="Services">The services of the lab that are checked there.</param>
internal sealed record TlsTarget(HostPort Address, string? ServerName, TlsDefinition? Trust, IReadOnlyList<string> Services)
{
    internal const int TlsPort = 443;

    /// <summary>Every server that the lab's checks ask by https or tls, each once for all the services that are checked there alike.</summary>
    internal static IReadOnlyList<TlsTarget> All(LabDefinition lab) =>
    [
        .. lab.Services
            .SelectMany(static s => Of(s.Key, s.Value.Check))
            .GroupBy(static t => (t.Address, t.Trust))
            .Select(static g => new TlsTarget(g.Key.Address, null, g.Key.Trust, [.. g.SelectMany(static t => t.Services).Distinct(StringComparer.Ordinal)])),
    ];

    // A wrong address is told by the service's own check.
    private static IEnumerable<TlsTarget> Of(string service, CheckDefinition? check)
    {
        if (check?.Http is { IsAbsoluteUri: true, Scheme: "https" } http) yield return new TlsTarget(new HostPort(http.DnsSafeHost, http.Port), null, check.Trust, [service]);
        if (check?.Tls is { } tls && HostPort.TryParse(tls, TlsPort, out var address)) yield return new TlsTarget(address, null, check.Trust, [service]);
    }
}
