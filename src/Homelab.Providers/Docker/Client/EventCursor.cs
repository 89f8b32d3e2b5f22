namespace Homelab.Providers.Docker;

/// <summary>Where a watch is in an engine's events, so that over several connections nothing is lost, told twice, or told from before the watch began.</summary>
internal sealed class EventCursor(TimeProvider time)
{
    // The engine itself remembers 256.
    private const int Remembered = 512;
    private const long Second = 1_000_000_000;
    private const long Moment = 50_000_000;

    private readonly HashSet<(string Id, string Action, long At)> _seen = [];
    private readonly Queue<(string Id, string Action, long At)> _order = new();
    private long _opened;
    private long _openedAt;
    private long? _firstHeard;

    /// <summary>From where to ask for events, in nanoseconds since 1970; null to hear only new ones.</summary>
    internal long? From { get; private set; }

    /// <summary>A connection was opened, at this time of the engine's.</summary>
    internal void Open(long engineTime)
    {
        if (From is not null) return;
        From = _opened = engineTime;
        _openedAt = time.GetTimestamp();
    }

    /// <summary>An event has come. False when it was told before.</summary>
    internal bool Take(ContainerEvent happened)
    {
        var key = (happened.Id, happened.Action, happened.UnixNanoseconds);
        if (!_seen.Add(key)) return false;
        _order.Enqueue(key);
        if (_order.Count > Remembered) _seen.Remove(_order.Dequeue());
        // Events of one moment may be told in another order the second time, hence the overlap; but none from before the first that we heard.
        _firstHeard ??= happened.UnixNanoseconds - Moment;
        Advance(Math.Max(_firstHeard.Value, happened.UnixNanoseconds - Second));
        return true;
    }

    /// <summary>The connection is gone.</summary>
    internal void Close()
    {
        // An engine tells its time in whole seconds. What happened in the second of our beginning is asked for again only if we were cut off within it.
        if (time.GetElapsedTime(_openedAt) >= TimeSpan.FromSeconds(1)) Advance(_opened + Second);
    }

    private void Advance(long to) => From = Math.Max(From ?? 0, to);
}
