namespace Homelab;

/// <summary>An alarm as a Netdata agent has it right now.</summary>
public sealed record NetdataAlarm
{
    /// <summary>The alarm's name.</summary>
    public required string Name { get; init; }

    /// <summary>The chart it watches.</summary>
    public required string Chart { get; init; }

    /// <summary>What it says.</summary>
    public required NetdataStatus Status { get; init; }

    /// <summary>The value, with its unit.</summary>
    public string Value { get; init; } = "";

    /// <summary>What it is about, one sentence.</summary>
    public string Info { get; init; } = "";

    /// <summary>The machine it is about.</summary>
    public string Host { get; init; } = "";

    /// <summary>The family of its chart: the disk, the network interface, the container.</summary>
    public string Family { get; init; } = "";

    /// <summary>What it watches for, in Netdata's words: <c>Utilization</c>, <c>Errors</c>.</summary>
    public string Class { get; init; } = "";

    /// <summary>Since when it says so.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>True when nobody is told of it.</summary>
    public bool IsSilenced { get; init; }
}

/// <summary>What an alarm of Netdata says.</summary>
public enum NetdataStatus
{
    /// <summary>It cannot be told: not yet measured, or the alarm was removed.</summary>
    Unknown,

    /// <summary>All is well.</summary>
    Clear,

    /// <summary>Somebody should look.</summary>
    Warning,

    /// <summary>Somebody must act.</summary>
    Critical,
}
