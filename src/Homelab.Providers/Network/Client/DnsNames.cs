namespace Homelab.Providers.Network;

/// <summary>The names by which the lab's name server is seen to work, as <c>providers.network.dns</c> gives them.</summary>
internal sealed class DnsNames(DnsSettings? settings)
{
    internal const string External = "external";
    internal const string Internal = "internal";

    /// <summary>The server of the lab; null where the lab file names none.</summary>
    internal string? Server => settings?.Server;

    /// <summary>The names, with the scope that each is of.</summary>
    /// <param name="external">True for those of the world outside.</param>
    /// <param name="inside">True for those of the lab.</param>
    internal IReadOnlyList<(string Name, string Scope)> Of(bool external, bool inside) =>
    [
        .. external ? (settings?.External ?? []).Select(static n => (n, External)) : [],
        .. inside ? (settings?.Internal ?? []).Select(static n => (n, Internal)) : [],
    ];
}
