namespace Homelab.State;

/// <content>Questions on channels.</content>
public abstract partial class StateStore
{
    // Of one that ran on a machine that is gone nobody could tell that it does not live: a container has another name each time it is made.
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_renewal = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async Task<bool> ClaimChannelAsync(string channel, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(channel);
        // Asked again and again by whoever serves: only a change is a write.
        var (isOurs, isFree) = await _reader.ReadAsync(Look, cancellationToken).ConfigureAwait(false);
        return isOurs || (isFree && await _writer.WriteAsync(s => ClaimChannel(s.Database, channel), cancellationToken).ConfigureAwait(false));

        (bool IsOurs, bool IsFree) Look(Database database)
        {
            var (owner, seen) = ApprovalMessageTable.FindOwner(database, channel);
            return (owner == Owner && seen > _time.GetUtcNow() - s_renewal, IsChannelFree(database, owner, seen));
        }
    }

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

    private bool ClaimChannel(Database database, string channel)
    {
        var (owner, seen) = ApprovalMessageTable.FindOwner(database, channel);
        if (!IsChannelFree(database, owner, seen)) return false;
        ApprovalMessageTable.SetOwner(database, channel, Owner, _time.GetUtcNow());
        return true;
    }

    private bool IsChannelFree(Database database, string? owner, DateTimeOffset? seen) => IsFree(database, owner) || seen is null || seen <= _time.GetUtcNow() - s_silence;

    private static ApprovalMessage? ClaimMessage(Database database, string approval, string channel, string nonce)
    {
        var message = ApprovalMessageTable.Find(database, approval, channel);
        if (message is { Reference: not null } or { IsFinal: true }) return null;
        message = (message ?? new ApprovalMessage { Approval = approval, Channel = channel, Nonce = nonce }) with { Nonce = nonce };
        ApprovalMessageTable.Save(database, message);
        return message;
    }
}
