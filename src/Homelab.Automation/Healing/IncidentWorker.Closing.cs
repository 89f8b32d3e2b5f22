using Homelab.Automation.Expressions;
using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <content>How an incident is closed, and what people are told.</content>
internal sealed partial class IncidentWorker
{
    // The last of the evidence goes into the message; all of it is on record.
    private const int EvidenceTold = 6;

    private async Task RecoverAsync(RunbookRun? run, string how, CancellationToken cancellationToken)
    {
        if (run is not null) run = run with { Evidence = _evidence.Lines };
        if (_isFlapping)
        {
            // That it is back for the moment is nothing new; it is closed when it holds.
            await SaveAsync(_incident with { Status = IncidentStatus.Waiting }, run, [], cancellationToken).ConfigureAwait(false);
            return;
        }

        var members = await ListMembersAsync(cancellationToken).ConfigureAwait(false);
        if (members.Any(m => m.IsOpen)) await SaveAsync(_incident with { Status = IncidentStatus.Following, Summary = how }, run, [], cancellationToken).ConfigureAwait(false);
        await ConcludeAsync(run, how, members, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes it as recovered, once that is known of its members too.</summary>
    private async Task ConcludeAsync(RunbookRun? run, string how, IReadOnlyList<Incident> members, CancellationToken cancellationToken)
    {
        var backAt = context.Now;
        engine.Watch.AddRecovery(_incident.Service, backAt);
        if (members.Any(m => m.IsOpen)) members = await FollowMembersAsync(members, cancellationToken).ConfigureAwait(false);
        Notice? notice = null;
        // What came back without us is on record; nobody is told about each member of a storm. Whoever was told that it is down is told that it is back.
        if (run is not null || _wasTold)
        {
            var took = Duration.Format(TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling((backAt - _incident.OpenedAt).TotalSeconds))));
            notice = NewNotice($"{_incident.Id}/recovered", $"🔧 Auto-Recovery: {_incident.Service}\nStatus: ✅ Recovered\n{how}, {took} after the alert.{MembersText(members, "not proved yet")}");
        }

        await SaveAsync(_incident with { Status = IncidentStatus.Recovered, ClosedAt = context.Now, Summary = how }, run, [], cancellationToken, notice).ConfigureAwait(false);
        Tell(HealingEventKind.Recovered, how);
    }

    /// <summary>Closes it as not healed, and tells a person.</summary>
    /// <param name="why">The reason, one line.</param>
    /// <param name="steps">Steps to write down with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="run">The run that ended with it, if one did.</param>
    internal async Task EscalateAsync(string why, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken, RunbookRun? run = null)
    {
        var members = MembersText(await ListMembersAsync(cancellationToken).ConfigureAwait(false), "down with it");
        var status = _reported switch { AlertStatus.Certificate => "⚠️ Certificate Expires", AlertStatus.Pressure => "⚠️ Still Short", _ => "❌ Still Down" };
        var text = $"🚨 {_incident.Service}\nStatus: {status}\n{EscalationText()}\nWhy: {why}{members}";
        await EscalateAsync(why, Failed(run), steps, EscalationNotice(text), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Closes it as not proved: nothing says that it is down, and something could not be asked.</summary>
    private Task EscalateUnclearAsync(LadderReading proof, RunbookRun? run, CancellationToken cancellationToken)
    {
        var why = "nothing says that it is down, but it cannot be proved to be up: " + string.Join("; ", proof.Rungs.Where(r => !r.IsUp));
        return EscalateAsync(why, Failed(run), [], EscalationNotice($"❔ {_incident.Service}\nStatus: Not Proved\nWhy: {why}"), cancellationToken);
    }

    private RunbookRun? Failed(RunbookRun? run) =>
        run is null ? null : run with { Status = run.Status == RunStatus.Declined ? RunStatus.Declined : RunStatus.Failed, EndedAt = run.EndedAt ?? context.Now, Evidence = _evidence.Lines };

    private Notice EscalationNotice(string text) =>
        NewNotice($"{_incident.Id}/escalated", string.Join('\n', _evidence.Lines.TakeLast(EvidenceTold).Select(e => "· " + e).Prepend(text)));

    // The root's own message names its members: they are closed with it, and nobody is told about each.
    private Task EscalateWithRootAsync(string why, CancellationToken cancellationToken) => EscalateAsync(why, run: null, [], notice: null, cancellationToken);

    private async Task EscalateAsync(string why, RunbookRun? run, IReadOnlyList<StepRecord> steps, Notice? notice, CancellationToken cancellationToken)
    {
        await SaveAsync(_incident with { Status = IncidentStatus.Escalated, ClosedAt = context.Now, Summary = why }, run, steps, cancellationToken, notice).ConfigureAwait(false);
        Tell(HealingEventKind.Escalated, why);
    }

    private string EscalationText()
    {
        var runbook = ChosenRunbook;
        if (runbook is null && _reported == AlertStatus.Certificate) return $"{_incident.Message}. {Service.Hint}".TrimEnd();
        var text = runbook?.Otherwise.Escalate ?? new RunbookOtherwise().Escalate;
        try
        {
            return Template.Parse(text).Text((_scope ?? Scope(_alert)).Values);
        }
        catch (HomelabException e)
        {
            // A person must be told, even if the text for it is broken.
            return $"{_incident.Service} is still down. (The runbook's text could not be written: {e.Message})";
        }
    }

    private RunbookScope Scope(Alert? alert) => context.Scope(
        _incident.Service,
        alert ?? new Alert { Source = _incident.Caller.Identity, Status = AlertStatus.Down, Message = _incident.Message, At = _incident.OpenedAt, Fingerprint = _incident.Alert },
        _incident);
}
