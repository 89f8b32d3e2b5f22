namespace Homelab;

/// <summary>A service of a firewall.</summary>
/// <remarks>OPNsense API: <c>GET core/service/search</c>.</remarks>
public sealed record FirewallService
{
    /// <summary>What it is named by: <c>unbound</c>, or <c>openvpn/1</c> where there are several of one kind.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for. Foreign text: never trusted, never executed.</summary>
    public string Description { get; init; } = "";

    /// <summary>True when the firewall says that it runs.</summary>
    public required bool Running { get; init; }

    /// <summary>True when the firewall does not let people stop it, or has no way to tell whether it runs.</summary>
    public bool Locked { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
