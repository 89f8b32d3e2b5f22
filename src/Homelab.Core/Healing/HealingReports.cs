namespace Homelab;

/// <summary>A run with its steps.</summary>
/// <param name="Run">The run; its evidence is what was seen on the way.</param>
/// <param name="Steps">Its steps, in the order they were written down.</param>
public sealed record RunReport(RunbookRun Run, IReadOnlyList<StepRecord> Steps)
{
    /// <summary>The question that it waits for; null when it waits for none.</summary>
    public Approval? Approval { get; init; }
}

/// <summary>An incident with all that belongs to it.</summary>
/// <param name="Incident">The incident.</param>
/// <param name="Alerts">Its alerts, oldest first.</param>
/// <param name="Runs">Its runs, oldest first.</param>
public sealed record IncidentReport(Incident Incident, IReadOnlyList<AlertRecord> Alerts, IReadOnlyList<RunReport> Runs)
{
    /// <summary>The incidents of what failed because of it, oldest first.</summary>
    public IReadOnlyList<Incident> Members { get; init; } = [];
}

/// <summary>Puts together what the store keeps apart.</summary>
public static class HealingReports
{
    /// <summary>An incident with its alerts, runs, steps and evidence; null when there is none of this id.</summary>
    public static async Task<IncidentReport?> FindIncidentReportAsync(this IHealingStore store, string incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        return await store.FindIncidentAsync(incident, cancellationToken).ConfigureAwait(false) is { } found
            ? await store.ReportAsync(found, cancellationToken).ConfigureAwait(false)
            : null;
    }

    /// <summary>The incident with its alerts, runs, steps and evidence.</summary>
    public static async Task<IncidentReport> ReportAsync(this IHealingStore store, Incident incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(incident);
        var runs = new List<RunReport>();
        foreach (var run in await store.ListRunsAsync(incident.Id, cancellationToken).ConfigureAwait(false))
        {
            runs.Add(await store.ReportAsync(run, cancellationToken).ConfigureAwait(false));
        }

        var members = await store.ListIncidentsAsync(new IncidentFilter { Parent = incident.Id, Most = int.MaxValue }, cancellationToken).ConfigureAwait(false);
        return new IncidentReport(incident, await store.ListAlertsAsync(incident.Id, cancellationToken).ConfigureAwait(false), runs) { Members = [.. members.Reverse()] };
    }

    /// <summary>The run with its steps.</summary>
    public static async Task<RunReport> ReportAsync(this IHealingStore store, RunbookRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(run);
        return new RunReport(run, await store.ListStepsAsync(run.Id, cancellationToken).ConfigureAwait(false));
    }
}
