using Homelab.Automation.Runbooks;
using Homelab.Automation.Schedules;

namespace Homelab.Automation.Healing;

/// <summary>
/// Looks again and again for what processes that are gone have left, and goes on with it by the same ways as at a start: changes that were cut off, incidents, runs on
/// request, runs of the clock that wait for an answer, and messages. So whatever one process was doing when it died, another one that serves the same state finishes.
/// </summary>
/// <param name="context">What all parts of healing share.</param>
/// <param name="engine">Who works on incidents.</param>
/// <param name="desk">Who runs runbooks on request.</param>
/// <param name="schedule">Who runs them by the clock.</param>
public sealed class Successor(HealingContext context, HealingEngine engine, RunbookDesk desk, ScheduleKeeper schedule) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task? _loop;
    private bool _heals;
    private bool _keeps;
    private bool _inTrouble;

    /// <summary>Looks after incidents too, from here on.</summary>
    public void BeginToHeal()
    {
        _heals = true;
        Begin();
    }

    /// <summary>Looks after runs of the clock too, from here on.</summary>
    public void BeginToKeepSchedule()
    {
        _keeps = true;
        Begin();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await (_loop ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private void Begin() => _loop ??= Task.Run(LookAsync, CancellationToken.None);

    private async Task LookAsync()
    {
        while (true)
        {
            await Task.Delay(context.Store.TakeOverEvery, context.Time, _stopping.Token).ConfigureAwait(false);
            try
            {
                await TakeUpAsync(_stopping.Token).ConfigureAwait(false);
                _inTrouble = false;
            }
            catch (Exception e) when (!_stopping.IsCancellationRequested)
            {
                // The store, most likely, and for a while: said once.
                if (!_inTrouble) engine.ReportTrouble($"what others have left could not be looked for: {e.GetType().Name}: {e.Message}");
                _inTrouble = true;
            }
        }
    }

    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        if (_heals) await engine.TakeUpAsync(cancellationToken).ConfigureAwait(false);
        else await engine.SettleAsync(cancellationToken).ConfigureAwait(false);
        await desk.SettleAsync(cancellationToken).ConfigureAwait(false);
        if (_keeps) await schedule.TakeUpAsync(cancellationToken).ConfigureAwait(false);
        await context.Outbox.WakeForLeftAsync(cancellationToken).ConfigureAwait(false);
    }
}
