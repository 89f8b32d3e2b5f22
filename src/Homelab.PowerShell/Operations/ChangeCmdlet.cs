using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Operations;

/// <summary>The face of an operation that changes something: <c>-WhatIf</c> asks the gate for its decision and does nothing, <c>-Confirm</c> is the gate's question.</summary>
public abstract class ChangeCmdlet : OperationCmdlet
{
    private protected ChangeCmdlet()
    {
    }

    /// <summary>Skips the question that -Confirm would ask. Never what the policy wants, and never a second confirmation.</summary>
    [Parameter]
    [Description("Skips the question that -Confirm would ask. Never what the policy wants, and never a second confirmation.")]
    public SwitchParameter Force { get; set; }

    /// <summary>The id of an approval that was given for exactly this. Only where nobody sits at the prompt; see Connect-Hl -Unattended.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The id of an approval that was given for exactly this. Only for sessions that are connected with Connect-Hl -Unattended.")]
    public string? Approval { get; set; }

    /// <summary>True when the changed thing is written to the pipeline.</summary>
    private protected virtual bool Emits => true;

    // Under -NoWait, which some of these cmdlets have.
    private bool Leaves => MyInvocation.BoundParameters.TryGetValue("NoWait", out var given) && given is SwitchParameter { IsPresent: true };

    /// <inheritdoc/>
    private protected sealed override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        try
        {
            var request = Request(pipeline) with
            {
                Approval = Approval,
                DryRun = IsWhatIf,
                Confirmation = Caller.IsUnattended ? null : new PromptConfirmation(pipeline, Force),
            };
            await TellAsync(pipeline, await Lab.Runtime.Gate.InvokeAsync(request, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            pipeline.EndProgress();
        }
    }

    private async Task TellAsync(CmdletPipeline pipeline, GateOutcome outcome)
    {
        switch (outcome)
        {
            case GateOutcome.Done { Result: IMayLeaveTask { Task: { } task } } when Leaves:
                // Whoever does not wait for a task needs it, to wait for it later: with or without -PassThru, and also where it was quicker than our look at it, or has failed by then.
                await WriteAsync(pipeline, task).ConfigureAwait(false);
                break;
            case GateOutcome.Done { Result: { } result }:
                if (result is IMayLeaveTask { Task: { State: TaskState.Warned } warned })
                {
                    pipeline.Warn($"{outcome.Intent}: done, but its task ended with {warned.ExitStatus}. Get-HlTask '{warned.Upid}' -Log shows them.");
                }

                if (result is IMayWarn { Warning: { } warning }) pipeline.Warn(warning);
                if (Emits) await WriteAsync(pipeline, result).ConfigureAwait(false);
                break;
            case GateOutcome.Done:
                pipeline.Verbose($"{outcome.Intent}: the answer was lost, and a look showed that it happened.");
                break;
            case GateOutcome.Planned { Decision.Verdict: Requirement.Deny }:
                await pipeline.WriteErrorAsync(GateException.Of(outcome.Intent, outcome.Decision)).ConfigureAwait(false);
                break;
            case GateOutcome.Planned:
                pipeline.Verbose($"{outcome.Intent}: {outcome.Decision}");
                if (outcome.Decision.Verdict == Requirement.AskTwice) pipeline.Warn($"{outcome.Intent} would ask for a second confirmation: {string.Join("; ", outcome.Decision.Decisive.Select(static f => f.Reason))}.");
                await pipeline.ShouldProcessAsync(outcome.Intent.Target.ToString(), outcome.Intent.Action).ConfigureAwait(false);
                break;
            case GateOutcome.Waiting { Approval: var approval }:
                await pipeline.WriteErrorAsync(new HomelabException(
                    ErrorKind.Denied,
                    "ApprovalNeeded",
                    $"{outcome.Intent} needs a person's approval: {approval.Reason}. It was asked for as {approval.Id}; answer with Approve-HlApproval {approval.Id} before {approval.ExpiresAt:u}, then call again with -Approval {approval.Id}.",
                    outcome.Intent.Target.ToString())).ConfigureAwait(false);
                break;
            case GateOutcome.Declined:
                pipeline.Verbose($"{outcome.Intent}: not confirmed, nothing was done.");
                break;
        }
    }
}
