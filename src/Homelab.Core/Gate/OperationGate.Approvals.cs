using System.Text.Json;

namespace Homelab;

/// <content>How an approval is met: it is for one operation, one input and one state of the world.</content>
public sealed partial class OperationGate
{
    /// <summary>As <see cref="PrepareAsync"/>; a target that is gone since people were asked makes their answer void.</summary>
    private async Task<(Prepared<object> Prepared, Intent Intent, Decision Decision)> PrepareApprovedAsync(
        Operation operation, IRunnableChange change, object bound, OperationContext context, GateRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await PrepareAsync(operation, change, bound, context, request, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.NotFound && request.Approval is not null)
        {
            if (await FindGoneAsync(request.Approval, operation, change, context, request.Caller, cancellationToken).ConfigureAwait(false) is not { } gone) throw;
            throw Void(await _approvals.VoidAsync(gone, $"{gone.Target} is not there any more", cancellationToken).ConfigureAwait(false));
        }
    }

    // That what the caller names now is not there says nothing of what was asked about: so that is looked for itself, and only for whoever asked.
    private async Task<Approval?> FindGoneAsync(string id, Operation operation, IRunnableChange change, OperationContext context, Caller caller, CancellationToken cancellationToken)
    {
        var approval = await _approvals.GetAsync(id, cancellationToken).ConfigureAwait(false);
        if (!approval.IsOpen || approval.Operation != operation.Descriptor.Name || approval.RequestedBy.ToString() != caller.ToString()) return null;
        try
        {
            using var json = JsonDocument.Parse(approval.Input);
            await change.PrepareAsync(operation.Descriptor.Input.Bind(json.RootElement), context, cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (HomelabException e)
        {
            return e.Kind == ErrorKind.NotFound ? approval : null;
        }
    }

    private async Task<Approval> FindApprovalAsync(string id, Operation operation, Prepared<object> prepared, Decision decision, CancellationToken cancellationToken)
    {
        var approval = await _approvals.GetAsync(id, cancellationToken).ConfigureAwait(false);
        var needed = decision.Verdict == Requirement.AskTwice ? 2 : 1;
        if (approval.Hash != operation.Descriptor.Input.Hash(operation.Descriptor.Name, prepared.Input))
        {
            throw new HomelabException(
                ErrorKind.Denied,
                "ApprovalMismatch",
                $"Approval {id} was given for something else ({approval.Question}), or its target has changed since. Ask again.",
                id);
        }

        // A used one has changed the world itself.
        if (approval.IsOpen && approval.World != prepared.World) approval = await _approvals.VoidAsync(approval, ApprovalDesk.WorldChanged(approval, prepared.World), cancellationToken).ConfigureAwait(false);
        if (approval.Status == ApprovalStatus.Void) throw Void(approval);

        // A used one may be met again by the very wish that used it, after a crash: the store knows by the key, and refuses every other.
        var answered = approval.Status is ApprovalStatus.Approved or ApprovalStatus.Used && approval.Confirmations.Count >= needed;
        return answered || (approval.Status == ApprovalStatus.Pending && approval.Needed >= needed)
            ? approval
            : throw new HomelabException(ErrorKind.Denied, ApprovalUnusable, $"Approval {id} is {approval.Status} with {approval.Confirmations.Count} of {needed} confirmations. Ask again.", id);
    }

    private static HomelabException Void(Approval approval) => approval.Status == ApprovalStatus.Void
        ? new HomelabException(ErrorKind.Conflict, ApprovalVoid, $"Approval {approval.Id} ({approval.Question}) is void: {approval.VoidedBy}. Nothing was done. Look at {approval.Target}, then ask again.", approval.Id) { NothingHappened = true }
        : new HomelabException(ErrorKind.Denied, ApprovalUnusable, $"Approval {approval.Id} is {approval.Status}. Ask again.", approval.Id);
}
