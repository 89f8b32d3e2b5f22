using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Says which lab this session works with.</summary>
[Cmdlet(VerbsCommon.Get, "HlLab")]
[OutputType(typeof(LabInfo))]
[Description("Says which lab this session works with: where it was found, who you are to it and what you may, its machines and services. Reads the lab file if it was not; asks no machine.")]
[Example("Get-HlLab", "Say which lab is used.")]
[Example("(Get-HlLab).Hosts", "List the machines, as references name them after the @.")]
public sealed class GetHlLabCommand : LabCmdlet
{
    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken) =>
        await pipeline.WriteAsync(LabSummary.Of(Lab, Caller)).ConfigureAwait(false);
}
