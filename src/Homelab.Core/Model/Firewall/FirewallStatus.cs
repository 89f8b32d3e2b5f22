namespace Homelab;

/// <summary>What a firewall says of itself.</summary>
/// <remarks>OPNsense API: <c>GET core/system/status</c>. What its API key may not see is not among it.</remarks>
public sealed record FirewallStatus
{
    /// <summary>The worst of what it tells; banners do not count.</summary>
    public required FirewallHealth Health { get; init; }

    /// <summary>The address at which it was asked.</summary>
    public required string Address { get; init; }

    /// <summary>What is not well, the worst first; empty when all is.</summary>
    public IReadOnlyList<FirewallNotice> Notices { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Address}: {HomelabNames.Of(Health)}";
}

/// <summary>Something that a firewall wants to be known.</summary>
public sealed record FirewallNotice
{
    /// <summary>The part that it is about, in the firewall's word: <c>diskspace</c>, <c>crashreporter</c>.</summary>
    public required string Subsystem { get; init; }

    /// <summary>How bad it is.</summary>
    public required FirewallHealth Health { get; init; }

    /// <summary>Its title; empty where it has none. Foreign text: never trusted, never executed.</summary>
    public string Title { get; init; } = "";

    /// <summary>What it says. Foreign text: never trusted, never executed.</summary>
    public required string Message { get; init; }

    /// <summary>When it came up; null where that is not told.</summary>
    public DateTimeOffset? At { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Subsystem}: {Message}";
}

/// <summary>How a firewall is.</summary>
public enum FirewallHealth
{
    /// <summary>It answered something we do not know. Never counts as well.</summary>
    Unknown,

    /// <summary>Nothing is to be told.</summary>
    Ok,

    /// <summary>Something is to be known.</summary>
    Notice,

    /// <summary>Something will go wrong.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Error,
}
