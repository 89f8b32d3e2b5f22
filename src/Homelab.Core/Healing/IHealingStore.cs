namespace Homelab;

/// <summary>Where alerts, incidents, runs, steps and notices are kept. Every write is one durable transaction.</summary>
public interface IHealingStore : ILeaseStore
{
    /// <summary>
    /// Takes an alert in: writes it down unless its fingerprint is known, and opens <paramref name="opens"/> with it unless the service has an open
    /// incident, to which the alert is then attached. On disk when it returns.
    /// </summary>
    Task<AlertReceipt> AcceptAsync(AlertRecord alert, Incident? opens, CancellationToken cancellationToken);

    /// <summary>Writes everything given, or nothing. Incidents, runs and steps are replaced by id; a notice is replaced only when the new one is marked sent or failed.</summary>
    /// <remarks>An incident that is known keeps its owner: only <see cref="ClaimAsync"/> changes it, because whoever saves may have read it before it was claimed.</remarks>
    /// <exception cref="HomelabException"><c>LeaseLost</c> (Conflict): the incident or the run is another process's by now; nothing was written.</exception>
    Task SaveAsync(HealingChange change, CancellationToken cancellationToken);

    /// <summary>
    /// Makes this process the one that works on an incident: true when it was nobody's, this process's, or a dead process's; false when it is closed.
    /// </summary>
    Task<bool> ClaimAsync(string incident, CancellationToken cancellationToken);

    /// <summary>One incident, or null.</summary>
    Task<Incident?> FindIncidentAsync(string id, CancellationToken cancellationToken);

    /// <summary>Incidents that are not closed, oldest first.</summary>
    Task<IReadOnlyList<Incident>> ListOpenIncidentsAsync(CancellationToken cancellationToken);

    /// <summary>The newest incidents, open or closed, newest first.</summary>
    Task<IReadOnlyList<Incident>> ListIncidentsAsync(int most, CancellationToken cancellationToken);

    /// <summary>The newest incidents of those asked for, newest first.</summary>
    Task<IReadOnlyList<Incident>> ListIncidentsAsync(IncidentFilter filter, CancellationToken cancellationToken);

    /// <summary>The alerts attached to an incident, oldest first.</summary>
    Task<IReadOnlyList<AlertRecord>> ListAlertsAsync(string incident, CancellationToken cancellationToken);

    /// <summary>The newest alerts, newest first.</summary>
    Task<IReadOnlyList<AlertRecord>> ListAlertsAsync(int most, CancellationToken cancellationToken);

    /// <summary>The runs of an incident, oldest first.</summary>
    Task<IReadOnlyList<RunbookRun>> ListRunsAsync(string incident, CancellationToken cancellationToken);

    /// <summary>The newest runs of those asked for, newest first: of incidents and on request.</summary>
    Task<IReadOnlyList<RunbookRun>> ListRunsAsync(RunFilter filter, CancellationToken cancellationToken);

    /// <summary>One run, or null.</summary>
    Task<RunbookRun?> FindRunAsync(string id, CancellationToken cancellationToken);

    /// <summary>Makes this process the one that works on a run on request: true when it was nobody's, this process's, or a dead process's; false when it has ended.</summary>
    Task<bool> ClaimRunAsync(string run, CancellationToken cancellationToken);

    /// <summary>The steps of a run, in the order they were written down.</summary>
    Task<IReadOnlyList<StepRecord>> ListStepsAsync(string run, CancellationToken cancellationToken);

    /// <summary>How often a runbook began for a service, or for none, since a moment without a person's wish, and when it last ended with a recovery.</summary>
    Task<RunHistory> ReadRunHistoryAsync(string runbook, string? service, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>Notices that were not sent, oldest first.</summary>
    Task<IReadOnlyList<Notice>> ListUnsentAsync(CancellationToken cancellationToken);

    /// <summary>Makes this process the one that sends what was not sent, oldest first; without what another living process is sending. One that fails is anybody's again.</summary>
    /// <param name="of">The incidents and runs whose notices are meant; null for all.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Notice>> ClaimUnsentAsync(IReadOnlySet<string>? of, CancellationToken cancellationToken);
}

/// <summary>An alert as it was taken in.</summary>
public sealed record AlertRecord
{
    /// <summary>Time-ordered id.</summary>
    public required string Id { get; init; }

    /// <summary>The hook by which it came.</summary>
    public required string Hook { get; init; }

    /// <summary>What it says.</summary>
    public required Alert Alert { get; init; }

    /// <summary>When it was taken in, by our clock.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The service it is about; null when no service of the lab matches it.</summary>
    public string? Service { get; init; }

    /// <summary>The incident it belongs to.</summary>
    public string? Incident { get; init; }

    /// <summary>Why it set nothing off although it might have, such as that it came late; null otherwise.</summary>
    public string? Note { get; init; }
}

/// <summary>What became of an alert.</summary>
/// <param name="Alert">The id under which it is kept; the first one's id when it is a repetition.</param>
/// <param name="IsDuplicate">True when the same alert was taken in before.</param>
/// <param name="Incident">The incident it belongs to, if any.</param>
/// <param name="Opened">True when it opened that incident.</param>
public sealed record AlertReceipt(string Alert, bool IsDuplicate, Incident? Incident, bool Opened);

/// <summary>Things to write down together.</summary>
public sealed record HealingChange
{
    /// <summary>An incident, replaced by id.</summary>
    public Incident? Incident { get; init; }

    /// <summary>A run, replaced by id.</summary>
    public RunbookRun? Run { get; init; }

    /// <summary>Steps, replaced by run, step and item.</summary>
    public IReadOnlyList<StepRecord> Steps { get; init; } = [];

    /// <summary>Notices; replaced by id only to mark them as sent or failed.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];
}

/// <summary>How often a runbook ran for a service, and when it last helped.</summary>
/// <param name="Runs">Unattended runs begun since the moment asked for.</param>
/// <param name="LastRecoveredAt">When a run last ended with a recovery, whenever that was.</param>
public sealed record RunHistory(int Runs, DateTimeOffset? LastRecoveredAt);
