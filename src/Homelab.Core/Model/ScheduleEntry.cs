namespace Homelab;

/// <summary>A runbook that the clock sets off.</summary>
public sealed record ScheduleEntry
{
    /// <summary>The runbook.</summary>
    public required string Runbook { get; init; }

    /// <summary>When, as its file says: <c>0 3 * * *</c>, or <c>every 30m</c>.</summary>
    public required string Expression { get; init; }

    /// <summary>The time zone in which a cron expression is read.</summary>
    public required string TimeZone { get; init; }

    /// <summary>By how much each moment may be put off.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>What becomes of moments that went by while nobody kept the schedule.</summary>
    public MisfirePolicy Misfire { get; init; }

    /// <summary>The service it runs for; null for none.</summary>
    public string? Service { get; init; }

    /// <summary>When it comes next; null when it never does.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>The last moment at which it was set off; null when it never was.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>Where the last run that the clock set off stands; null when there was none.</summary>
    public RunStatus? LastStatus { get; init; }
}
