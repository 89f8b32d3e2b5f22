namespace Homelab.Host.Mcp;

/// <summary>
/// The questions that a caller has asked and people have answered. A call is repeated after the answer, and no argument of it could name the approval: so it is
/// looked for here, and the gate says which one was given for exactly this input.
/// </summary>
internal sealed class AnsweredQuestions(IGateStore store, TimeProvider time)
{
    /// <summary>Those about one operation whose time is not over, the youngest first.</summary>
    internal async Task<IReadOnlyList<Approval>> ListAsync(Caller caller, string operation, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var yes = await store.ListApprovalsAsync(ApprovalStatus.Approved, cancellationToken);
        var no = await store.ListApprovalsAsync(ApprovalStatus.Denied, cancellationToken);
        return
        [
            .. yes.Concat(no)
                // What a run asked for is for that run.
                .Where(a => a.Operation == operation && a.RequestedBy is { Run: null, Incident: null } && a.RequestedBy.Face == caller.Face && a.RequestedBy.Identity == caller.Identity && a.ExpiresAt > now)
                .OrderByDescending(a => a.RequestedAt),
        ];
    }
}
