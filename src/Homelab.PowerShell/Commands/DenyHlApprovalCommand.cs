using System.ComponentModel;
using System.Management.Automation;

namespace Homelab.PowerShell.Commands;

/// <summary>Answers a question with no.</summary>
[Cmdlet(VerbsLifecycle.Deny, "HlApproval", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(Approval))]
[Description("Answers a question with no. That is final: whoever wants it still must ask anew.")]
[Example("Deny-HlApproval 0f3a9c2b7d51e8a4", "Say no to one question.")]
[Example("Get-HlApproval | Where-Object Operation -like 'docker_stop*' | Deny-HlApproval", "Say no to every wish to stop a container.")]
public sealed class DenyHlApprovalCommand : AnswerCmdlet
{
    /// <inheritdoc/>
    private protected override string Answer => "Deny";

    /// <inheritdoc/>
    private protected override Task<Approval> GiveAsync(string approver, CancellationToken cancellationToken) => Lab.Runtime.Approvals.DenyAsync(Id, approver, cancellationToken);
}
