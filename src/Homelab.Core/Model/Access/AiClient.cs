namespace Homelab;

/// <summary>An OAuth client by which AI clients come in over HTTP, and what it was given.</summary>
public sealed record AiClient : IMayWarn
{
    /// <summary>Its id: its calls are those of <c>mcp:&lt;id&gt;</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it calls itself, where it registered itself: a claim.</summary>
    public string? ClaimedName { get; init; }

    /// <summary>True when it registered itself; false when it is in the lab file.</summary>
    public required bool IsRegistered { get; init; }

    /// <summary>True when it has a secret; false for a public client.</summary>
    public required bool HasSecret { get; init; }

    /// <summary>The most it may do.</summary>
    public required Level Level { get; init; }

    /// <summary>The operations it is for; empty for all.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>Where browsers may be sent back to.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>How many access and refresh tokens of it hold.</summary>
    public int Tokens { get; init; }

    /// <summary>When it was last given one that still holds; null where none does.</summary>
    public DateTimeOffset? LastTokenAt { get; init; }

    /// <inheritdoc/>
    public string? Warning { get; init; }
}
