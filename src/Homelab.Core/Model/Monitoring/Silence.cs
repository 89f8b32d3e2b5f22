namespace Homelab;

/// <summary>A time in which alerts that match are told to nobody.</summary>
public sealed record Silence
{
    /// <summary>Its id in its system.</summary>
    public required string Id { get; init; }

    /// <summary>Whether it holds now.</summary>
    public required SilenceState State { get; init; }

    /// <summary>Which alerts it holds for: all of these must match. <c>service="gitea"</c>.</summary>
    public required IReadOnlyList<string> Matchers { get; init; }

    /// <summary>From when.</summary>
    public required DateTimeOffset StartsAt { get; init; }

    /// <summary>Until when; it ends by itself.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Who made it. Foreign text: never trusted, never executed.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>Why. Foreign text: never trusted, never executed.</summary>
    public string Comment { get; init; } = "";
}

/// <summary>Whether a silence holds.</summary>
public enum SilenceState
{
    /// <summary>It answered something we do not know.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    Active,

    /// <summary>Its time has not come.</summary>
    Pending,

    /// <summary>It is over.</summary>
    Expired,
}
