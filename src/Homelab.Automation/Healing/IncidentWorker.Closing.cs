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
        Notice? notice = null;
        if (run is not null)
        {
            // What came back without us is on record; nobody is told about each member of a storm.
            run = run with { Evidence = _evidence.Lines };
            var took = Duration.Format(TimeSpan.FromSeconds(Math.Ceiling((context.Now - _incident.OpenedAt).TotalSeconds)));
            var text = $"🔧 Auto-Recovery: {_incident.Service}\nStatus: ✅ Recovered\n{how}, {took} after the alert.{await MembersAsync(cancellationToken).ConfigureAwait(false)}";
            notice = NewNotice($"{_incident.Id}/recovered", text);
        }

        await SaveAsync(_incident with { Status = IncidentStatus.Recovered, ClosedAt = context.Now, Summary = how }, run, [], cancellationToken, notice).ConfigureAwait(false);
        Tell(HealingEventKind.Recovered, how);
    }

    private async Task<string> MembersAsync(CancellationToken cancellationToken)
    {
        var open = await context.Store.ListOpenIncidentsAsync(cancellationToken).ConfigureAwait(false);
        string[] members = [.. open.Where(i => i.Root == _incident.Service).Select(i => i.Service)];
        return members.Length == 0 ? "" : $"\nIt was the cause of: {string.Join(", ", members)}.";
    }

    /// <summary>Closes it as not healed, and tells a person.</summary>
    /// <param name="why">The reason, one line.</param>
    /// <param name="steps">Steps to write down with it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="run">The run that ended with it, if one did.</param>
    internal async Task EscalateAsync(string why, IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken, RunbookRun? run = null)
    {
        var members = await MembersAsync(cancellationToken).ConfigureAwait(false);
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
        var runbook = _incident.Runbook is { } name ? context.Runbooks.Find(name) : null;
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
