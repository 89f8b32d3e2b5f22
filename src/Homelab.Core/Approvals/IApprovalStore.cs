namespace Homelab;

/// <summary>What must be known of questions on channels after a kill at any moment: what was put where, and how far answers were taken.</summary>
public interface IApprovalStore
{
    /// <summary>Makes this process the one that puts questions on a channel and hears the answers, unless another living one is.</summary>
    /// <returns>True when it is this one.</returns>
    Task<bool> ClaimChannelAsync(string channel, CancellationToken cancellationToken);

    /// <summary>
    /// Takes it on to put a question on a channel, with this nonce. What a process may have put that died before it knew is dead with its nonce.
    /// </summary>
    /// <returns>Null when it was put already.</returns>
    Task<ApprovalMessage?> ClaimMessageAsync(string approval, string channel, string nonce, CancellationToken cancellationToken);

    /// <summary>Writes down where a message is and what it says.</summary>
    Task SaveMessageAsync(ApprovalMessage message, CancellationToken cancellationToken);

    /// <summary>Remembers the name under which somebody answered.</summary>
    Task SavePersonAsync(string approval, string channel, string approver, string name, CancellationToken cancellationToken);

    /// <summary>The messages of a channel that may still change.</summary>
    Task<IReadOnlyList<ApprovalMessage>> ListOpenMessagesAsync(string channel, CancellationToken cancellationToken);

    /// <summary>The message whose buttons carry this nonce, whether or not it may still change; null where there is none.</summary>
    Task<ApprovalMessage?> FindMessageAsync(string channel, string nonce, CancellationToken cancellationToken);

    /// <summary>How far a channel's answers were taken; null before the first.</summary>
    Task<string?> FindCursorAsync(string channel, CancellationToken cancellationToken);

    /// <summary>Writes down how far a channel's answers were taken.</summary>
    Task SaveCursorAsync(string channel, string cursor, CancellationToken cancellationToken);

    /// <summary>The change that used an approval; null where none did.</summary>
    Task<ChangeRecord?> FindChangeOfAsync(string approval, CancellationToken cancellationToken);

    /// <summary>Some of all approvals, the youngest first.</summary>
    Task<IReadOnlyList<Approval>> ListApprovalsAsync(int most, CancellationToken cancellationToken);
}
