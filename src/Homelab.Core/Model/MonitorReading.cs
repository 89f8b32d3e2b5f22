namespace Homelab;

/// <summary>What a monitoring system says of one monitor right now.</summary>
public sealed record MonitorReading
{
    /// <summary>The monitor's id in its system; empty where the system does not tell it, as Uptime Kuma 1.x.</summary>
    public required string Id { get; init; }

    /// <summary>The monitor's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it watches with: <c>http</c>, <c>port</c>, <c>dns</c>, …</summary>
    public string Type { get; init; } = "";

    /// <summary>Its state.</summary>
    public required MonitorStatus Status { get; init; }

    /// <summary>Last response time, where the monitor measures one.</summary>
    public TimeSpan? ResponseTime { get; init; }

    /// <summary>Days until its certificate expires, where it watches one.</summary>
    public int? CertificateDaysRemaining { get; init; }
}

/// <summary>A monitor's state. The numbers are Uptime Kuma's.</summary>
public enum MonitorStatus
{
    /// <summary>It answered something we do not know. Never counts as up.</summary>
    Unknown = -1,

    /// <summary>Down.</summary>
    Down = 0,

    /// <summary>Up.</summary>
    Up = 1,

    /// <summary>Failing, but not yet often enough to be called down.</summary>
    Pending = 2,

    /// <summary>In a planned maintenance.</summary>
    Maintenance = 3,
}
