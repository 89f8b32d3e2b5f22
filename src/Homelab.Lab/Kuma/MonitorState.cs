using System.Collections.Concurrent;

namespace Homelab.Lab.Kuma;

/// <summary>A monitor and what became of its looks: Kuma's rules for when it is down and when somebody is told.</summary>
/// <remarks>Uptime Kuma: <c>beat</c>, <c>isImportantForNotification</c> and <c>sendNotification</c> in <c>server/model/monitor.js</c>.</remarks>
internal sealed class MonitorState(int id, KumaMonitor monitor)
{
    private const int Down = 0;
    private const int Up = 1;
    private const int Pending = 2;
    private const int Maintenance = 3;

    private readonly ConcurrentQueue<KumaBeat> _beats = new();
    private int _retries;
    private int _downCount;
    private DateTimeOffset? _lastDownAt;

    internal int Id { get; } = id;

    internal KumaMonitor Monitor { get; } = monitor;

    /// <summary>One look at a time.</summary>
    internal SemaphoreSlim Turn { get; } = new(1);

    internal bool InMaintenance { get; set; }

    /// <summary>False while it is paused.</summary>
    internal bool Active { get; private set; } = true;

    /// <summary>True once it was looked at since the start, or since it was resumed. A look that was under way when it was paused makes it no measured one.</summary>
    internal bool IsMeasured
    {
        get => field && Active;
        private set;
    }

    /// <summary>Every look, oldest first.</summary>
    internal IReadOnlyCollection<KumaBeat> Beats => _beats;

    internal int? CertificateDays { get; set; }

    internal KumaBeat? Last { get; private set; }

    /// <summary>Pauses or resumes it. What it saw last is remembered, so that what has changed meanwhile is told when it looks again.</summary>
    internal void Switch(bool active)
    {
        if (Active == active) return;
        Active = active;
        IsMeasured = false;
        _retries = 0;
    }

    /// <summary>Takes what a look saw, and decides what it means.</summary>
    internal KumaBeat Take(bool up, string message, int? ping, DateTimeOffset at)
    {
        var previous = Last;
        var status = StatusOf(up);
        if (status == Maintenance) message = "Monitor under maintenance";
        var important = IsImportant(previous?.Status, status);
        var notify = IsTold(previous?.Status, status) && (previous is not null || status == Down);
        if (important && status == Down) _lastDownAt = at;
        _downCount = important || status != Down ? 0 : _downCount + 1;
        if (Monitor.ResendInterval > 0 && _downCount >= Monitor.ResendInterval)
        {
            notify = true;
            _downCount = 0;
        }

        var duration = previous is null ? 0 : (int)(at - previous.At).TotalSeconds;
        IsMeasured = true;
        Last = new KumaBeat(status, message, at, status == Up ? ping : null, important, _retries, duration, status == Up ? _lastDownAt : null, notify);
        _beats.Enqueue(Last);
        return Last;
    }

    private int StatusOf(bool up)
    {
        if (InMaintenance) return Maintenance;
        if (up)
        {
            _retries = 0;
            return Up;
        }

        _retries++;
        return _retries <= Monitor.MaxRetries && Last?.Status != Down ? Pending : Down;
    }

    private static bool IsImportant(int? before, int now) => before is null || IsTold(before, now) || (before == Maintenance) != (now == Maintenance);

    private static bool IsTold(int? before, int now) => (before, now) is (null, _) or (Maintenance or Up or Pending, Down) or (Down, Up);
}
