using System.Globalization;

namespace Homelab.Automation.Healing;

/// <summary>
/// Remembers what is needed to tell that an alert came late, and that a service comes and goes. In memory: what an earlier process knew is read at the start,
/// and whoever does not remember takes an alert for what it says, which is looked at before anything is done.
/// </summary>
internal sealed class AlertWatch(FlappingDefinition flapping, TimeProvider time)
{
    // Enough to know how far a source's clock is behind ours: the quickest of so many came nearly at once.
    private const int MostLags = 200;

    // What a clock is corrected by in passing is less, and matters to none of what is told from it.
    private static readonly TimeSpan s_jump = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Queue<TimeSpan>> _lags = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _recoveries = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Service, string Source), Moments> _moments = [];
    private readonly Dictionary<string, List<(DateTimeOffset At, AlertStatus Status)>> _changes = new(StringComparer.Ordinal);

    private (DateTimeOffset Shown, long Measured) _last = (time.GetUtcNow(), time.GetTimestamp());

    internal FlappingDefinition Flapping => flapping;

    /// <summary>Why an alert sets nothing off: it tells of what is over. Null when it does not.</summary>
    internal string? NoteOf(Alert alert, string service, DateTimeOffset receivedAt)
    {
        lock (_lock)
        {
            ForgetIfClockWasSet();
            var moments = _moments.GetValueOrDefault((service, alert.Source));
            if (alert.Status == AlertStatus.Up && alert.At < moments?.DownAt) return Late($"{alert.Source} reported it down again at {Time(moments.DownAt)}");
            if (alert.Status != AlertStatus.Down || !_recoveries.TryGetValue(service, out var backAt)) return null;
            // By the source's own clock, whatever that shows.
            if (alert.At < moments?.UpAt && moments.UpAt <= backAt + Lead(alert.Source)) return Late($"{alert.Source} reported it up at {Time(moments.UpAt)}, and it was proved to be back at {Time(backAt)}");
            return alert.At + Lag(alert, receivedAt) < backAt ? Late($"it was proved to be back at {Time(backAt)}") : null;
        }

        string Late(string why) => $"it came late: what it tells of was at {Time(alert.At)}, and {why}";
    }

    /// <summary>Takes an alert into account.</summary>
    internal void Add(AlertRecord record)
    {
        if (record is not { Service: { } service, Alert: { Source: not HealingEngine.OurSource, Status: AlertStatus.Down or AlertStatus.Up } alert }) return;
        lock (_lock)
        {
            ForgetIfClockWasSet();
            if (!_lags.TryGetValue(alert.Source, out var lags)) _lags[alert.Source] = lags = new Queue<TimeSpan>();
            lags.Enqueue(record.ReceivedAt - alert.At);
            if (lags.Count > MostLags) lags.Dequeue();
            if (record.Note is not null) return;

            var moments = _moments.GetValueOrDefault((service, alert.Source)) ?? new Moments(default, default);
            _moments[(service, alert.Source)] = alert.Status == AlertStatus.Down
                ? moments with { DownAt = Later(moments.DownAt, alert.At) }
                : moments with { UpAt = Later(moments.UpAt, alert.At) };
            if (!_changes.TryGetValue(service, out var changes)) _changes[service] = changes = [];
            changes.RemoveAll(c => c.At < record.ReceivedAt - flapping.Within);
            if (changes is not [.., var last] || last.Status != alert.Status) changes.Add((record.ReceivedAt, alert.Status));
        }
    }

    /// <summary>Takes into account that a service was proved to be back.</summary>
    internal void AddRecovery(string service, DateTimeOffset at)
    {
        lock (_lock)
        {
            ForgetIfClockWasSet();
            _recoveries[service] = Later(_recoveries.GetValueOrDefault(service), at);
        }
    }

    /// <summary>How often a service went from well to not well, or back, lately.</summary>
    internal int ChangesOf(string service, DateTimeOffset now)
    {
        lock (_lock) return _changes.TryGetValue(service, out var changes) ? changes.Count(c => c.At >= now - flapping.Within) : 0;
    }

    /// <summary>True when it comes and goes.</summary>
    internal bool IsFlapping(string service, DateTimeOffset now) => ChangesOf(service, now) > flapping.Changes;

    /// <summary>When a service was last reported down.</summary>
    internal DateTimeOffset? LastDownOf(string service)
    {
        lock (_lock) return _changes.TryGetValue(service, out var changes) && changes.FindLast(c => c.Status == AlertStatus.Down) is { At: var at } && at != default ? at : null;
    }

    // Moments of before cannot be compared with those of now: what is true would be taken for late, for as long as the clock was set by.
    private void ForgetIfClockWasSet()
    {
        var (shown, measured) = (time.GetUtcNow(), time.GetTimestamp());
        var setBy = shown - _last.Shown - time.GetElapsedTime(_last.Measured, measured);
        _last = (shown, measured);
        if (setBy.Duration() < s_jump) return;
        _lags.Clear();
        _recoveries.Clear();
        _moments.Clear();
        _changes.Clear();
    }

    private TimeSpan Lag(Alert alert, DateTimeOffset receivedAt) =>
        _lags.TryGetValue(alert.Source, out var lags) ? lags.Append(receivedAt - alert.At).Min() : receivedAt - alert.At;

    // How far a source's clock may be ahead of ours.
    private TimeSpan Lead(string source) => _lags.TryGetValue(source, out var lags) && lags.Min() is { Ticks: < 0 } ahead ? -ahead : TimeSpan.Zero;

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static string Time(DateTimeOffset at) => at.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    private sealed record Moments(DateTimeOffset DownAt, DateTimeOffset UpAt);
}
