using Homelab.Automation.Runbooks;

namespace Homelab.Automation.Healing;

/// <content>The person for whose wish it is worked on: how that person is asked, and how that person stops it.</content>
internal sealed partial class IncidentWorker
{
    /// <summary>Closes it because the person who wanted it has gone: left open, nobody would work on it as long as this process lives.</summary>
    internal async Task CloseStoppedAsync()
    {
        // The last write may have been made although nobody waited for it any more.
        if (await context.Store.FindIncidentAsync(_incident.Id, CancellationToken.None).ConfigureAwait(false) is not { IsOpen: true }) return;
        await EscalateAsync($"{_incident.Caller} stopped it before its end", [], CancellationToken.None, _run).ConfigureAwait(false);
    }

    private RunAttendance Attendance() => new(
        _incident.Caller,
        (step, what) => Tell(HealingEventKind.StepStarted, $"{step}: {what}"),
        step => Note($"step {step.Step}: {HomelabNames.Of(step.Status)}{(step.Error is null ? "" : $" ({step.Error})")}", HealingEventKind.StepEnded))
    {
        Noted = line => Note(line, HealingEventKind.Checked),
        // Taken up by another process, a person's wish is carried on; what needs that person's own word is not.
        Asks = _incident.Caller.IsUnattended && context.Runbooks.Find(_incident.Runbook ?? "") is { } runbook && AutonomyRules.Of(runbook, context.Policy) == Autonomy.Ask,
        Confirmation = attendant is not null ? attendant.Confirmation : _incident.Caller.IsUnattended ? null : AbsentPerson.Instance,
    };

    /// <summary>Ends the work as cancelled. What was done is written down when nobody will take it up.</summary>
    private async Task LeaveAsync(IReadOnlyList<StepRecord> steps, CancellationToken cancellationToken)
    {
        if (attendant is { Stop.IsCancellationRequested: true }) await context.Store.SaveAsync(new HealingChange { Steps = steps }, CancellationToken.None).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }
}
