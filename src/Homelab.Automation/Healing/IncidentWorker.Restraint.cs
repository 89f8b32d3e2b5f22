using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <content>What holds it back before each try: the big red switch, a growing pause, a backup, the echo of our own change, the breakers, and how far the runbook may go.</content>
internal sealed partial class IncidentWorker
{
    // Ten doublings of any pause are longer than anybody waits.
    private const int MostDoublings = 10;

    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromMinutes(15);

    // Certificates and shortages are there while all is well: that the service is up ends neither.
    private bool LooksFirst => _reported is not (AlertStatus.Certificate or AlertStatus.Pressure) && attendant is not { EvenIfWell: true };

    /// <summary>Waits as long as healing may not act. True when the incident is closed: the service came back meanwhile, or a person was told.</summary>
    private async Task<bool> IsHeldBackAsync(Runbook runbook, int attempt, int ofThisRunbook, CancellationToken cancellationToken)
    {
        if (!_incident.Caller.IsUnattended) return false;
        // A runbook that takes over does something else: it does not wait for what the one before did in vain.
        var backoff = ofThisRunbook == 1 ? TimeSpan.Zero : Backoff(runbook.Throttle.Backoff, ofThisRunbook);
        var (pausedUntil, pause, patience) = (context.Now + backoff, new Countdown(backoff, context.Time), new Countdown(context.Policy.BackupPatience, context.Time));
        if (await WaitWhileAsync(HoldAsync, cancellationToken).ConfigureAwait(false)) return true;
        return await IsBrokenOffAsync(cancellationToken).ConfigureAwait(false) || await IsOnlyWatchedAsync(runbook, cancellationToken).ConfigureAwait(false);

        async Task<Hold?> HoldAsync()
        {
            if (await SuspensionAsync(cancellationToken).ConfigureAwait(false) is { } suspended) return suspended;
            if (!pause.IsOver) return new Hold($"attempt {attempt} begins at {pausedUntil:HH:mm:ss}", context.Now + pause.Left);
            if (attempt == 1 && await EchoAsync(cancellationToken).ConfigureAwait(false) is { } echo) return echo;
            return patience.IsOver ? null : await BackupAsync(context.Now + patience.Left, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Backoff(TimeSpan first, int attempt)
    {
        var pause = first * Math.Pow(2, Math.Min(attempt - 2, MostDoublings));
        return pause < s_longestBackoff ? pause : s_longestBackoff;
    }

    /// <summary>Waits until nothing holds it back, and looks whether that is still needed. True when the incident is closed.</summary>
    private async Task<bool> WaitWhileAsync(Func<Task<Hold?>> ask, CancellationToken cancellationToken)
    {
        string? told = null;
        while (await ask().ConfigureAwait(false) is { } hold)
        {
            if (hold.Why != told)
            {
                await SaveAsync(_incident with { Status = IncidentStatus.Waiting, DueAt = hold.Until, Summary = hold.Why }, run: null, [], cancellationToken).ConfigureAwait(false);
                Tell(HealingEventKind.IncidentWaits, hold.Why);
                told = hold.Why;
            }

            var wait = hold.Until - context.Now;
            // Being hurried is a reason to look, not to act before the time.
            if (wait > TimeSpan.Zero && await WaitAsync(wait, cancellationToken).ConfigureAwait(false) && LooksFirst && await LookFirstAsync(cancellationToken).ConfigureAwait(false)) return true;
        }

        return told is not null && LooksFirst && await LookFirstAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task<Hold?> SuspensionAsync(CancellationToken cancellationToken) =>
        await context.Switch.FindSuspensionAsync(cancellationToken).ConfigureAwait(false) is { } suspension && suspension.Holds(context.Now)
            ? new Hold(suspension.ToString(), context.Now + context.Tempo.SwitchPoll)
            : null;

    private async Task<Hold?> EchoAsync(CancellationToken cancellationToken)
    {
        if (Service.Container is not { Host: { } host } container) return null;
        var ended = await context.Gate.LastInterruptedAsync(new Target("container", container.Name, host), cancellationToken).ConfigureAwait(false);
        // One that ends in the future ended before the clock was set back: nobody knows how long ago, and the look before anything is done tells an echo too.
        return ended <= context.Now && ended + context.Policy.Echo is { } until && context.Now < until
            ? new Hold($"it was interrupted by a change of ours until {ended:HH:mm:ss}; what was reported may be its echo", until)
            : null;
    }

    private async Task<Hold?> BackupAsync(DateTimeOffset patientUntil, CancellationToken cancellationToken)
    {
        try
        {
            if (await context.Backups.FindAsync(Service, _incident.Caller, cancellationToken).ConfigureAwait(false) is not { } backup) return null;
            var again = context.Now + context.Tempo.BackupPoll;
            return new Hold(backup, again < patientUntil ? again : patientUntil);
        }
        catch (HomelabException e)
        {
            // A hypervisor that gives no answer is no reason to leave a service down.
            Note($"whether a backup is under way could not be asked: {e.Message}", HealingEventKind.Checked);
            return null;
        }
    }

    private async Task<bool> IsBrokenOffAsync(CancellationToken cancellationToken)
    {
        var (own, lab) = (context.Policy.Service, context.Policy.Lab);
        var runs = await context.Store.ListRunsAsync(new RunFilter { Service = _incident.Service, Since = context.Now - own.Within - own.Open, Most = int.MaxValue }, cancellationToken).ConfigureAwait(false);
        if (Breaker.OpenUntil(runs, own, context.Now) is { } until) return await BreakOffAsync("healing it", own, until).ConfigureAwait(false);
        var all = await context.Store.ListRunsAsync(new RunFilter { Since = context.Now - lab.Within - lab.Open, Most = int.MaxValue }, cancellationToken).ConfigureAwait(false);
        return Breaker.OpenUntil(all, lab, context.Now) is { } labUntil && await BreakOffAsync("healing anything", lab, labUntil).ConfigureAwait(false);

        async Task<bool> BreakOffAsync(string what, BreakerPolicy policy, DateTimeOffset end)
        {
            await EscalateAsync($"{what} has failed {policy.Failures} times within {Duration.Format(policy.Within)} and helped never since; nothing is tried until {end:HH:mm:ss} UTC", [], cancellationToken).ConfigureAwait(false);
            return true;
        }
    }

    private async Task<bool> IsOnlyWatchedAsync(Runbook runbook, CancellationToken cancellationToken)
    {
        if (AutonomyRules.Of(runbook, context.Policy) != Autonomy.Watch) return false;
        var steps = await new RunbookPlanner(context.Gate, context.Time).PlanAsync(runbook, Scope(_alert), _incident.Caller, cancellationToken).ConfigureAwait(false);
        var plan = string.Join("; ", steps.Where(s => context.Gate.Catalog.TryFind(s.Operation, out var operation) && operation.Descriptor.IsChange).Select(static s => $"{s.Step}: {s.Intent?.ToString() ?? s.Operation}"));
        await EscalateAsync($"'{runbook.Name}' may only watch; it would have done: {(plan.Length > 0 ? plan : "nothing but look")}", [], cancellationToken).ConfigureAwait(false);
        return true;
    }
}
