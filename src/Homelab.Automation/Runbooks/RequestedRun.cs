using Homelab.Automation.Expressions;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Runbooks;

/// <summary>Works on one run on request: steps, then proof, then its end. Every turn is on disk before the next.</summary>
internal sealed class RequestedRun(HealingContext context, Runbook runbook, RunbookRun run, RunbookScope scope, IConfirmation? confirmation)
{
    private const int EvidenceTold = 6;

    private readonly EvidenceLog _evidence = new();
    private RunbookRun _run = run;

    /// <summary>Works until it has ended or waits for a person. When it is cancelled it has ended too: as failed, with that reason.</summary>
    internal async Task<RunbookRun> RunAsync(CancellationToken cancellationToken)
    {
        _evidence.TakeOver(_run.Evidence);
        await SaveAsync(_run, [], CancellationToken.None).ConfigureAwait(false);
        Tell(HealingEventKind.RunStarted, $"{_run.Runbook}, asked for by {_run.Caller}");
        try
        {
            await TakeStepsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await EndAsync(RunStatus.Failed, "stopped by the caller while it was being proved", []).ConfigureAwait(false);
        }
        catch (Exception e) when (!StateTrouble.Is(e))
        {
            await EndAsync(RunStatus.Failed, $"running it failed: {e.Message}", []).ConfigureAwait(false);
            throw;
        }

        return _run;
    }

    private async Task TakeStepsAsync(CancellationToken cancellationToken)
    {
        var attendance = new RunAttendance(_run.Caller, (step, what) => Tell(HealingEventKind.StepStarted, $"{step}: {what}"), EndStep) { Confirmation = confirmation };
        switch (await context.Runner.RunAsync(runbook, _run, scope, attendance, cancellationToken).ConfigureAwait(false))
        {
            case StepsEnd.Waiting waiting:
                await WaitAsync(waiting).ConfigureAwait(false);
                break;
            case StepsEnd.Failed failed:
                await EndAsync(RunStatus.Failed, $"step '{failed.Step}': {failed.Error.Message}", failed.Steps).ConfigureAwait(false);
                break;
            case StepsEnd.Declined declined:
                await EndAsync(RunStatus.Declined, await ExplainAsync(declined).ConfigureAwait(false), declined.Steps).ConfigureAwait(false);
                break;
            case StepsEnd.Concluded concluded:
                await EndAsync(RunStatus.Failed, concluded.Say, concluded.Steps).ConfigureAwait(false);
                break;
            case StepsEnd.Stopped stopped:
                await EndAsync(RunStatus.Failed, "stopped by the caller; what was done stays done", stopped.Steps).ConfigureAwait(false);
                break;
            case var end when _run.Service is { } service:
                await ProveAsync(service, end.Steps, cancellationToken).ConfigureAwait(false);
                break;
            case var end:
                await EndAsync(RunStatus.Done, "all steps are done", end.Steps).ConfigureAwait(false);
                break;
        }
    }

    private async Task ProveAsync(string service, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken)
    {
        await SaveAsync(_run with { Status = RunStatus.Verifying, VerifyingSince = context.Now }, steps, CancellationToken.None).ConfigureAwait(false);
        var proof = await context.Ladder.ProveAsync(service, context.Services.Get(service), runbook.Verify, context.Now, scope, _run.Caller, reading => Note(reading.ToString(), HealingEventKind.Checked), context.Time, cancellationToken).ConfigureAwait(false);
        if (proof.IsUp) await EndAsync(RunStatus.Recovered, $"{service} is proved to be well", []).ConfigureAwait(false);
        else if (proof.IsUnclear) await EndAsync(RunStatus.Failed, $"nothing says that {service} is down, but it cannot be proved to be up: {proof}", []).ConfigureAwait(false);
        else await EndAsync(RunStatus.Failed, $"{service} is not well: {proof}", []).ConfigureAwait(false);
    }

