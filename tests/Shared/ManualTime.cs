using System.Threading.Channels;

namespace Homelab.Tests;

/// <summary>A clock that a test moves by hand. Timers fire when it is moved past them.</summary>
public sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly List<(TimeSpan Wait, TaskCompletionSource Seen)> _awaited = [];
    private readonly Channel<bool> _armed = Channel.CreateUnbounded<bool>();
    private DateTimeOffset _now = start;

    public ManualTime()
        : this(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero))
    {
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves it on, and stops at each moment at which something is due: also what is waited for only since an earlier one.</summary>
    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (true)
        {
            Timer? next;
            lock (_lock)
            {
                next = _timers.Where(t => t.DueAt <= until).MinBy(t => t.DueAt);
                _now = next?.DueAt > _now ? next.DueAt : next is null ? until : _now;
                // Under the same lock: one that is changed or disposed from here on is not touched any more.
                next?.Expire();
            }

            if (next is null) return;
            next.Fire();
        }
    }

    /// <summary>Sets it on at once: what was due on the way fires once, when it is there. For long times, in which much is looked at again and again.</summary>
    public void Leap(TimeSpan by)
    {
        Timer[] due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(t => t.DueAt <= _now).OrderBy(static t => t.DueAt)];
            foreach (var timer in due) timer.Expire();
        }

        foreach (var timer in due) timer.Fire();
    }

    /// <summary>Completes when somebody begins to wait, once for each who does.</summary>
    public ValueTask<bool> ArmedAsync(CancellationToken cancellationToken) => _armed.Reader.ReadAsync(cancellationToken);

    /// <summary>How many wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock) return _timers.Count;
        }
    }

    /// <summary>Forgets who began to wait so far: over a long time it is more than anybody asks for.</summary>
    public void Forget()
    {
        while (_armed.Reader.TryRead(out _))
        {
        }
    }

    /// <summary>Completes when somebody waits for exactly this long.</summary>
    public Task WaitedForAsync(TimeSpan wait)
    {
        lock (_lock)
        {
            if (_timers.Any(t => t.Wait == wait)) return Task.CompletedTask;
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((wait, seen));
            return seen.Task.WaitAsync(TimeSpan.FromMinutes(3));
        }
    }

    private sealed class Timer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan _period;

        internal DateTimeOffset DueAt { get; private set; }

        internal TimeSpan Wait { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Wait = dueTime;
                DueAt = time._now + dueTime;
                time._timers.Add(this);
                foreach (var (wait, seen) in time._awaited)
                {
                    if (wait == dueTime) seen.TrySetResult();
                }
            }

            time._armed.Writer.TryWrite(true);
            return true;
        }

        public void Dispose()
        {
            lock (time._lock) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        // Called with the lock held.
        internal void Expire()
        {
            if (_period > TimeSpan.Zero) DueAt = time._now + _period;
            else time._timers.Remove(this);
        }

        internal void Fire() => callback(state);
    }
}
