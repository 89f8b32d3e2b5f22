namespace Homelab.Automation.Schedules;

/// <summary>The moments of one runbook's schedule.</summary>
internal sealed class ScheduleTimes
{
    private readonly CronExpression? _cron;
    private readonly TimeSpan _every;

    internal ScheduleTimes(Runbook runbook)
    {
        Runbook = runbook;
        var schedule = runbook.Trigger!.Schedule!;
        Service = schedule.Service;
        Expression = schedule.ToString();
        Zone = schedule.TimeZone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : schedule.Cron is null ? TimeZoneInfo.Utc : TimeZoneInfo.Local;
        _cron = schedule.Cron is { } cron ? CronExpression.Parse(cron) : null;
        _every = schedule.Every ?? TimeSpan.Zero;
    }

    internal Runbook Runbook { get; }

    internal string? Service { get; }

    internal string Expression { get; }

    internal TimeZoneInfo Zone { get; }

    /// <summary>What tells one schedule from what it was before somebody edited it.</summary>
    internal string Mark => $"{Expression} {Zone.Id}";

    /// <summary>The first moment after another one; null when there is none.</summary>
    internal DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_cron is not null) return _cron.Next(after, Zone);
        var since = after.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return DateTimeOffset.UnixEpoch.AddTicks(((since / _every.Ticks) + 1) * _every.Ticks);
    }
}
