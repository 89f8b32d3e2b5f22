namespace Homelab;

/// <summary>Whether a key still opens a door.</summary>
public enum KeyState
{
    /// <summary>It does.</summary>
    Valid,

    /// <summary>Its time is over.</summary>
    Expired,

    /// <summary>It was taken back.</summary>
    Revoked,
}

/// <summary>A bearer key as people see it: whom it was given to and what it may. The key itself is in no record.</summary>
public sealed record AccessKey : IMayWarn
{
    /// <summary>Whom it was given to: its calls are those of <c>mcp:&lt;name&gt;</c> and <c>rest:&lt;name&gt;</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it still opens a door.</summary>
    public required KeyState State { get; init; }

    /// <summary>The most it may do.</summary>
    public required Level Level { get; init; }

    /// <summary>The operations it is for; empty for all.</summary>
    public IReadOnlyList<string> Operations { get; init; } = [];

    /// <summary>The most requests in a minute; 0 for no limit of its own.</summary>
    public int PerMinute { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it ends by itself; null when it does not.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it was taken back; null where it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was last used, to the minute; null before.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The file in which the key is; told by whoever made it, and known to nobody later.</summary>
    public string? Path { get; init; }

    /// <inheritdoc/>
    public string? Warning { get; init; }

    /// <summary>A key of the store.</summary>
    public static AccessKey Of(ApiKey key, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new AccessKey
        {
            Name = key.Name,
            // One that made room for its successor was over already: then both are the same moment.
            State = key.RevokedAt is { } end && end != key.ExpiresAt ? KeyState.Revoked : key.Holds(now) ? KeyState.Valid : KeyState.Expired,
            Level = key.Level,
            Operations = key.Scope.Patterns,
            PerMinute = key.PerMinute,
            CreatedAt = key.CreatedAt,
            CreatedBy = key.CreatedBy,
            ExpiresAt = key.ExpiresAt,
            RevokedAt = key.RevokedAt,
            UsedAt = key.UsedAt,
        };
    }
}
