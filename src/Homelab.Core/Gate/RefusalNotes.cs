using System.Globalization;

namespace Homelab;

/// <summary>
/// Writes down who was turned away at a door: each attempt is a line of the audit, up to as many as somebody could read. Whoever goes on without a pause is counted from then on, and how often it
/// was is a line whenever it has doubled, and once a minute. So a flood leaves its trace, and no full disk.
/// </summary>
/// <param name="store">Where the audit is.</param>
/// <param name="time">The clock.</param>
public sealed class RefusalNotes(IGateStore store, TimeProvider time)
{
    /// <summary>So many attempts of one caller at one door are a line each, before they are counted.</summary>
    public const int Most = 500;

    // A lab has fewer callers; only our memory must not grow with those that come and go.
    private const int MostSeries = 1_024;

    // Of one who tries ten times in a minute, every attempt stays a line.
    private static readonly TimeSpan s_each = TimeSpan.FromSeconds(6);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Trigger, string Identity, string Door), Series> _series = [];

    /// <summary>After so long without an attempt, a caller begins anew.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Writes the line, or counts it.</summary>
    /// <param name="entry">The attempt; its operation is the door.</param>
    public Task WriteAsync(AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (Count(entry) is not { } note) return Task.CompletedTask;
        var line = note.Length == 0 ? entry : entry with { Result = entry.Result.Length == 0 ? note : $"{entry.Result}; {note}" };
        return store.AppendAuditAsync(line, durable: false, CancellationToken.None);
    }

    private string? Count(AuditEntry entry)
    {
        lock (_lock)
        {
            var key = (entry.Trigger, entry.Identity, entry.Operation);
            if (!_series.TryGetValue(key, out var series))
            {
                if (_series.Count >= MostSeries) _series.Remove(_series.MinBy(static s => s.Value.LastAt).Key);
                _series[key] = series = new Series(time);
            }

            return series.Next();
        }
    }

    private sealed class Series(TimeProvider time)
    {
        private double _left = Most;
        private long _counted;
        private long _nextTold;
        private long _toldAt;
        private DateTimeOffset _since;

        internal long LastAt { get; private set; } = time.GetTimestamp();

        /// <summary>What the line says beside the attempt itself; null when the attempt is only counted.</summary>
        internal string? Next()
        {
            var pause = time.GetElapsedTime(LastAt);
            LastAt = time.GetTimestamp();
            _left = Math.Min(Most, _left + (pause / s_each));
            if (_counted > 0 && pause < Pause) return Further();

            var before = _counted == 0 ? "" : Text($"before it there were {_counted} from {_since:u} on, and not each has a line");
            _counted = 0;
            if (_left < 1) return Begin(before);
            _left--;
            return before;
        }

        private string Begin(string before)
        {
            const string Begun = "from here on they are counted, and not each has a line";
            (_counted, _nextTold, _toldAt, _since) = (1, 2, LastAt, time.GetUtcNow());
            return before.Length == 0 ? Begun : $"{before}; {Begun}";
        }

        private string? Further()
        {
            _counted++;
            if (_counted < _nextTold && time.GetElapsedTime(_toldAt) < Pause) return null;
            (_nextTold, _toldAt) = (_counted * 2, LastAt);
            return Text($"number {_counted} from {_since:u} on, and not each has a line");
        }

        private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }
}
