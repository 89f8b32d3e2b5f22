using System.Collections;
using System.ComponentModel;
using System.Management.Automation;
using Homelab.Automation.Runbooks;
using Homelab.PowerShell.Binding;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Operations;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Runs a runbook now; under <c>-WhatIf</c> says what it would do, step by step, and what the gate would decide.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HlRunbook", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(RunReport), typeof(RunbookPlanStep))]
[Description("Runs a runbook now, each step through the gate as yourself, and proves afterwards that the service is well. With -WhatIf it does nothing and returns the plan: each step with the gate's decision.")]
[Example("Invoke-HlRunbook container-crash-recovery gitea -WhatIf", "Show what the runbook would do for gitea, and whether it may.")]
[Example("Invoke-HlRunbook container-crash-recovery gitea", "Run it.")]
public sealed class InvokeHlRunbookCommand : LabCmdlet
{
    /// <summary>The runbook.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RunbookNameCompleter))]
    [Description("The runbook.")]
    public string Name { get; set; } = "";

    /// <summary>The service.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [Description("The service to run it for, where it is for one.")]
    public string? Service { get; set; }

    /// <summary>Further values.</summary>
    [Parameter]
    [Description("Values that its expressions find under values, as a hashtable: @{ days = 7 }.")]
    public Hashtable? Value { get; set; }

    /// <summary>Skips the questions.</summary>
    [Parameter]
    [Description("Skips the questions that -Confirm would ask. Never what the policy wants, and never a second confirmation.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var request = new RunbookRequest
        {
            Runbook = Name,
            Service = Service,
            Values = Argument.ToJson(Value),
            Caller = Caller,
            Confirmation = Caller.IsUnattended ? null : new PromptConfirmation(pipeline, Force),
            Progress = e => HealingProgress.Tell(pipeline, e),
        };
        try
        {
            if (IsWhatIf) await PlanAsync(pipeline, request, cancellationToken).ConfigureAwait(false);
            else await TellAsync(pipeline, await Lab.Runtime.Desk.RunAsync(request, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            pipeline.EndProgress();
        }
    }

    private async Task PlanAsync(CmdletPipeline pipeline, RunbookRequest request, CancellationToken cancellationToken)
    {
        var plan = await Lab.Runtime.Desk.PlanAsync(request, cancellationToken).ConfigureAwait(false);
        await pipeline.ShouldProcessAsync(plan.Service ?? Lab.Runtime.File.Lab.Name, $"Run runbook {plan.Runbook}").ConfigureAwait(false);
        if (plan.Throttled is { } why) pipeline.Warn($"Its throttle would hold an unattended caller: {why}.");
        foreach (var step in plan.Steps) await pipeline.WriteAsync(step).ConfigureAwait(false);
    }

    private async Task TellAsync(CmdletPipeline pipeline, RunReport report)
    {
        await pipeline.WriteAsync(report).ConfigureAwait(false);
        switch (report.Run.Status)
        {
            case RunStatus.Done or RunStatus.Recovered:
                return;
            case RunStatus.Waiting when report.Approval is { } approval:
                await pipeline.WriteErrorAsync(new HomelabException(
                    ErrorKind.Denied,
                    "ApprovalNeeded",
                    $"Runbook {Name} waits for a person's answer to {approval.Id}: {approval.Question} Answer with Approve-HlApproval {approval.Id} before {approval.ExpiresAt:u}, then run it again.",
                    Name)).ConfigureAwait(false);
                return;
            default:
                await pipeline.WriteErrorAsync(new HomelabException(ErrorKind.Failed, "RunbookNotDone", $"Runbook {Name} ended as {report.Run.Status}: {report.Run.Summary}. Its Steps and Run.Evidence say what was seen.", Name)).ConfigureAwait(false);
                return;
        }
    }
}
