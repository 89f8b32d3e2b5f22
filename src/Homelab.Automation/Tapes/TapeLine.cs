namespace Homelab.Automation.Tapes;

/// <summary>An alert as a tape holds it.</summary>
public sealed record TapeLine
{
    /// <summary>When it was taken in.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The hook by which it came.</summary>
    public string Hook { get; init; } = "";

    /// <summary>Who sent it.</summary>
    public string Source { get; init; } = "";

    /// <summary>What it says.</summary>
    public required Alert Alert { get; init; }
}
