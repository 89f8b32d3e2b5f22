namespace Homelab;

/// <summary>A machine of the tailnet, as our own Tailscale knows it.</summary>
/// <remarks><c>tailscale status --json</c>.</remarks>
public sealed record TailscalePeer
{
    /// <summary>Its name in the tailnet: the first part of <see cref="DnsName"/>; what the machine calls itself where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>Its whole name in MagicDNS, without the last dot; empty where it has none.</summary>
    public string DnsName { get; init; } = "";

    /// <summary>Its addresses in the tailnet.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Its operating system: <c>linux</c>, <c>windows</c>, <c>macOS</c>, <c>iOS</c>, <c>android</c>.</summary>
    public string Os { get; init; } = "";

    /// <summary>True when the coordination server sees it now.</summary>
    public required bool Online { get; init; }

    /// <summary>When it was seen last; null while it is online, and when it never was.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>True for this machine.</summary>
    public bool IsSelf { get; init; }

    /// <summary>True when our traffic to the internet goes through it.</summary>
    public bool ExitNode { get; init; }

    /// <summary>True when it offers that.</summary>
    public bool ExitNodeOption { get; init; }

    /// <summary>Its tags: <c>tag:server</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The login name of its owner; empty when it is not told.</summary>
    public string User { get; init; } = "";

    /// <summary>True when something was sent to or from it lately.</summary>
    public bool Active { get; init; }

    /// <summary>The address by which it is reached directly; empty when no direct way is known.</summary>
    public string DirectAddress { get; init; } = "";

    /// <summary>The relay by which it is reached while no direct way is known, which is slower: <c>fra</c>. Empty when there is a direct one.</summary>
    public string RelayedVia { get; init; } = "";

    /// <summary>Bytes received from it since Tailscale started.</summary>
    public long ReceivedBytes { get; init; }

    /// <summary>Bytes sent to it since Tailscale started.</summary>
    public long SentBytes { get; init; }

    /// <summary>When its key expires and it has to log in anew; null when it does not.</summary>
    public DateTimeOffset? KeyExpiry { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
