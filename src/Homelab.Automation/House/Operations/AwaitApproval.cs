using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Automation.House;

/// <summary>Waits a bounded time for a person's answer, and tells how the question stands then.</summary>
/// <remarks>At the prompt it is for scripts that asked; <c>Get-HlApproval</c> shows at once how a question stands.</remarks>
[Operation("approval_wait", Level.Monitor, Risk.Read)]
[Description("Waits until a person has answered a question, or until the timeout, and tells how it stands then and what to do next. It never answers for the person.")]
[Example("Wait-HlApproval 0f3a9c2b7d51e8a4", "Wait up to 45 seconds for the answer to one question.")]
[Example("Get-HlApproval | Wait-HlApproval -Timeout 5s", "Give each question that waits five seconds more.")]
[Example("do { $state = Wait-HlApproval $id } while ($state.Status -eq 'Pending')", "Wait until there is an answer, or the question's time is over.")]
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
