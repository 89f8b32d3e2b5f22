using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Proves that nobody changed the audit.</summary>
[Cmdlet(VerbsDiagnostic.Test, "HlAudit")]
[OutputType(typeof(AuditVerdict), typeof(bool))]
[Description("Walks the audit's chain of hashes from its first line and says whether it holds, and where it is broken if not.")]
[Example("Test-HlAudit", "Say whether the audit is as it was written.")]
[Example("if (-not (Test-HlAudit -Quiet)) { throw 'The audit was changed.' }", "Use it as a check.")]
public sealed class TestHlAuditCommand : LabCmdlet
{
    /// <summary>Only true or false.</summary>
    [Parameter]
    [Description("Returns only true or false.")]
    public SwitchParameter Quiet { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        var verdict = await AuditChain.VerifyAsync(Lab.Runtime.Store.ReadAuditAsync(1, cancellationToken), cancellationToken).ConfigureAwait(false);
        await pipeline.WriteAsync(Quiet ? verdict.Intact : verdict).ConfigureAwait(false);
    }
}
