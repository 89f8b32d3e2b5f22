namespace Homelab;

/// <summary>Whether a monitor watches, as it was seen after it was to be paused or resumed.</summary>
public sealed record MonitorActivity
{
    /// <summary>The monitor's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its id in its system.</summary>
    public required string Id { get; init; }

    /// <summary>What it watches with: <c>http</c>, <c>port</c>, <c>push</c>, …</summary>
    public string Type { get; init; } = "";

    /// <summary>False while it is paused: it does not look, and alerts nobody.</summary>
    public required bool Active { get; init; }

    /// <summary>False when it was as wished before, and nothing was done.</summary>
    public required bool Changed { get; init; }
}
