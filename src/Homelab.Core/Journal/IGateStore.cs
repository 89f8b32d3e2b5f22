namespace Homelab;

/// <summary>
/// What the gate writes down. Every method that changes something is one durable transaction: when it returns, the fact is on disk together with
/// its line of the audit; when the process dies before, neither is.
/// </summary>
public interface IGateStore : ILeaseStore
{
    /// <summary>
    /// Within one transaction: looks for a record with the same key, reads the history, asks <paramref name="restraints"/>, uses up the approval,
    /// and writes the record and its audit line.
    /// </summary>
    /// <param name="change">The record, open.</param>
    /// <param name="limits">The spans over which history is counted.</param>
    /// <param name="restraints">Speaks against the change, or returns nothing. Pure; may be called more than once.</param>
    /// <param name="entry">The intent's audit line.</param>
    /// <param name="cancellationToken">Ends the wait; what was written stays.</param>
    /// <exception cref="HomelabException"><c>LeaseLost</c> (Conflict): it belongs to an incident or a run that this process does not hold any more; nothing was written.</exception>
    Task<Admission> BeginAsync(ChangeRecord change, ActionLimits limits, Func<ChangeHistory, IReadOnlyList<Finding>> restraints, AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Writes how an open change ended. A change that has ended already is left as it is.</summary>
    Task EndAsync(ChangeRecord change, AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>The history that restraints ask about, without reserving anything: for explanations.</summary>
    Task<ChangeHistory> ReadHistoryAsync(string target, ActionLimits limits, CancellationToken cancellationToken);

    /// <summary>Changes that have begun and not ended, oldest first.</summary>
    Task<IReadOnlyList<ChangeRecord>> ListOpenAsync(CancellationToken cancellationToken);

    /// <summary>Appends an audit line that belongs to no change.</summary>
    /// <param name="entry">The line.</param>
    /// <param name="durable">False for reads: the call does not wait for the disk.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task AppendAuditAsync(AuditEntry entry, bool durable, CancellationToken cancellationToken);

    /// <summary>The audit from a line on, in order.</summary>
    IAsyncEnumerable<AuditEntry> ReadAuditAsync(long fromSequence, CancellationToken cancellationToken);

    /// <summary>The newest lines of the audit, in order: found without a walk along the whole chain.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadAuditTailAsync(int most, CancellationToken cancellationToken);

    /// <summary>Adds an approval; when the same hash by the same caller already stands pending, that one is returned and nothing is written.</summary>
    Task<Approval> AddApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Writes an approval anew, if nobody did since it was read.</summary>
    /// <exception cref="HomelabException"><c>ApprovalClosed</c> (Conflict): somebody answered in between.</exception>
    Task<Approval> ReplaceApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>One approval, or null.</summary>
    Task<Approval?> FindApprovalAsync(string id, CancellationToken cancellationToken);

    /// <summary>All approvals in a state, oldest first.</summary>
    Task<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalStatus status, CancellationToken cancellationToken);
}

/// <summary>What came of a wish to begin a change.</summary>
public sealed record Admission
{
    /// <summary>Set when a record with the same key exists: the wish was acted on before.</summary>
    public ChangeRecord? Existing { get; init; }

    /// <summary>Set when something speaks against it.</summary>
    public IReadOnlyList<Finding> Refusals { get; init; } = [];

    /// <summary>The change that is in flight, when that is what speaks against it.</summary>
    public ChangeRecord? InFlight { get; init; }

    /// <summary>True when the approval it was to use is not approved, not in time, or used already.</summary>
    public bool ApprovalUnusable { get; init; }

    /// <summary>True when the record is written and the change may begin.</summary>
    public bool Admitted => Existing is null && Refusals.Count == 0 && !ApprovalUnusable;
}
