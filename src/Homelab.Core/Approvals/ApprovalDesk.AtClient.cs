namespace Homelab;

/// <content>What counts of an answer that the person at an AI client gave, where the client can show a question.</content>
public sealed partial class ApprovalDesk
{
    private const string AtClient = "mcp-elicitation";

    /// <summary>
    /// True when a yes given at the client counts: the policy lets it, the operation interrupts and destroys nothing, and one confirmation is all that is asked for. Who sits at a client, and
    /// whether anybody does, only the client knows.
    /// </summary>
    public bool TakesYesAtClient(Approval approval, OperationDescriptor operation)
    {
        ArgumentNullException.ThrowIfNull(approval);
        ArgumentNullException.ThrowIfNull(operation);
        return policy.Elicitation == ElicitationRule.Change
            && operation.Name == approval.Operation
            && operation.Risk == Risk.Change
            && approval is { Needed: 1, Confirmations.Count: 0, RequestedBy: { Face: Face.Mcp, Run: null, Incident: null } };
    }

    /// <summary>Takes what the person at a client answered to the question of that client. A no is final, as any other; a yes counts where <see cref="TakesYesAtClient"/> says so.</summary>
    /// <exception cref="HomelabException">
    /// <c>ApprovalNotFound</c>; <c>ApprovalClosed</c> (Conflict): already answered, used or expired; <c>ApproverNotAllowed</c> (Denied): it is another's question, or a yes does not count.
    /// </exception>
    public async Task<Approval> AnswerAtClientAsync(string id, Caller client, OperationDescriptor operation, bool yes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var approval = await GetAsync(id, cancellationToken).ConfigureAwait(false);
        var who = $"{AtClient}:{client.Identity}";
        if (approval.Status is not ApprovalStatus.Pending)
        {
            throw new HomelabException(ErrorKind.Conflict, Closed, $"Approval {id} is {approval.Status} and takes no more answers. Ask again if it is still wanted.", id);
        }

        if (client.Face != Face.Mcp || approval.RequestedBy.ToString() != client.ToString()) throw await RefuseAsync("it is another's question").ConfigureAwait(false);
        if (!yes) return await ReplaceAsync(approval with { Status = ApprovalStatus.Denied, DeniedBy = who, ClosedAt = time.GetUtcNow() }, who, "denied", cancellationToken).ConfigureAwait(false);
        if (!TakesYesAtClient(approval, operation)) throw await RefuseAsync("a yes given at the client does not count for it").ConfigureAwait(false);
        var answered = approval with { Confirmations = [new Confirmation(who, time.GetUtcNow(), TypedTarget: false)], Status = ApprovalStatus.Approved };
        return await ReplaceAsync(answered, who, "confirmed 1 of 1 at the client", cancellationToken).ConfigureAwait(false);

        async Task<HomelabException> RefuseAsync(string why)
        {
            await NoteRefusalAsync(approval, who, why, cancellationToken).ConfigureAwait(false);
            return new HomelabException(ErrorKind.Denied, NotAllowed, $"The answer of {who} to approval {id} is not taken: {why}. A person answers by a channel that the client does not control.", id);
        }
    }
}
