namespace Homelab.Automation.Healing;

/// <content>The handover from a runbook that did not help to the one that it names.</content>
internal sealed partial class IncidentWorker
{
    /// <summary>The runbook that goes on; null when there is none, or when it has had its turn in this incident already.</summary>
    private async Task<Runbook?> HandOverAsync(Runbook runbook, int tries, CancellationToken cancellationToken)
    {
        if (runbook.Otherwise.Next is not { } name || context.Runbooks.Find(name) is not { } next) return null;
        // The check before anything starts finds circles; whoever replaces a runbook while an incident is open is not checked against it.
        var runs = await context.Store.ListRunsAsync(_incident.Id, cancellationToken).ConfigureAwait(false);
        if (runs.Any(r => r.Runbook == name)) return null;
        Note($"{runbook.Name} was tried {tries} times without lasting success; {name} goes on", HealingEventKind.Checked);
        await SaveAsync(_incident with { Runbook = name, Summary = $"handed over to {name}" }, run: null, [], cancellationToken).ConfigureAwait(false);
        _scope = null;
        return next;
    }
}
