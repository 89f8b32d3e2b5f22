using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Waits a bounded time for a person's answer, and tells how the question stands then.</summary>
/// <remarks>At the prompt <c>Get-HlApproval</c> shows the same at once.</remarks>
[Operation("approval_wait", Level.Monitor, Risk.Read)]
[Description("Waits until a person has answered a question, or until the timeout, and tells how it stands then and what to do next. It never answers for the person.")]
[Example("Get-HlApproval 0f3a9c2b7d51e8a4", "Show how a question stands.")]
[Example("Get-HlApproval -Status Approved", "List what was agreed to and not used yet.")]
public sealed class AwaitApproval(HouseDesk house) : Query<AwaitApproval.Input, ApprovalState>
{
    private static readonly TimeSpan s_every = TimeSpan.FromMilliseconds(250);

    /// <summary>Which one, and how long.</summary>
    public sealed record Input
    {
        /// <summary>The question.</summary>
        [Subject, Description("The question's id.")]
        public required string Id { get; init; }

        /// <summary>How long to wait.</summary>
        [DurationRange("0s", "45s"), Description("How long to wait at the most. Call it again to wait longer.")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(45);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Wait for the answer to", new Target("approval", input.Id));

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ApprovalState> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var until = context.Time.GetUtcNow() + input.Timeout;
        while (true)
        {
            var approval = await house.Context.Approvals.GetAsync(input.Id, cancellationToken).ConfigureAwait(false);
            if (approval.Status != ApprovalStatus.Pending || context.Time.GetUtcNow() >= until)
            {
                yield return ApprovalState.Of(approval);
                yield break;
            }

            context.Report($"Waiting for an answer to {approval.Id}", $"{approval.Confirmations.Count} of {approval.Needed} confirmations");
            await Task.Delay(s_every, context.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
