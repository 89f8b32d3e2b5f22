using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <content>Healing because somebody asks for it.</content>
public sealed partial class HealingEngine
{
    internal const string OurSource = "homelab";

    /// <summary>
    /// Heals a service as if its alert had come, under the caller's own level and policy, and returns when its incident is closed. When the service is proved to be
    /// well, nothing is done and no incident is opened. It works whether or not <see cref="StartAsync"/> was called, and takes up no other incident but
    /// those of the services that the failure comes from.
    /// </summary>
    /// <remarks>
    /// An incident that is open already is joined: one of this process is hurried, one that nobody works on is taken over in the caller's name, and one of another
    /// process is watched until that process closes it. Cancelling stops what this call began: the change under way is settled by a look and written down, nothing is
    /// undone, no further step is taken, and the incident is closed as escalated with that reason. Of a joined incident only the waiting ends.
    /// When the process is killed, the journal keeps the incident, and the next start of healing takes it up; what would need the person's own yes is then escalated.
    /// </remarks>
    /// <exception cref="HomelabException"><c>ServiceNotFound</c> (NotFound); <c>HealingStopped</c> (Unavailable): this process is ending.</exception>
    public async Task<HealReport> HealAsync(HealRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var reading = await LookAsync(request, cancellationToken).ConfigureAwait(false);
        if (reading is { IsUp: true } && !request.EvenIfWell)
        {
            return new HealReport(request.Service, WasWell: true, $"{request.Service} is well, and nothing was done: {reading}", Report: null);
        }

        var attendant = new Attendant(request, cancellationToken);
        using var watching = context.Watch(attendant);
        cancellationToken.ThrowIfCancellationRequested();
        // From here on it cannot be cancelled at a moment at which an incident is open and nobody works on it.
        var receipt = await AcceptAsync(request.Caller, RequestAlert(request, reading), attendant, CancellationToken.None).ConfigureAwait(false);
        var incident = receipt.Incident ?? throw new InvalidOperationException("An alert of a known service always belongs to an incident.");
        await AttendAsync(incident, receipt.Opened, attendant, cancellationToken).ConfigureAwait(false);
        // Its roots are the caller's too, and each is closed only after its members.
        await Task.WhenAll(_workers.Values.Where(w => w.Attendant == attendant).Select(w => w.Work)).ConfigureAwait(false);
        await TellPeopleAsync(attendant, cancellationToken).ConfigureAwait(false);
        var report = (await context.Store.FindIncidentReportAsync(incident.Id, CancellationToken.None).ConfigureAwait(false))!;
        cancellationToken.ThrowIfCancellationRequested();
        return report.Incident.IsOpen
            ? throw new HomelabException(ErrorKind.Unavailable, "HealingStopped", $"The incident of {request.Service} is still open, and this process works on it no more: it is ending, or its state failed it. A homelab that serves takes it up, and else its next start.", request.Service)
            : new HealReport(request.Service, WasWell: false, report.Incident.Summary, report);
    }

    /// <summary>What <see cref="HealAsync"/> would do now, and which runbook it would choose and why. Changes nothing.</summary>
    /// <exception cref="HomelabException"><c>ServiceNotFound</c> (NotFound).</exception>
    public async Task<HealPlan> PlanHealAsync(HealRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        var definition = context.Services.Get(request.Service);
        var alert = RequestAlert(request, reading: null);
        var open = await context.Store.ListIncidentsAsync(new IncidentFilter { Service = request.Service, OnlyOpen = true }, cancellationToken).ConfigureAwait(false) is [var incident, ..] ? incident : null;
        var fitting = context.Runbooks.Fitting(request.Service, definition, alert);
        if (fitting.Count == 0)
        {
            return new HealPlan(request.Service, Runbook: null, "no runbook fits: none has a trigger.alert for status down that this service meets; it would be escalated", Plan: null, open);
        }

        var chosen = fitting[0];
        var why = fitting.Count == 1 ? "it is the only one that fits" : $"of those that fit it says most about when it does; the others are {string.Join(", ", fitting.Skip(1).Select(r => r.Name))}";
        // The incident's id is not known before it is opened; a step that speaks of it is planned with an empty one.
        var scope = context.Scope(request.Service, alert, new Incident { Id = "", Service = request.Service, Status = IncidentStatus.Waiting, Alert = "", Message = alert.Message, Caller = request.Caller, OpenedAt = context.Now, DueAt = context.Now });
        var steps = await new RunbookPlanner(context.Gate, context.Time).PlanAsync(chosen, scope, request.Caller, cancellationToken).ConfigureAwait(false);
        return new HealPlan(request.Service, chosen.Name, why, new RunbookPlan(chosen.Name, request.Service, steps), open);
    }

