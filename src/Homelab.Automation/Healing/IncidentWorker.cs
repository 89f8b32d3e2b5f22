using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <summary>
/// Works on one incident: wait for its time, look first, act through the runbook, prove, and close it as recovered or escalated. Every turn is on
/// disk before the next, so that it can be taken up anywhere.
/// </summary>
/// <param name="context">What all parts of healing share.</param>
/// <param name="engine">Who works on the other incidents.</param>
/// <param name="incident">The incident.</param>
/// <param name="attendant">The person for whose wish it is worked on, while that person is there.</param>
internal sealed partial class IncidentWorker(HealingContext context, HealingEngine engine, Incident incident, Attendant? attendant = null)
{
    private readonly EvidenceLog _evidence = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Incident _incident = incident;
    private RunbookRun? _run;
    private RunbookScope? _scope;
    private Alert? _alert;
    private AlertStatus _reported = AlertStatus.Down;
    private bool _isFlapping;
    private bool _wasTold;

    internal Incident Current => _incident;

    internal Attendant? Attendant => attendant;

    /// <summary>The work on it, from the moment at which anybody can know of it; ends when it is closed or left to the next start.</summary>
    internal Task Work => _ended.Task;

    private ServiceDefinition Service => context.Services.Get(_incident.Service);

    private Runbook? ChosenRunbook => _incident.Runbook is { } name ? context.Runbooks.Find(name) : null;

    /// <summary>Says that nobody works on it any more.</summary>
    internal void End() => _ended.TrySetResult();

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var alerts = await context.Store.ListAlertsAsync(_incident.Id, cancellationToken).ConfigureAwait(false);
        _alert = alerts.FirstOrDefault(a => a.Id == _incident.Alert)?.Alert;
        _reported = _alert?.Status ?? AlertStatus.Down;
        var runs = await context.Store.ListRunsAsync(_incident.Id, cancellationToken).ConfigureAwait(false);
        if (runs is [.., { EndedAt: null } unfinished])
        {
            // A dead process left it in the middle: go on where the journal says.
            _evidence.TakeOver(unfinished.Evidence);
            if (!await PassAsync(unfinished, cancellationToken).ConfigureAwait(false)) await TryAsync(runs, cancellationToken).ConfigureAwait(false);
            return;
        }

