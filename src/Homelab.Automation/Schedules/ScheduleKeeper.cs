using System.Collections.Concurrent;
using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Schedules;

/// <summary>
/// Runs runbooks at the times that their schedules name. Several processes may keep the schedule of one state: each moment is fired once, by one of them, and never
/// while what an earlier moment set off has not ended.
/// </summary>
/// <remarks>A moment that went by while nobody kept the schedule is told, and made up for where the runbook says so. One that is at most <see cref="Lateness"/> past is only late.</remarks>
public sealed class ScheduleKeeper : IAsyncDisposable
{
    // Timers sleep through a suspended machine and know nothing of a clock that is set: it is looked at again this often.
    private static readonly TimeSpan s_longestWait = TimeSpan.FromMinutes(1);

    private readonly HealingContext _context;
    private readonly RunbookDesk _desk;
    private readonly IScheduleStore _marks;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, bool> _busy = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _work = [];
    private readonly List<Task> _loops = [];
    private IReadOnlyList<ScheduleTimes>? _times;
    private int _disposed;

    /// <param name="context">What all parts of healing share.</param>
    /// <param name="desk">Who runs runbooks on request.</param>
    /// <param name="marks">What is dealt with already.</param>
    public ScheduleKeeper(HealingContext context, RunbookDesk desk, IScheduleStore marks)
    {
        _context = context;
        _desk = desk;
        _marks = marks;
    }

    /// <summary>How late a moment may be fired: long enough for a restart, too short for anybody to have given up waiting.</summary>
    public static TimeSpan Lateness { get; } = TimeSpan.FromSeconds(30);

    // Read when they are needed: a runbook may be broken, and whoever does not keep the schedule need not hear of it.
    private IReadOnlyList<ScheduleTimes> Times => _times ??= [.. _context.Runbooks.All.Where(static r => r.Trigger?.Schedule is not null).Select(static r => new ScheduleTimes(r))];