    private async Task WaitAsync(StepsEnd.Waiting waiting)
    {
        var question = waiting.Approval;
        var text = $"Runbook {_run.Runbook}: {question.Question}\n{question.Reason}\nApprove with: homelab approvals approve {question.Id}\nNo answer by {question.ExpiresAt:HH:mm:ss} UTC means no.";
        // Nobody's from here on: whoever comes first after the answer goes on with it.
        await SaveAsync(_run with { Status = RunStatus.Waiting, Summary = question.Question, Owner = null }, waiting.Steps, CancellationToken.None, Notice($"ask/{question.Id}", text)).ConfigureAwait(false);
        Tell(HealingEventKind.ApprovalNeeded, $"{question.Question} ({question.Id})");
    }

    private async Task<string> ExplainAsync(StepsEnd.Declined declined)
    {
        var approval = declined.Steps.FirstOrDefault(s => s.Step == declined.Step && s.Approval is not null)?.Approval;
        if (approval is null) return $"{_run.Caller.Identity} said no to: {declined.What}";
        var answer = await context.Approvals.GetAsync(approval, CancellationToken.None).ConfigureAwait(false);
        return answer.DeniedBy is { } who ? $"{who} said no to: {answer.Question}" : $"nobody answered in time: {answer.Question}";
    }

    private async Task EndAsync(RunStatus status, string how, IReadOnlyList<StepRecord> steps)
    {
        var good = status is RunStatus.Recovered or RunStatus.Done;
        // Whoever sits there sees how it ends; for everybody else somebody must be told when it does not end well.
        var notice = good || !_run.Caller.IsUnattended ? null : Notice("ended", Failure(status, how));
        await SaveAsync(_run with { Status = status, EndedAt = context.Now, Summary = how, Owner = null }, steps, CancellationToken.None, notice).ConfigureAwait(false);
        Tell(HealingEventKind.RunEnded, $"{HomelabNames.Of(status)}: {how}");
    }

    private string Failure(RunStatus status, string why)
    {
        var head = $"🚨 Runbook {_run.Runbook}{(_run.Service is null ? "" : $" for {_run.Service}")}\nStatus: {(status == RunStatus.Declined ? "✋ Declined" : "❌ Failed")}\nWhy: {why}";
        var told = _run is { Service: not null, VerifyingSince: not null } ? Escalation() : null;
        return string.Join('\n', new[] { head, told }.OfType<string>().Concat(_evidence.Lines.TakeLast(EvidenceTold).Select(e => "· " + e)));
    }

    private string Escalation()
    {
        try
        {
            return Template.Parse(runbook.Otherwise.Escalate).Text(scope.Values);
        }
        catch (HomelabException e)
        {
            // A person must be told, even if the text for it is broken.
            return $"(The runbook's text could not be written: {e.Message})";
        }
    }

    private async Task SaveAsync(RunbookRun next, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken, Notice? notice = null)
    {
        next = next with { Evidence = _evidence.Lines };
        await context.Store.SaveAsync(new HealingChange { Run = next, Steps = steps, Notices = notice is null ? [] : [notice] }, cancellationToken).ConfigureAwait(false);
        _run = next;
        if (notice is not null) context.Outbox.Wake();
    }

    private Notice Notice(string what, string text) => new() { Id = $"{_run.Id}/{what}", Incident = _run.Id, Text = text, CreatedAt = context.Now };

    private void EndStep(StepRecord step) => Note($"step {step.Step}: {HomelabNames.Of(step.Status)}{(step.Error is null ? "" : $" ({step.Error})")}", HealingEventKind.StepEnded);

    private void Note(string line, HealingEventKind kind)
    {
        _evidence.Add(context.Now, line);
        Tell(kind, line);
    }

    private void Tell(HealingEventKind kind, string text) => context.Tell(new HealingEvent(kind, _run.Service ?? "", "", text, context.Now) { Run = _run.Id });
}
