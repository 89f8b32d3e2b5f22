using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Homelab.Automation.Healing;

namespace Homelab.Automation.Runbooks;

/// <summary>Runs runbooks on request, of a person or of the clock, and says beforehand what they would do.</summary>
/// <param name="context">What all parts of healing share.</param>
/// <param name="checker">Finds what makes a runbook unusable before its first step is taken.</param>
public sealed class RunbookDesk(HealingContext context, RunbookChecker checker)
{
    private const string Prompt = "Get-HlIncident and the audit show what was done.";

    // Of this process, whatever desk works on it; of other processes the owner tells.
    private static readonly ConcurrentDictionary<string, bool> s_underWay = new(StringComparer.Ordinal);

    private readonly RunbookPlanner _planner = new(context.Gate, context.Time);

    /// <summary>What a runbook would do now. Changes nothing; of the systems, only the targets of changes are looked at, as the gate does before each.</summary>
    /// <exception cref="HomelabException"><c>RunbookNotFound</c>, <c>ServiceNotFound</c> (NotFound); <c>ServiceNeeded</c>, <c>ConfigurationInvalid</c> (Invalid).</exception>
    public async Task<RunbookPlan> PlanAsync(RunbookRequest request, CancellationToken cancellationToken)
    {
        var runbook = Find(request);
        var scope = Scope(runbook, request.Service, request.Values, request.Caller, context.Now);
        var steps = await _planner.PlanAsync(runbook, scope, request.Caller, cancellationToken).ConfigureAwait(false);
        return new RunbookPlan(runbook.Name, request.Service, steps) { Throttled = await ThrottledAsync(runbook, request, cancellationToken).ConfigureAwait(false) };
    }