    /// <summary>Tells what was missed, goes on with runs of the clock that wait for an answer, and begins to keep the schedule. Call once.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await TakeUpAsync(cancellationToken).ConfigureAwait(false);
        foreach (var times in Times)
        {
            var from = await BeginAsync(times, cancellationToken).ConfigureAwait(false);
            _loops.Add(Task.Run(() => KeepAsync(times, from), CancellationToken.None));
        }
    }

    /// <summary>Goes on with runs of the clock that wait for an answer, where nobody who lives does. It can be called again at any time.</summary>
    public async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        var waiting = await _context.Store.ListRunsAsync(new RunFilter { OnlyOnRequest = true, OnlyOpen = true, Face = Face.Schedule, Most = int.MaxValue }, cancellationToken).ConfigureAwait(false);
        foreach (var runs in waiting.Where(r => r.Status == RunStatus.Waiting).GroupBy(r => r.Runbook, StringComparer.Ordinal))
        {
            var owner = (await _marks.FindScheduleAsync(runs.Key, cancellationToken).ConfigureAwait(false))?.Owner;
            var isFollowed = owner is not null && owner != _context.Store.Owner && await _context.Store.IsAliveAsync(owner, cancellationToken).ConfigureAwait(false);
            if (!isFollowed && !_busy.ContainsKey(runs.Key)) Occupy(runs.Key, () => Task.WhenAll(runs.Select(r => FollowAsync(r.Id))), static () => Task.CompletedTask);
        }
    }

    /// <summary>Every runbook that the clock sets off, whoever keeps the schedule.</summary>
    public async Task<IReadOnlyList<ScheduleEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = new List<ScheduleEntry>();
        foreach (var times in Times)
        {
            var mark = await _marks.FindScheduleAsync(times.Runbook.Name, cancellationToken).ConfigureAwait(false);
            var last = await _context.Store.ListRunsAsync(new RunFilter { Runbook = times.Runbook.Name, Face = Face.Schedule, OnlyOnRequest = true, Most = 1 }, cancellationToken).ConfigureAwait(false);
            entries.Add(new ScheduleEntry
            {
                Runbook = times.Runbook.Name,
                Expression = times.Expression,
                TimeZone = times.Zone.Id,
                Jitter = times.Runbook.Trigger!.Schedule!.Jitter,
                Misfire = times.Misfire,
                Service = times.Service,
                NextAt = times.Next(_context.Now) is { } next ? times.FiresAt(next) : null,
                LastAt = mark?.FiredAt,
                LastStatus = last is [var run] ? run.Status : null,
            });
        }

        return entries;
    }

    /// <summary>Stops: nothing more is fired, and what runs is stopped and written down as such.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_work.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    /// <summary>Tells what was missed. Returns the moment after which everything is still to be fired.</summary>
    private async Task<DateTimeOffset> BeginAsync(ScheduleTimes times, CancellationToken cancellationToken)
    {
        var name = times.Runbook.Name;
        var now = _context.Now;
        var mark = await _marks.FindScheduleAsync(name, cancellationToken).ConfigureAwait(false);
        if (mark is null || mark.Expression != times.Mark)
        {
            // Never kept, or edited since: what it would have meant before is nobody's business.
            await _marks.PassMomentAsync(name, times.Mark, now, cancellationToken).ConfigureAwait(false);
            return now;
        }

        return await MissAsync(times, mark.Moment, now - Lateness, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deals with the moments that should have been fired until then: tells them, and makes up for them where the runbook wants that.</summary>
    /// <returns>The moment up to which all are dealt with.</returns>
    private async Task<DateTimeOffset> MissAsync(ScheduleTimes times, DateTimeOffset after, DateTimeOffset until, CancellationToken cancellationToken)
    {
        // Counting every second of a year would help nobody.
        const int Most = 1000;
        var missed = new List<DateTimeOffset>();
        for (var next = times.Next(after); next is { } moment && times.FiresAt(moment) <= until && missed.Count < Most; next = times.Next(moment)) missed.Add(moment);
        if (missed.Count == 0) return after;
        var count = missed.Count == 1 ? "once" : $"{(missed.Count == Most ? "at least " : "")}{missed.Count} times";
        var text = $"'{times.Runbook.Name}' ({times.Expression}) was not run {count} since {missed[0]:u}, because nobody kept the schedule; ";
        if (times.Misfire == MisfirePolicy.Once)
        {
            await FireAsync(times, missed[^1], text + "one run makes up for it", cancellationToken).ConfigureAwait(false);
        }
        else if (await _marks.PassMomentAsync(times.Runbook.Name, times.Mark, missed[^1], cancellationToken).ConfigureAwait(false))
        {
            Tell(HealingEventKind.ScheduleMissed, times, text + "it is not made up for");
        }

        return missed[^1];
    }

    private async Task KeepAsync(ScheduleTimes times, DateTimeOffset from)
    {
        var after = from;
        while (times.Next(after) is { } moment)
        {
            var firesAt = times.FiresAt(moment);
            try
            {
                await WaitUntilAsync(firesAt).ConfigureAwait(false);
                if (_context.Now - firesAt > Lateness)
                {
                    after = await MissAsync(times, after, _context.Now - Lateness, _stopping.Token).ConfigureAwait(false);
                    continue;
                }

                await FireAsync(times, moment, missed: null, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The store, most likely: the next moment is tried all the same.
                Tell(HealingEventKind.Trouble, times, $"'{times.Runbook.Name}' was not run at {moment:u}: {e.GetType().Name}: {e.Message}");
            }

            after = moment;
        }
    }

    private async Task WaitUntilAsync(DateTimeOffset moment)
    {
        while (moment - _context.Now is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait < s_longestWait ? wait : s_longestWait, _context.Time, _stopping.Token).ConfigureAwait(false);
        }
    }

    private async Task FireAsync(ScheduleTimes times, DateTimeOffset moment, string? missed, CancellationToken cancellationToken)
    {
        var name = times.Runbook.Name;
        if (await _context.Switch.FindSuspensionAsync(cancellationToken).ConfigureAwait(false) is { } suspension && suspension.Holds(_context.Now))
        {
            if (await _marks.PassMomentAsync(name, times.Mark, moment, cancellationToken).ConfigureAwait(false)) Tell(HealingEventKind.ScheduleSkipped, times, $"'{name}' is not run at {moment:u}: {suspension}");
            return;
        }

        switch (await _marks.ClaimMomentAsync(name, times.Mark, moment, _busy.ContainsKey(name), cancellationToken).ConfigureAwait(false))
        {
            case MomentClaim.Taken:
                if (missed is not null) Tell(HealingEventKind.ScheduleMissed, times, missed);
                Tell(HealingEventKind.ScheduleFired, times, $"'{name}' ({times.Expression}) at {moment:u}");
                Occupy(name, () => RunAsync(times), () => TryEndAsync(times, moment));
                break;
            case MomentClaim.StillRunning:
                Tell(HealingEventKind.ScheduleSkipped, times, $"'{name}' is not run at {moment:u}: its last run has not ended");
                break;
        }
    }

    private void Occupy(string runbook, Func<Task> work, Func<Task> afterwards)
    {
        _busy[runbook] = true;
        var all = Task.Run(WorkAsync, CancellationToken.None);
        _work.TryAdd(all, true);
        _ = all.ContinueWith(done => _work.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

        async Task WorkAsync()
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            finally
            {
                _busy.TryRemove(runbook, out _);
                await afterwards().ConfigureAwait(false);
            }
        }
    }

    private async Task RunAsync(ScheduleTimes times)
    {
        var name = times.Runbook.Name;
        try
        {
            var request = new RunbookRequest { Runbook = name, Service = times.Service, Caller = new Caller(Face.Schedule, name) };
            var report = await _desk.RunAsync(request, _stopping.Token).ConfigureAwait(false);
            if (report.Run.Status == RunStatus.Waiting) await FollowAsync(report.Run.Id).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The desk has written down that it was stopped.
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Refused)
        {
            Tell(HealingEventKind.ScheduleSkipped, times, e.Message);
        }
        catch (Exception e)
        {
            Tell(HealingEventKind.Trouble, times, $"running '{name}' failed: {e.GetType().Name}: {e.Message}");
        }
    }

    private async Task TryEndAsync(ScheduleTimes times, DateTimeOffset moment)
    {
        try
        {
            await _marks.EndMomentAsync(times.Runbook.Name, moment, CancellationToken.None).ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            // Within this process that is known anyhow; others take it for running until this process ends.
            Tell(HealingEventKind.Trouble, times, $"that '{times.Runbook.Name}' has ended could not be written down: {e.Message}");
        }
    }

    /// <summary>Waits for the answer to the questions of a run, and goes on with it.</summary>
    private async Task FollowAsync(string run)
    {
        try
        {
            while ((await _desk.ResumeAsync(run, progress: null, _stopping.Token).ConfigureAwait(false)).Run.Status == RunStatus.Waiting)
            {
                await Task.Delay(_context.Tempo.ApprovalPoll, _context.Time, _stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // It waits on; the next start takes it up.
        }
        catch (Exception e)
        {
            // Somebody else goes on with it, or it cannot be gone on with.
            _context.Tell(new HealingEvent(HealingEventKind.Trouble, "", "", e.Message, _context.Now) { Run = run });
        }
    }

    private void Tell(HealingEventKind kind, ScheduleTimes times, string text) => _context.Tell(kind, times.Service ?? "", "", text);
}
