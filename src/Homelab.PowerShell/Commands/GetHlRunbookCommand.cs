using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Lists the lab's runbooks.</summary>
[Cmdlet(VerbsCommon.Get, "HlRunbook")]
[OutputType(typeof(Runbook))]
[Description("Lists the runbooks of the lab: the shipped ones, and those of its own folders, which replace shipped ones of the same name.")]
[Example("Get-HlRunbook", "List every runbook.")]
[Example("(Get-HlRunbook container-crash-recovery).Steps", "Show what a runbook does.")]
public sealed class GetHlRunbookCommand : LabCmdlet
{
    /// <summary>The name.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RunbookNameCompleter))]
    [Description("The runbook; * and ? stand for any text and any character. Every runbook when not given.")]
    public string? Name { get; set; }

    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (var runbook in RunbookNames.Find(Lab.Runtime.Runbooks, Name)) await pipeline.WriteAsync(runbook).ConfigureAwait(false);
    }
}
