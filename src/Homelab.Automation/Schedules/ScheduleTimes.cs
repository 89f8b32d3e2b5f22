using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Homelab.Automation.Schedules;

/// <summary>The moments of one runbook's schedule.</summary>
internal sealed class ScheduleTimes
{
    private readonly CronExpression? _cron;
    private readonly TimeSpan _every;
    private readonly TimeSpan _jitter;

    internal ScheduleTimes(Runbook runbook)
    {
        Runbook = runbook;
        var schedule = runbook.Trigger!.Schedule!;
        Service = schedule.Service;
        Expression = schedule.ToString();
        Zone = schedule.TimeZone is { } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone) : schedule.Cron is null ? TimeZoneInfo.Utc : TimeZoneInfo.Local;
        _cron = schedule.Cron is { } cron ? CronExpression.Parse(cron) : null;
        _every = schedule.Every ?? TimeSpan.Zero;
        _jitter = schedule.Jitter;
        Misfire = schedule.Misfire;
    }

    internal Runbook Runbook { get; }

    internal string? Service { get; }

    internal string Expression { get; }

    internal TimeZoneInfo Zone { get; }

    internal MisfirePolicy Misfire { get; }

    /// <summary>What tells one schedule from what it was before somebody edited it.</summary>
    internal string Mark => $"{Expression} {Zone.Id}";

    /// <summary>The first moment after another one; null when there is none.</summary>
    internal DateTimeOffset? Next(DateTimeOffset after)
    {
        if (_cron is not null) return _cron.Next(after, Zone);
        var since = after.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        return DateTimeOffset.UnixEpoch.AddTicks(((since / _every.Ticks) + 1) * _every.Ticks);
    }

    /// <summary>When a moment is fired: it is put off by a share of the jitter that only it and the runbook decide, so that every process means the same time.</summary>
    internal DateTimeOffset FiresAt(DateTimeOffset moment)
    {
        if (_jitter <= TimeSpan.Zero) return moment;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Runbook.Name} {moment.UtcTicks}")));
        return moment + (_jitter * (BitConverter.ToUInt32(hash) / (uint.MaxValue + 1.0)));
    }
}
