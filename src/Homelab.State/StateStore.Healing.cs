namespace Homelab.State;

/// <content>What healing writes down: alerts, incidents, runs, steps and notices.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public Task<AlertReceipt> AcceptAsync(AlertRecord alert, Incident? opens, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(alert);
        return _writer.WriteAsync(s => Accept(s.Database, alert, opens), cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveAsync(HealingChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        return _writer.WriteAsync(s => Save(s.Database, change), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="HomelabException"><c>IncidentNotFound</c> (NotFound).</exception>
    public Task<bool> ClaimAsync(string incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return _writer.WriteAsync(s => Claim(s.Database, incident), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<Incident?> FindIncidentAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _reader.ReadAsync(d => IncidentTable.Find(d, id), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ListOpenIncidentsAsync(CancellationToken cancellationToken) => _reader.ReadAsync(IncidentTable.ListOpen, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ListIncidentsAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return _reader.ReadAsync(d => IncidentTable.ListNewest(d, most), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ListIncidentsAsync(IncidentFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegative(filter.Most, nameof(filter));
        return _reader.ReadAsync(d => IncidentTable.List(d, filter), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AlertRecord>> ListAlertsAsync(string incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return _reader.ReadAsync(d => AlertTable.ListOf(d, incident), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AlertRecord>> ListAlertsAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return _reader.ReadAsync(d => AlertTable.ListNewest(d, most), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunbookRun>> ListRunsAsync(string incident, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return _reader.ReadAsync(d => RunTable.ListOf(d, incident), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<RunbookRun>> ListRunsAsync(RunFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        ArgumentOutOfRangeException.ThrowIfNegative(filter.Most, nameof(filter));
        return _reader.ReadAsync(d => RunTable.List(d, filter), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RunbookRun?> FindRunAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _reader.ReadAsync(d => RunTable.Find(d, id), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="HomelabException"><c>RunNotFound</c> (NotFound).</exception>
    public Task<bool> ClaimRunAsync(string run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _writer.WriteAsync(s => ClaimRun(s.Database, run), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StepRecord>> ListStepsAsync(string run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _reader.ReadAsync(d => RunTable.ListSteps(d, run), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<RunHistory> ReadRunHistoryAsync(string runbook, string? service, DateTimeOffset since, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(runbook);
        return _reader.ReadAsync(d => RunTable.ReadHistory(d, runbook, service, since), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Notice>> ListUnsentAsync(CancellationToken cancellationToken) => _reader.ReadAsync(NoticeTable.ListUnsent, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Notice>> ClaimUnsentAsync(IReadOnlySet<string>? of, CancellationToken cancellationToken) =>
        _writer.WriteAsync<IReadOnlyList<Notice>>(s => ClaimUnsent(s.Database, of), cancellationToken);

    private static AlertReceipt Accept(Database database, AlertRecord record, Incident? opens)
    {
        if (AlertTable.FindSame(database, record.Alert) is var (first, belongsTo))
        {
            return new AlertReceipt(first, IsDuplicate: true, belongsTo is null ? null : IncidentTable.Find(database, belongsTo), Opened: false);
        }

        var service = opens?.Service ?? record.Service;
        var incident = service is null ? null : IncidentTable.FindOpen(database, service);
        var isNew = incident is null && opens is not null;
        if (isNew) IncidentTable.Insert(database, incident = opens!);
        AlertTable.Insert(database, record with { Incident = incident?.Id ?? record.Incident });
        return new AlertReceipt(record.Id, IsDuplicate: false, incident, isNew);
    }

    private bool Save(Database database, HealingChange change)
    {
        Fence(database, change);
        if (change.Incident is { } incident) IncidentTable.Save(database, incident);
        if (change.Run is { } run) RunTable.Save(database, run);
        foreach (var step in change.Steps) RunTable.Save(database, step);
        foreach (var notice in change.Notices) NoticeTable.Save(database, notice);
        return true;
    }

    private List<Notice> ClaimUnsent(Database database, IReadOnlySet<string>? of)
    {
        var free = NoticeTable.ListOwners(database).ToDictionary(static o => o, o => IsFree(database, o), StringComparer.Ordinal);
        var mine = new List<Notice>();
        foreach (var (notice, owner) in NoticeTable.ListUnsentWithOwner(database))
        {
            if ((owner is not null && !free[owner]) || of?.Contains(notice.Incident) is false) continue;
            NoticeTable.SetOwner(database, notice.Id, Owner);
            mine.Add(notice);
        }

        return mine;
    }

    private bool Claim(Database database, string id)
    {
        var incident = IncidentTable.Find(database, id)
            ?? throw new HomelabException(ErrorKind.NotFound, "IncidentNotFound", $"There is no incident '{id}'.", id);
        // Whoever closed it was faster than the list it was taken from.
        if (!incident.IsOpen) return false;
        if (incident.Owner == Owner) return true;
        if (!IsFree(database, incident.Owner)) return false;
        IncidentTable.SetOwner(database, id, Owner);
        return true;
    }

    private bool ClaimRun(Database database, string id)
    {
        var run = RunTable.Find(database, id) ?? throw new HomelabException(ErrorKind.NotFound, "RunNotFound", $"There is no run '{id}'.", id);
        if (run.EndedAt is not null) return false;
        if (!IsFree(database, run.Owner)) return false;
        RunTable.SetOwner(database, id, Owner);
        return true;
    }
}
