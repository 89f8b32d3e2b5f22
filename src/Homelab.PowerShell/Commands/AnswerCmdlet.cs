using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Answers a question in the name of the person at this prompt.</summary>
public abstract class AnswerCmdlet : LabCmdlet
{
    private protected AnswerCmdlet()
    {
    }

    /// <summary>The question.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [Description("The question's id, as Get-HlApproval and the question itself show it.")]
    public string Id { get; set; } = "";

    /// <summary>Skips the question whether you are sure.</summary>
    [Parameter]
    [Description("Skips the question that -Confirm would ask.")]
    public SwitchParameter Force { get; set; }

    /// <summary>Returns the question as it stands after the answer.</summary>
    [Parameter]
    [Description("Returns the question as it stands after the answer.")]
    public SwitchParameter PassThru { get; set; }

    /// <summary>What the answer is called.</summary>
    private protected abstract string Answer { get; }

    /// <summary>Gives the answer.</summary>
    private protected abstract Task<Approval> GiveAsync(string approver, CancellationToken cancellationToken);

    /// <inheritdoc/>
    private protected sealed override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        if (Choice.Unattended)
        {
            throw new HomelabException(ErrorKind.Denied, "ApproverNotAllowed", $"Approval {Id} is for a person to answer, and this session is connected as unattended. Answer at a prompt of your own.", Id);
        }

        var asked = await Lab.Runtime.Approvals.GetAsync(Id, cancellationToken).ConfigureAwait(false);
        if (IsWhatIf || !Force)
        {
            if (!await pipeline.ShouldProcessAsync($"{asked.Question} ({asked.RequestedBy})", Answer).ConfigureAwait(false)) return;
        }

        // The same name as the program's own 'homelab approvals' uses: it is the same person on the same machine.
        var answered = await GiveAsync($"cli:{Environment.UserName}", cancellationToken).ConfigureAwait(false);
        if (PassThru) await pipeline.WriteAsync(answered).ConfigureAwait(false);
        else if (answered.Status == ApprovalStatus.Pending) pipeline.Warn($"{answered.Confirmations.Count} of {answered.Needed} confirmations are given. The next one must be different: another person, or -Target with the target's name.");
    }
}
