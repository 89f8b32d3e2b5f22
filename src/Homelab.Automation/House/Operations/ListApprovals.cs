using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Lists the questions that wait for a person, or shows one.</summary>
/// <remarks>At the prompt <c>Get-HlApproval</c>.</remarks>
[Operation("approval_list", Level.Monitor, Risk.Read)]
[Description("Lists the questions that wait for a person's answer, or shows one, with what follows from how it stands. No answer in time means no. Nothing here answers one.")]
[Example("Get-HlApproval", "List what waits for an answer.")]
[Example("Get-HlApproval -Status Denied", "List what was refused.")]
public sealed class ListApprovals(HouseDesk house) : Query<ListApprovals.Input, ApprovalState>
{
    /// <summary>Which ones.</summary>
    public sealed record Input
    {
        /// <summary>The question.</summary>
        [Subject, Description("The question's id. All of the given status when not given.")]
        public string? Id { get; init; }

        /// <summary>Where they stand.</summary>
        [Description("Where they stand.")]
        public ApprovalStatus Status { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ApprovalState> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var approvals = house.Context.Approvals;
        // What waits is asked for by the desk, which knows whose time is over.
        var found = input switch
        {
            { Id: { } id } => [await approvals.GetAsync(id, cancellationToken).ConfigureAwait(false)],
            { Status: ApprovalStatus.Pending } => await approvals.ListPendingAsync(cancellationToken).ConfigureAwait(false),
            _ => await house.Store.ListApprovalsAsync(input.Status, cancellationToken).ConfigureAwait(false),
        };
        foreach (var approval in found) yield return ApprovalState.Of(approval);
    }
}
