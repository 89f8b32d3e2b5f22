namespace Homelab;

/// <summary>One place on the map of the network: a host under the one it runs on, or a service under its host.</summary>
public sealed record NetworkMapEntry
{
    /// <summary>The host or service as the lab file names it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required NetworkMapKind Kind { get; init; }

    /// <summary>The host it runs on; null at the top.</summary>
    public string? Parent { get; init; }

    /// <summary>How deep it stands: 0 at the top.</summary>
    public required int Depth { get; init; }

    /// <summary>The lines before it in a drawing of the map: <c>│  ├─ </c>; empty at the top.</summary>
    public string Lines { get; init; } = "";

    /// <summary>Where it is reached; empty where the lab file gives no address.</summary>
    public string Address { get; init; } = "";

    /// <summary>What it is for: the role of a host, the tier of a service.</summary>
    public string Role { get; init; } = "";

    /// <summary>Whether it is up: a host by a ping, a service by its checks. Null where it was not asked.</summary>
    public ProbeStatus? Status { get; init; }

    /// <summary>How long its answer took, the slowest of several; null where none came.</summary>
    public TimeSpan? Latency { get; init; }

    /// <summary>Why it is as it is, or why it was not asked. One line, for people.</summary>
    public string Detail { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Lines + Name;
}

/// <summary>What stands on the map of the network.</summary>
public enum NetworkMapKind
{
    /// <summary>A machine, a virtual one too.</summary>
    Host,

    /// <summary>A service.</summary>
    Service,
}
