using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Lists the questions that wait for a person.</summary>
[Cmdlet(VerbsCommon.Get, "HlApproval")]
[OutputType(typeof(Approval))]
[Description("Lists the questions that wait for a person's answer, or shows one. No answer in time means no.")]
[Example("Get-HlApproval", "List what waits for an answer.")]
[Example("Get-HlApproval -Status Denied", "List what was refused.")]
public sealed class GetHlApprovalCommand : LabCmdlet
{
    /// <summary>The question.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Description("The question's id. All of the given status when not given.")]
    public string? Id { get; set; }

    /// <summary>Where they stand.</summary>
    [Parameter]
    [Description("Where they stand: Pending, Approved, Denied, Expired, Used or Void. Pending when not given.")]
    public ApprovalStatus Status { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Id is not null)
        {
            await pipeline.WriteAsync(await Lab.Runtime.Approvals.GetAsync(Id, cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return;
        }

        // What waits is asked for by the desk, which knows whose time is over.
        var found = Status == ApprovalStatus.Pending
            ? await Lab.Runtime.Approvals.ListPendingAsync(cancellationToken).ConfigureAwait(false)
            : await Lab.Runtime.Store.ListApprovalsAsync(Status, cancellationToken).ConfigureAwait(false);
        foreach (var approval in found) await pipeline.WriteAsync(approval).ConfigureAwait(false);
    }
}
