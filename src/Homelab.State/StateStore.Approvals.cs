namespace Homelab.State;

/// <content>Questions to people.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public Task<Approval> AddApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(entry);
        return _writer.WriteAsync(Add, cancellationToken);

        Approval Add(WriteSession session)
        {
            if (ApprovalTable.FindSame(session.Database, approval) is { } same) return same;
            ApprovalTable.Insert(session.Database, approval);
            session.Append(entry);
            return approval;
        }
    }

    /// <inheritdoc/>
    public Task<Approval> ReplaceApprovalAsync(Approval approval, AuditEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(entry);
        return _writer.WriteAsync(Replace, cancellationToken);

        Approval Replace(WriteSession session)
        {
            if (!ApprovalTable.Answer(session.Database, approval))
            {
                throw new HomelabException(ErrorKind.Conflict, "ApprovalClosed", $"Approval {approval.Id} was answered by somebody else in between. Look at it again.", approval.Id);
            }

            session.Append(entry);
            return approval with { Version = approval.Version + 1 };
        }
    }

    /// <inheritdoc/>
    public Task<Approval?> FindApprovalAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _reader.ReadAsync(d => ApprovalTable.Find(d, id), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(ApprovalStatus status, CancellationToken cancellationToken) =>
        _reader.ReadAsync(d => ApprovalTable.List(d, status), cancellationToken);
}
