namespace Homelab.State;

/// <content>Questions on channels.</content>
public sealed partial class SqliteStore
{
    /// <inheritdoc/>
    public Task<ApprovalMessage?> ClaimMessageAsync(string approval, string channel, string nonce, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(nonce);
        return _writer.WriteAsync(s => ClaimMessage(s.Database, approval, channel, nonce), cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveMessageAsync(ApprovalMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        return _writer.WriteAsync(Save, cancellationToken);

        bool Save(WriteSession session)
        {
            ApprovalMessageTable.Save(session.Database, message);
            return true;
        }
    }

    /// <inheritdoc/>
    public Task SavePersonAsync(string approval, string channel, string approver, string name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approver);
        ArgumentNullException.ThrowIfNull(name);
        return _writer.WriteAsync(Save, cancellationToken);

        bool Save(WriteSession session)
        {
            if (ApprovalMessageTable.Find(session.Database, approval, channel) is not { } message) return false;
            ApprovalMessageTable.SavePeople(session.Database, approval, channel, new Dictionary<string, string>(message.People, StringComparer.Ordinal) { [approver] = name });
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApprovalMessage>> ListOpenMessagesAsync(string channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return _reader.ReadAsync(d => ApprovalMessageTable.ListOpen(d, channel), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ApprovalMessage?> FindMessageAsync(string channel, string nonce, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(nonce);
        return _reader.ReadAsync(d => ApprovalMessageTable.FindByNonce(d, channel, nonce), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<string?> FindCursorAsync(string channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return _reader.ReadAsync(d => ApprovalMessageTable.FindCursor(d, channel), cancellationToken);
    }

    /// <inheritdoc/>
    public Task SaveCursorAsync(string channel, string cursor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        ArgumentNullException.ThrowIfNull(cursor);
        return _writer.WriteAsync(Save, cancellationToken);

        bool Save(WriteSession session)
        {
            ApprovalMessageTable.SaveCursor(session.Database, channel, cursor);
            return true;
        }
    }

    /// <inheritdoc/>
    public Task<ChangeRecord?> FindChangeOfAsync(string approval, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(approval);
        return _reader.ReadAsync(d => ChangeTable.FindByApproval(d, approval), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Approval>> ListApprovalsAsync(int most, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        return _reader.ReadAsync(d => ApprovalTable.ListNewest(d, most), cancellationToken);
    }

    private static ApprovalMessage? ClaimMessage(Database database, string approval, string channel, string nonce)
    {
        var message = ApprovalMessageTable.Find(database, approval, channel);
        if (message is { Reference: not null } or { IsFinal: true }) return null;
        if (message is not null && message.Owner != ProcessOwner.Current && ProcessOwner.IsAlive(message.Owner)) return null;
        message = (message ?? new ApprovalMessage { Approval = approval, Channel = channel, Nonce = nonce, Owner = ProcessOwner.Current }) with { Nonce = nonce, Owner = ProcessOwner.Current };
        ApprovalMessageTable.Save(database, message);
        return message;
    }
}
