using System.Runtime.CompilerServices;

namespace Homelab.State;

/// <content>What the gate writes down: changes and the audit.</content>
public abstract partial class StateStore
{
    // One read of the audit; between two of them the connection is free and the log may be checkpointed, however slowly somebody reads.
    private const int LinesPerRead = 500;

    /// <inheritdoc/>
    public Task<Admission> BeginAsync(ChangeRecord change, ActionLimits limits, Func<ChangeHistory, IReadOnlyList<Finding>> restraints, AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(restraints);
        ArgumentNullException.ThrowIfNull(entry);
        if (change.Status != ChangeStatus.Open) throw new ArgumentException($"Change {change.Id} is {change.Status}; only an open change begins.", nameof(change));
        return _writer.WriteAsync(s => Begin(s, change, limits, restraints, entry), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="HomelabException"><c>ChangeNotFound</c> (NotFound): no such change ever began.</exception>
    public Task EndAsync(ChangeRecord change, AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(entry);
        if (change.Status == ChangeStatus.Open) throw new ArgumentException($"Change {change.Id} is open; it cannot be written down as ended.", nameof(change));
        var endedAt = change.EndedAt ?? _time.GetUtcNow();
        return _writer.WriteAsync(s => End(s, change, endedAt, entry), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ChangeHistory> ReadHistoryAsync(string target, ActionLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(limits);
        return _reader.ReadAsync(d => ChangeTable.ReadHistory(d, target, limits, _time.GetUtcNow()), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ChangeRecord>> ListOpenAsync(CancellationToken cancellationToken) => _reader.ReadAsync(ChangeTable.ListOpen, cancellationToken);

    /// <inheritdoc/>
    public Task AppendAuditAsync(AuditEntry entry, bool durable, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return durable ? _writer.AppendAsync(entry, cancellationToken) : _writer.PostAsync(entry, cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Lines that were appended before the call are seen, durable or not.</remarks>
    public async IAsyncEnumerable<AuditEntry> ReadAuditAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await _writer.DrainAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            var from = fromSequence;
            var lines = await _reader.ReadAsync(d => AuditTable.Read(d, from, LinesPerRead), cancellationToken).ConfigureAwait(false);
            foreach (var line in lines)
            {
                yield return line;
            }

            if (lines.Count < LinesPerRead) yield break;
            fromSequence = lines[^1].Sequence + 1;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Lines that were appended before the call are seen, durable or not.</remarks>
    public async Task<IReadOnlyList<AuditEntry>> ReadAuditTailAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        await _writer.DrainAsync(cancellationToken).ConfigureAwait(false);
        return await _reader.ReadAsync(d => AuditTable.ReadTail(d, most), cancellationToken).ConfigureAwait(false);
    }

    private Admission Begin(WriteSession session, ChangeRecord change, ActionLimits limits, Func<ChangeHistory, IReadOnlyList<Finding>> restraints, AuditEntry entry)
    {
        var database = session.Database;
        Fence(database, change);
        if (ChangeTable.FindByKey(database, change.Key) is { } existing) return new Admission { Existing = existing };

        // What only looks disturbs nobody, and waits for nobody.
        var history = change.Risk == Risk.Read ? s_noHistory : ChangeTable.ReadHistory(database, change.Target, limits, change.StartedAt);
        var refusals = change.Risk == Risk.Read ? [] : restraints(history);
        // The rule of one change in flight holds in the file itself; it is not left to whoever gave the restraints.
        if (history.InFlight is { } other && !refusals.Any(IsInFlight))
        {
            refusals = [.. refusals, new Finding(Rules.InFlight, Requirement.Deny, $"{other.Operation} on {change.Target} has begun and not ended", "Wait until it ends.")];
        }

        if (refusals.Count > 0) return new Admission { Refusals = refusals, InFlight = history.InFlight };
        if (change.Approval is { } approval && !ApprovalTable.Use(database, approval, change.StartedAt)) return new Admission { ApprovalUnusable = true };

        ChangeTable.Insert(database, change);
        session.Append(entry);
        return new Admission();
    }

    private static bool End(WriteSession session, ChangeRecord change, DateTimeOffset endedAt, AuditEntry entry)
    {
        if (ChangeTable.End(session.Database, change, endedAt))
        {
            session.Append(entry);
            return true;
        }

        if (ChangeTable.Exists(session.Database, change.Id)) return false;
        throw new HomelabException(ErrorKind.NotFound, "ChangeNotFound", $"There is no change {change.Id} ({change.Operation} on {change.Target}) that could end.", change.Id);
    }

    private static readonly ChangeHistory s_noHistory = new(null, null, 0, 0);

    private static bool IsInFlight(Finding finding) => finding.Rule == Rules.InFlight;
}