    private async Task<LadderReading?> LookAsync(HealRequest request, CancellationToken cancellationToken)
    {
        var definition = context.Services.Get(request.Service);
        using var deadline = new CancellationTokenSource(context.Tempo.FirstLook, context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await context.Ladder.LookAsync(request.Service, definition, [VerifyCheck.Service], request.Caller, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not proved to be well.
            return null;
        }
    }

    private Alert RequestAlert(HealRequest request, LadderReading? reading) => new()
    {
        Source = OurSource,
        Status = AlertStatus.Down,
        Subject = context.Services.SubjectOf(request.Service),
        Message = $"{request.Caller} wants it healed{(reading is null ? "" : $": {reading}")}",
        At = context.Now,
        Fingerprint = $"request/{context.NewId()}",
    };

    private async Task AttendAsync(Incident incident, bool opened, Attendant attendant, CancellationToken cancellationToken)
    {
        if (_workers.TryGetValue(incident.Id, out var worker))
        {
            if (!opened) worker.Hurry();
        }
        else if (!opened && await context.Store.ClaimAsync(incident.Id, CancellationToken.None).ConfigureAwait(false))
        {
            // Nobody works on it any more: from here on it is this caller's.
            var current = await context.Store.FindIncidentAsync(incident.Id, CancellationToken.None).ConfigureAwait(false) ?? incident;
            var taken = current with { Caller = attendant.Caller, DueAt = context.Now };
            await context.Store.SaveAsync(new HealingChange { Incident = taken }, CancellationToken.None).ConfigureAwait(false);
            worker = Begin(taken, attendant);
        }
        else
        {
            await FollowElsewhereAsync(incident, cancellationToken).ConfigureAwait(false);
            return;
        }

        // What this call began ends by itself when it is cancelled, and is closed then; only another's is not waited for.
        var ours = opened || worker?.Attendant == attendant;
        await (worker?.Work ?? Task.CompletedTask).WaitAsync(ours ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
    }

    private async Task FollowElsewhereAsync(Incident incident, CancellationToken cancellationToken)
    {
        (IncidentStatus, string)? told = null;
        while (await context.Store.FindIncidentAsync(incident.Id, cancellationToken).ConfigureAwait(false) is { IsOpen: true } now)
        {
            if (told != (now.Status, now.Summary))
            {
                var due = now.Status == IncidentStatus.Waiting ? $"; acts at {now.DueAt:HH:mm:ss} UTC" : "";
                context.Tell(HealingEventKind.IncidentWaits, now.Service, now.Id, $"another process ({now.Owner}) works on it: {HomelabNames.Of(now.Status)} {now.Summary}{due}");
                told = (now.Status, now.Summary);
            }

            await Task.Delay(context.Tempo.RootPoll, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Where no loop sends messages, nobody else would send these before the next start.
    private async Task TellPeopleAsync(Attendant attendant, CancellationToken cancellationToken)
    {
        if (!context.Outbox.IsRunning) await context.Outbox.SendOfAsync(attendant.Incidents.ToHashSet(StringComparer.Ordinal), cancellationToken).ConfigureAwait(false);
    }
}