    /// <summary>
    /// Runs a runbook: its steps through the gate, then, where it is for a service, the proof that the service is well. How it ended is in the report; only what keeps it
    /// from beginning is thrown.
    /// </summary>
    /// <returns>
    /// The run as it is written down: <see cref="RunStatus.Recovered"/> with a service, <see cref="RunStatus.Done"/> without, <see cref="RunStatus.Failed"/>,
    /// <see cref="RunStatus.Declined"/>, or <see cref="RunStatus.Waiting"/> with the question that an unattended caller's run waits for:
    /// <see cref="ResumeAsync"/> takes it up once it is answered.
    /// </returns>
    /// <remarks>Cancelling ends the run as failed: the change under way is settled by a look and written down, and nothing is undone. A kill leaves it to <see cref="SettleAsync"/>.</remarks>
    /// <exception cref="HomelabException">As for <see cref="PlanAsync"/>; <c>RunbookThrottled</c> (Refused): an unattended caller ran it too often.</exception>
    public async Task<RunReport> RunAsync(RunbookRequest request, CancellationToken cancellationToken)
    {
        var runbook = Find(request);
        if (await ThrottledAsync(runbook, request, cancellationToken).ConfigureAwait(false) is { } why)
        {
            throw new HomelabException(ErrorKind.Refused, "RunbookThrottled", $"Runbook '{runbook.Name}' is not run: {why}. spec.throttle sets the limit; a person at a prompt is not held by it.", runbook.Name);
        }

        var run = new RunbookRun
        {
            Id = context.NewId(),
            Service = request.Service,
            Runbook = runbook.Name,
            Attempt = 1,
            Caller = request.Caller,
            Values = request.Values.ToJsonString(),
            Status = RunStatus.Running,
            StartedAt = context.Now,
            Owner = context.Store.Owner,
        };
        cancellationToken.ThrowIfCancellationRequested();
        return await WorkAsync(runbook, run, request.Confirmation, request.Progress, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Goes on with a run whose question was answered. When the answer was no, or did not come in time, the run ends as declined and what it did is undone. A run that has
    /// ended, or whose question still stands, is returned as it is.
    /// </summary>
    /// <exception cref="HomelabException"><c>RunNotFound</c> (NotFound); <c>RunOfIncident</c> (Invalid): healing works on it; <c>RunUnderWay</c> (Conflict): somebody works on it.</exception>
    public async Task<RunReport> ResumeAsync(string id, Action<HealingEvent>? progress, CancellationToken cancellationToken)
    {
        var run = await context.Store.FindRunAsync(id, cancellationToken).ConfigureAwait(false)
            ?? throw new HomelabException(ErrorKind.NotFound, "RunNotFound", $"There is no run '{id}'.", id);
        if (run.Incident is not null) throw new HomelabException(ErrorKind.Invalid, "RunOfIncident", $"Run {id} belongs to incident {run.Incident}, and is gone on with by healing alone.", id);
        var report = await ReportAsync(run, cancellationToken).ConfigureAwait(false);
        if (run.EndedAt is not null || report.Approval is { Status: ApprovalStatus.Pending }) return report;
        if (s_underWay.ContainsKey(id)) throw UnderWay(run);
        var claimed = await context.Store.ClaimRunAsync(id, cancellationToken).ConfigureAwait(false);
        // Somebody may have been faster between the look and the claim.
        run = (await context.Store.FindRunAsync(id, cancellationToken).ConfigureAwait(false))!;
        if (!claimed) return run.EndedAt is null ? throw UnderWay(run) : await ReportAsync(run, cancellationToken).ConfigureAwait(false);
        if (run.Status != RunStatus.Waiting) return await CutOffAsync(run).ConfigureAwait(false);
        return context.Runbooks.Find(run.Runbook) is { } runbook
            ? await WorkAsync(runbook, run with { Status = RunStatus.Running }, confirmation: null, progress, cancellationToken).ConfigureAwait(false)
            : await EndAsync(run, "its runbook is not there any more", HealingEventKind.RunEnded).ConfigureAwait(false);
    }

    /// <summary>
    /// Ends every run on request that a dead process left in the middle as failed, with that reason, and tells people. Its changes are settled by the gate. Those that
    /// wait for an answer go on waiting.
    /// </summary>
    public async Task<IReadOnlyList<RunbookRun>> SettleAsync(CancellationToken cancellationToken)
    {
        var ended = new List<RunbookRun>();
        foreach (var run in await context.Store.ListRunsAsync(new RunFilter { OnlyOnRequest = true, OnlyOpen = true, Most = int.MaxValue }, cancellationToken).ConfigureAwait(false))
        {
            if (run.Status == RunStatus.Waiting || s_underWay.ContainsKey(run.Id)) continue;
            if (run.Owner is { } owner && owner != context.Store.Owner && await context.Store.IsAliveAsync(owner, cancellationToken).ConfigureAwait(false)) continue;
            if (!await context.Store.ClaimRunAsync(run.Id, cancellationToken).ConfigureAwait(false)) continue;
            ended.Add((await CutOffAsync(run).ConfigureAwait(false)).Run);
        }

        return ended;
    }

    private async Task<RunReport> WorkAsync(Runbook runbook, RunbookRun run, IConfirmation? confirmation, Action<HealingEvent>? progress, CancellationToken cancellationToken)
    {
        if (!s_underWay.TryAdd(run.Id, true)) throw UnderWay(run);
        using var watching = context.Watch(new Listener(run.Id, progress));
        try
        {
            var ended = await new RequestedRun(context, runbook, run, Scope(runbook, run), confirmation).RunAsync(cancellationToken).ConfigureAwait(false);
            // Where no loop sends messages, nobody else would send these before the next start.
            if (!context.Outbox.IsRunning) await context.Outbox.SendOfAsync(new HashSet<string>(StringComparer.Ordinal) { run.Id }, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return await ReportAsync(ended, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            s_underWay.TryRemove(run.Id, out _);
        }
    }

    private static HomelabException UnderWay(RunbookRun run) =>
        new(ErrorKind.Conflict, "RunUnderWay", $"Run {run.Id} of '{run.Runbook}' is being worked on by {run.Owner ?? "somebody else"}. Wait until it ends.", run.Id);

    private Task<RunReport> CutOffAsync(RunbookRun run) => EndAsync(run, "cut off: the process that ran it ended in the middle", HealingEventKind.Trouble);

    private async Task<RunReport> EndAsync(RunbookRun run, string why, HealingEventKind kind)
    {
        var ended = run with { Status = RunStatus.Failed, EndedAt = context.Now, Summary = why, Owner = null };
        var notice = new Notice { Id = $"{run.Id}/ended", Incident = run.Id, Text = $"🚨 Runbook {run.Runbook}{(run.Service is null ? "" : $" for {run.Service}")}\nStatus: ❌ Failed\nWhy: {why}. {Prompt}", CreatedAt = context.Now };
        await context.Store.SaveAsync(new HealingChange { Run = ended, Notices = [notice] }, CancellationToken.None).ConfigureAwait(false);
        context.Tell(new HealingEvent(kind, run.Service ?? "", "", $"run of '{run.Runbook}' by {run.Caller}: {why}", context.Now) { Run = run.Id });
        context.Outbox.Wake();
        return await context.Store.ReportAsync(ended, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<RunReport> ReportAsync(RunbookRun run, CancellationToken cancellationToken)
    {
        var report = await context.Store.ReportAsync(run, cancellationToken).ConfigureAwait(false);
        if (run.Status != RunStatus.Waiting || report.Steps.FirstOrDefault(s => s.Status == StepStatus.Waiting)?.Approval is not { } approval) return report;
        return report with { Approval = await context.Approvals.GetAsync(approval, cancellationToken).ConfigureAwait(false) };
    }

    private Runbook Find(RunbookRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var runbook = context.Runbooks.Get(request.Runbook);
        if (checker.CheckUse(runbook) is { Count: > 0 } problems) throw new ConfigurationException(problems);
        if (request.Service is { } service) context.Services.Get(service);
        else if (RunbookNeeds.Service(runbook)) throw new HomelabException(ErrorKind.Invalid, "ServiceNeeded", $"Runbook '{runbook.Name}' has steps that speak of a service. Name one.", runbook.Name);
        return runbook;
    }

    private async Task<string?> ThrottledAsync(Runbook runbook, RunbookRequest request, CancellationToken cancellationToken)
    {
        if (!request.Caller.IsUnattended) return null;
        var throttle = runbook.Throttle;
        var history = await context.Store.ReadRunHistoryAsync(runbook.Name, request.Service, context.Now - throttle.Per, cancellationToken).ConfigureAwait(false);
        if (history.Runs >= throttle.Attempts) return $"it began {history.Runs} times within {Duration.Format(throttle.Per)}, and {throttle.Attempts} are allowed";
        return history.LastRecoveredAt + throttle.Cooldown > context.Now ? $"{request.Service} was healed by it at {history.LastRecoveredAt:u}, and is left alone for {Duration.Format(throttle.Cooldown)}" : null;
    }

    private RunbookScope Scope(Runbook runbook, RunbookRun run) => Scope(runbook, run.Service, JsonNode.Parse(run.Values)!.AsObject(), run.Caller, run.StartedAt);

    private RunbookScope Scope(Runbook runbook, string? service, JsonObject values, Caller caller, DateTimeOffset at)
    {
        // A runbook that is written for an alert is run as if that alert had come; no other has one to speak of.
        var alert = runbook.Trigger?.Alert is { } trigger
            ? new Alert { Source = "homelab", Status = trigger.Status, Subject = service, Message = $"{caller} asked for it", At = at, Fingerprint = $"request/{at.UtcTicks}" }
            : null;
        return context.Scope(service, alert, incident: null, values);
    }

    private sealed class Listener(string run, Action<HealingEvent>? progress) : IHealingObserver
    {
        public void On(HealingEvent what)
        {
            if (what.Run == run) progress?.Invoke(what);
        }
    }
}
