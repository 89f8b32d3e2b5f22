using System.ComponentModel;
using System.Management.Automation;

namespace Homelab.PowerShell.Commands;

/// <summary>Answers a question with yes.</summary>
[Cmdlet(VerbsLifecycle.Approve, "HlApproval", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Approval))]
[Description("Answers a question with yes: exactly the operation and input that were asked about may run once. Whoever asked cannot answer.")]
[Example("Get-HlApproval | Approve-HlApproval -Confirm", "Go through everything that waits, and be asked about each.")]
[Example("Approve-HlApproval 0f3a9c2b7d51e8a4 -Target traefik@infra", "Give the second, different confirmation by typing the target's name.")]
public sealed class ApproveHlApprovalCommand : AnswerCmdlet
{
    /// <summary>The target's name.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [Description("The target's name, typed in: makes a second confirmation a different one.")]
    public string? Target { get; set; }

    /// <inheritdoc/>
    private protected override string Answer => "Approve";

    /// <inheritdoc/>
    private protected override Task<Approval> GiveAsync(string approver, CancellationToken cancellationToken) =>
        Lab.Runtime.Approvals.ApproveAsync(Id, approver, Target, cancellationToken);
}
