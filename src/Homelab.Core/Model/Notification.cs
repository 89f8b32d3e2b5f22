namespace Homelab;

/// <summary>A text that was sent to people.</summary>
public sealed record Notification
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What people read.</summary>
    public required string Text { get; init; }

    /// <summary>The channels that have taken it.</summary>
    public required IReadOnlyList<string> SentOn { get; init; }

    /// <summary>The channels that have not taken it yet: it is on disk, and is tried again as long as the program serves.</summary>
    public required IReadOnlyList<string> WaitsFor { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset At { get; init; }
}
