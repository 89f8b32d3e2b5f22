namespace Homelab;

/// <summary>A bearer key that was given to a program: what it may, and until when. The key itself is shown once, when it is made, and kept nowhere.</summary>
public sealed record ApiKey
{
    /// <summary>The prefix of every key.</summary>
    public const string Prefix = "hlk_";

    /// <summary>Whom it was given to: the identity of its calls, <c>mcp:claude</c> or <c>rest:claude</c> by the door it is shown at.</summary>
    public required string Name { get; init; }

    /// <summary>The most it may do. <c>access:</c> of the lab file limits it further.</summary>
    public required Level Level { get; init; }

    /// <summary>The operations it is for.</summary>
    public OperationScope Scope { get; init; } = OperationScope.All;

    /// <summary>The most requests in a minute; 0 for no limit of its own.</summary>
    public int PerMinute { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it ends by itself; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was taken back; null while it holds.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was last shown at a door, to the minute; null before.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>What is kept of the key: <see cref="CredentialSecret.HashOf"/>.</summary>
    public required string Hash { get; init; }

    /// <summary>True while it opens a door.</summary>
    public bool Holds(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is not { } end || now < end);
}
