using System.ComponentModel;
using System.Management.Automation;
using Homelab.Automation.Healing;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Operations;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Heals a service now, as if its alert had come.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "HlHeal", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(HealReport), typeof(HealPlan))]
[Description("Heals a service now, as if its alert had come: looks first and does nothing when it is well, finds the cause, runs the runbook that fits through the gate as yourself, and proves that the service is back. With -WhatIf it does nothing and says which runbook it would run and why.")]
[Example("Invoke-HlHeal gitea", "Heal one service.")]
[Example("Test-HlService | Where-Object Status -ne Up | Invoke-HlHeal -WhatIf", "Say what would be done about every service that is not up.")]
public sealed class InvokeHlHealCommand : LabCmdlet
{
    /// <summary>The service.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ServiceNameCompleter))]
    [Description("The service as the lab file names it.")]
    public string Service { get; set; } = "";

    /// <summary>Also when it is well.</summary>
    [Parameter]
    [Description("Runs the runbook even when the service is proved to be well.")]
    public SwitchParameter EvenIfWell { get; set; }

    /// <summary>Skips the questions.</summary>
    [Parameter]
    [Description("Skips the questions that -Confirm would ask. Never what the policy wants, and never a second confirmation.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var request = new HealRequest
        {
            Service = Service,
            Caller = Caller,
            EvenIfWell = EvenIfWell,
            Confirmation = Caller.IsUnattended ? null : new PromptConfirmation(pipeline, Force),
            Progress = e => HealingProgress.Tell(pipeline, e),
        };
        try
        {
            if (IsWhatIf) await PlanAsync(pipeline, request, cancellationToken).ConfigureAwait(false);
            else await HealAsync(pipeline, request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            pipeline.EndProgress();
        }
    }

    private async Task PlanAsync(CmdletPipeline pipeline, HealRequest request, CancellationToken cancellationToken)
    {
        var plan = await Lab.Runtime.Healing.PlanHealAsync(request, cancellationToken).ConfigureAwait(false);
        await pipeline.ShouldProcessAsync(plan.Service, plan.Runbook is { } runbook ? $"Heal with {runbook}" : "Escalate").ConfigureAwait(false);
        await pipeline.WriteAsync(plan).ConfigureAwait(false);
    }

    private async Task HealAsync(CmdletPipeline pipeline, HealRequest request, CancellationToken cancellationToken)
    {
        var report = await Lab.Runtime.Healing.HealAsync(request, cancellationToken).ConfigureAwait(false);
        await pipeline.WriteAsync(report).ConfigureAwait(false);
        if (report.WasWell || report.Report is { Incident.Status: IncidentStatus.Recovered }) return;
        await pipeline.WriteErrorAsync(new HomelabException(ErrorKind.Failed, "ServiceNotHealed", $"{Service} was not healed: {report.Summary}. Its Report says what was seen and done.", Service)).ConfigureAwait(false);
    }
}
