using System.Collections.Concurrent;
using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.House;

/// <summary>
/// What the operations about this program's own work need of it: its healing, its runbooks, its questions to people and its audit. What one of them sets off may outlast the call: the call
/// waits a bounded time, and the same call later waits on.
/// </summary>
/// <param name="store">Where everything is written down.</param>
/// <param name="time">The clock.</param>
public sealed class HouseDesk(IStateStore store, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<string, Work> _works = new(StringComparer.Ordinal);
    private HealingContext? _context;
    private HealingEngine? _healing;
    private RunbookDesk? _runbooks;
    private RunbookChecker? _checker;

    internal IStateStore Store => store;

    internal HealingContext Context => _context ?? throw Unserved();

    internal HealingEngine Healing => _healing ?? throw Unserved();

    internal RunbookDesk Runbooks => _runbooks ?? throw Unserved();

    internal RunbookChecker Checker => _checker ?? throw Unserved();

    /// <summary>Lets it work with the parts of a lab. Call once, when they are there: they are made with the catalog, and the operations belong to that.</summary>
    public void Serve(HealingContext context, HealingEngine healing, RunbookDesk runbooks, RunbookChecker checker) =>
        (_context, _healing, _runbooks, _checker) = (context, healing, runbooks, checker);

    /// <summary>A runbook, or healing, sets off no other: their steps are known before they begin.</summary>
    /// <exception cref="HomelabException"><c>RunWithinRun</c> (Refused).</exception>
    internal static void RefuseWithinRun(Caller caller, string operation)
    {
        if (caller is { Run: null, Incident: null, Runbook: null }) return;
        throw new HomelabException(ErrorKind.Refused, "RunWithinRun", $"{operation} is called by a step of runbook '{caller.Runbook}', and a run sets off no other. Take its steps over instead.", operation) { NothingHappened = true };
    }

    /// <summary>Sets something off, or joins what the same call set off before, and waits until it has ended, as long as patience lasts, or until it waits for a person.</summary>
    /// <param name="key">The same for the same call.</param>
    /// <param name="begin">Sets it off. Its token is cancelled by whoever set it off while he still waits.</param>
    /// <param name="look">How it stands when it waits for a person; null when it does not.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="isTakenUp">True where the next start takes it up, so that the end of this process need not end it.</param>
    /// <param name="cancellationToken">Ends the wait, and what this call set off.</param>
    /// <returns>What came of it; null while it goes on.</returns>
    internal async Task<HealingRun?> FollowAsync(
        string key, Func<CancellationToken, Task<HealingRun>> begin, Func<CancellationToken, Task<HealingRun?>> look, TimeSpan patience, bool isTakenUp, CancellationToken cancellationToken)
    {
        var mine = new Work(isTakenUp ? CancellationToken.None : _closing.Token);
        var work = _works.GetOrAdd(key, mine);
        if (work == mine) mine.Begin(begin, () => _works.TryRemove(new KeyValuePair<string, Work>(key, mine)));
        else mine.Dispose();

        var until = time.GetUtcNow() + patience;
        while (!work.Ended.IsCompleted)
        {
            if (await look(CancellationToken.None).ConfigureAwait(false) is { } waiting) return waiting;
            if (time.GetUtcNow() >= until) return null;
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(work.Ended, Task.Delay(s_every, time, pause.Token)).ConfigureAwait(false);
            await pause.CancelAsync().ConfigureAwait(false);
            if (!cancellationToken.IsCancellationRequested) continue;
            // What was begun is brought to a known end before the caller is let go.
            if (work == mine) await mine.StopAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return await work.Ended.ConfigureAwait(false);
    }

    /// <summary>Ends the runs that still go on. What healing works on is left to its own end: it is on disk, and the next start takes it up.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        foreach (var work in _works.Values.Where(static w => !w.IsTakenUp)) await ((Task)work.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private static InvalidOperationException Unserved() => new("An operation about the lab itself was called before the lab was there.");

    private sealed class Work : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly CancellationTokenRegistration _closing;
        private readonly TaskCompletionSource<HealingRun> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Work(CancellationToken closing)
        {
            IsTakenUp = !closing.CanBeCanceled;
            _closing = closing.Register(_stop.Cancel);
        }

        internal bool IsTakenUp { get; }

        internal Task<HealingRun> Ended => _ended.Task;

        internal void Begin(Func<CancellationToken, Task<HealingRun>> begin, Action gone) => _ = RunAsync(begin, gone);

        internal async Task StopAsync()
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            await ((Task)Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        // Of one that was never begun: whoever waits for another may still stop it.
        public void Dispose()
        {
            _closing.Dispose();
            _stop.Dispose();
        }

        private async Task RunAsync(Func<CancellationToken, Task<HealingRun>> begin, Action gone)
        {
            try
            {
                var run = await begin(_stop.Token).ConfigureAwait(false);
                gone();
                _ended.TrySetResult(run);
            }
            catch (Exception e)
            {
                gone();
                _ended.TrySetException(e);
                // Seen by whoever waits; where nobody does any more, the run itself has written down how it ended.
                _ = _ended.Task.Exception;
            }
            finally
            {
                await _closing.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
