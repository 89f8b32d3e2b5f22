namespace Homelab;

/// <summary>A time in which monitors look, and alert nobody.</summary>
public sealed record MonitorMaintenance
{
    /// <summary>Its id in its system.</summary>
    public required string Id { get; init; }

    /// <summary>What people read of it.</summary>
    public required string Title { get; init; }

    /// <summary>The monitors it holds for, as they were read back.</summary>
    public required IReadOnlyList<string> Monitors { get; init; }

    /// <summary>From when it holds.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>Until when; it ends by itself.</summary>
    public required DateTimeOffset Until { get; init; }
}