        _wasTold = _incident.Status == IncidentStatus.Escalated;
        if (_incident.Status == IncidentStatus.Following)
        {
            // It was proved to be back; a dead process waited for its members.
            await ConcludeAsync(runs is [.., var last] ? last : null, _incident.Summary, await ListMembersAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (runs.Count == 0)
        {
            if (LooksFirst && context.Now < _incident.DueAt && await JoinEarlyAsync(cancellationToken).ConfigureAwait(false)) return;
            if (await WaitForItsTimeAsync(cancellationToken).ConfigureAwait(false)) return;
            if (LooksFirst && await LookFirstAsync(cancellationToken).ConfigureAwait(false)) return;
        }

        if (await StandByAsync(cancellationToken).ConfigureAwait(false)) return;

        await TryAsync(runs, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Tries until the service is back or the budget is used up.</summary>
    private async Task TryAsync(IReadOnlyList<RunbookRun> runs, CancellationToken cancellationToken)
    {
        if (_incident.Runbook is not { } name || context.Runbooks.Find(name) is not { } runbook)
        {
            await EscalateAsync("no runbook fits", [], cancellationToken).ConfigureAwait(false);
            return;
        }

        var (attempt, own) = (runs.Count, runs.Count(r => r.Runbook == name));
        while (true)
        {
            var history = await context.Store.ReadRunHistoryAsync(name, _incident.Service, context.Now - runbook.Throttle.Per, cancellationToken).ConfigureAwait(false);
            // The throttle holds back what nobody sits at. A person's wish counts its own tries alone.
            var unattended = _incident.Caller.IsUnattended;
            var tries = unattended ? history.Runs : own;
            if (tries >= runbook.Throttle.Attempts)
            {
                if (await HandOverAsync(runbook, tries, cancellationToken).ConfigureAwait(false) is { } next)
                {
                    (name, runbook, own) = (next.Name, next, 0);
                    continue;
                }

                await EscalateAsync($"tried {tries} times within {Duration.Format(runbook.Throttle.Per)} without lasting success", [], cancellationToken).ConfigureAwait(false);
                return;
            }

            attempt++;
            own++;
            if (attempt == 1 && unattended && history.LastRecoveredAt is { } recovered && await CoolDownAsync(Shorter(recovered + runbook.Throttle.Cooldown - context.Now, runbook.Throttle.Cooldown), cancellationToken).ConfigureAwait(false)) return;
            if (await IsHeldBackAsync(runbook, attempt, own, cancellationToken).ConfigureAwait(false)) return;

            var run = new RunbookRun
            {
                Id = context.NewId(),
                Incident = _incident.Id,
                Service = _incident.Service,
                Runbook = name,
                Attempt = attempt,
                Caller = _incident.Caller,
                Status = RunStatus.Running,
                StartedAt = context.Now,
            };
            await SaveAsync(_incident with { Status = IncidentStatus.Healing, Summary = $"{name}, attempt {attempt}" }, run, [], cancellationToken).ConfigureAwait(false);
            Tell(HealingEventKind.RunStarted, $"{name}, attempt {attempt} of {runbook.Throttle.Attempts}");
            if (await PassAsync(run, cancellationToken).ConfigureAwait(false)) return;
        }
    }

    /// <summary>One pass: steps, then proof. True when the incident is closed.</summary>
    private async Task<bool> PassAsync(RunbookRun run, CancellationToken cancellationToken)
    {
        _run = run;
        if (context.Runbooks.Find(run.Runbook) is not { } runbook)
        {
            await EscalateAsync($"runbook '{run.Runbook}' is not there any more", [], cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (run.Status == RunStatus.Running)
        {
            _scope = Scope(_alert);
            while (true)
            {
                var end = await context.Runner.RunAsync(runbook, run, _scope, Attendance(), cancellationToken).ConfigureAwait(false);
                if (end is StepsEnd.Stopped) await LeaveAsync(end.Steps, cancellationToken).ConfigureAwait(false);
                if (end is StepsEnd.Waiting waiting)
                {
                    if (await AnswerAsync(run, end.Steps, waiting.Approval, cancellationToken).ConfigureAwait(false)) continue;
                    return true;
                }

                if (end is StepsEnd.Declined declined)
                {
                    await EscalateAsync($"a person's yes to step '{declined.Step}' is missing: {declined.What}", end.Steps, cancellationToken, run with { Status = RunStatus.Declined, EndedAt = context.Now }).ConfigureAwait(false);
                    return true;
                }

                if (end is StepsEnd.Concluded concluded)
                {
                    await EscalateAsync(concluded.Say, end.Steps, cancellationToken, run).ConfigureAwait(false);
                    return true;
                }

                if (end is StepsEnd.Failed failed) return await FailAsync(run, end.Steps, failed, cancellationToken).ConfigureAwait(false);
                _run = run = run with { Status = RunStatus.Verifying, VerifyingSince = context.Now, Evidence = _evidence.Lines };
                await SaveAsync(_incident with { Status = IncidentStatus.Verifying }, run, end.Steps, cancellationToken).ConfigureAwait(false);
                break;
            }
        }

        var proof = await ProveAsync(runbook.Verify, run.VerifyingSince ?? context.Now, cancellationToken).ConfigureAwait(false);
        if (proof.IsUp)
        {
            await RecoverAsync(run with { Status = RunStatus.Recovered, EndedAt = context.Now }, $"back after {run.Runbook}, attempt {run.Attempt}", cancellationToken).ConfigureAwait(false);
            return true;
        }

        if (proof.IsUnclear)
        {
            await EscalateUnclearAsync(proof, run, cancellationToken).ConfigureAwait(false);
            return true;
        }

        await SaveAsync(_incident with { Summary = "not back after " + run.Runbook }, run with { Status = RunStatus.Failed, EndedAt = context.Now, Evidence = _evidence.Lines }, [], cancellationToken).ConfigureAwait(false);
        _run = null;
        return false;
    }

    /// <summary>Waits out a cooldown; true when the service came back meanwhile and the incident is closed.</summary>
    private async Task<bool> CoolDownAsync(TimeSpan length, CancellationToken cancellationToken)
    {
        if (length <= TimeSpan.Zero) return false;
        var until = context.Now + length;
        var rest = new Countdown(length, context.Time);
        await SaveAsync(_incident with { Status = IncidentStatus.Waiting, DueAt = until, Summary = "it was healed a short while ago" }, run: null, [], cancellationToken).ConfigureAwait(false);
        Tell(HealingEventKind.IncidentWaits, $"it was healed a short while ago; waits until {until:HH:mm:ss}");
        while (!rest.IsOver)
        {
            // Being hurried is a reason to look, not to act before the time.
            await WaitAsync(rest.Left, cancellationToken).ConfigureAwait(false);
            if (await LookFirstAsync(cancellationToken).ConfigureAwait(false)) return true;
        }

        return false;
    }

    /// <summary>Waits for a person. True when the answer is yes; else the incident is closed.</summary>
    private async Task<bool> AnswerAsync(RunbookRun run, IReadOnlyList<StepRecord> steps, Approval approval, CancellationToken cancellationToken)
    {
        var text = $"{_incident.Service}: {approval.Question}\n{approval.Reason}\nApprove with: homelab approvals approve {approval.Id}\nNo answer by {approval.ExpiresAt:HH:mm:ss} UTC means no.";
        var notices = context.Outbox.OfQuestion(NewNotice($"{_incident.Id}/ask/{approval.Id}", text));
        await SaveAsync(_incident with { Status = IncidentStatus.AwaitingApproval, Summary = approval.Question }, run, steps, cancellationToken, [.. notices]).ConfigureAwait(false);
        Tell(HealingEventKind.ApprovalNeeded, $"{approval.Question} ({approval.Id})");
        while (true)
        {
            var answer = await context.Approvals.GetAsync(approval.Id, cancellationToken).ConfigureAwait(false);
            if (answer.Status is ApprovalStatus.Approved or ApprovalStatus.Used) break;
            if (answer.Status != ApprovalStatus.Pending)
            {
                await EscalateAsync(answer.WhyNot(), steps, cancellationToken, run).ConfigureAwait(false);
                return false;
            }

            await PauseAsync(context.Tempo.ApprovalPoll, cancellationToken).ConfigureAwait(false);
        }

        Note($"approved: {approval.Question}", HealingEventKind.Checked);
        await SaveAsync(_incident with { Status = IncidentStatus.Healing }, run: null, [], cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>A step failed. True when the incident is closed because another try would be no use.</summary>
    private async Task<bool> FailAsync(RunbookRun run, IReadOnlyList<StepRecord> steps, StepsEnd.Failed failed, CancellationToken cancellationToken)
    {
        var ended = run with { Status = RunStatus.Failed, EndedAt = context.Now, Evidence = _evidence.Lines };
        if (failed.Error.Kind is ErrorKind.Denied or ErrorKind.Refused or ErrorKind.Invalid or ErrorKind.NotFound || failed.Error.Id == "OutcomeUnknown")
        {
            await EscalateAsync($"step '{failed.Step}': {failed.Error.Message}", steps, cancellationToken, ended).ConfigureAwait(false);
            return true;
        }

        await SaveAsync(_incident with { Summary = $"step '{failed.Step}' failed" }, ended, steps, cancellationToken).ConfigureAwait(false);
        _run = null;
        // Not at once: what failed a moment ago most likely fails again.
        await PauseAsync(context.Runbooks.Find(run.Runbook)?.Verify.Every ?? TimeSpan.FromSeconds(5), cancellationToken).ConfigureAwait(false);
        return false;
    }

    private async Task SaveAsync(Incident next, RunbookRun? run, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken, params Notice?[] notices)
    {
        await context.Store.SaveAsync(new HealingChange { Incident = next, Run = run, Steps = steps, Notices = [.. notices.OfType<Notice>()] }, cancellationToken).ConfigureAwait(false);
        _incident = next;
        if (notices.Length > 0) context.Outbox.Wake();
    }

    private Notice NewNotice(string id, string text) => new() { Id = id, Incident = _incident.Id, Text = text, CreatedAt = context.Now };

    private void Note(string line, HealingEventKind kind)
    {
        _evidence.Add(context.Now, line);
        Tell(kind, line);
    }

    private void Tell(HealingEventKind kind, string text) => context.Tell(kind, _incident.Service, _incident.Id, text);
}
