namespace Homelab;

/// <summary>One look of a monitor, as its system has kept it.</summary>
public sealed record MonitorBeat
{
    /// <summary>The monitor's name.</summary>
    public required string Monitor { get; init; }

    /// <summary>When it looked, by its system's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it saw.</summary>
    public required MonitorStatus Status { get; init; }

    /// <summary>The same in its words. Foreign text: never trusted, never executed.</summary>
    public string Message { get; init; } = "";

    /// <summary>How long the answer took, where that is measured.</summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>True when it was another than the look before.</summary>
    public bool IsChange { get; init; }
}
