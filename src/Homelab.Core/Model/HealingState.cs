namespace Homelab;

/// <summary>Whether healing may act.</summary>
public sealed record HealingState
{
    /// <summary>The lab.</summary>
    public required string Lab { get; init; }

    /// <summary>True while the big red switch is pulled.</summary>
    public required bool IsSuspended { get; init; }

    /// <summary>Who pulled it; empty when nobody did.</summary>
    public string By { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Since when.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When it ends by itself; null when somebody must end it.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many incidents are open, and wait while it is suspended.</summary>
    public int OpenIncidents { get; init; }

    /// <inheritdoc/>
    public override string ToString() => IsSuspended ? $"suspended by {By}" : "on";
}
