using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Labs;
using Homelab.PowerShell.Pipeline;

namespace Homelab.PowerShell.Commands;

/// <summary>Lists the runbooks that the clock sets off.</summary>
[Cmdlet(VerbsCommon.Get, "HlSchedule")]
[OutputType(typeof(ScheduleEntry))]
[Description("Lists the runbooks that have a trigger.schedule: when each comes next, when it last came, and how that ended.")]
[Example("Get-HlSchedule", "List what the clock sets off.")]
[Example("Get-HlSchedule | Sort-Object NextAt | Select-Object -First 1", "Show what comes next.")]
public sealed class GetHlScheduleCommand : LabCmdlet
{
    /// <inheritdoc/>
    private protected override async Task RunAsync(CmdletPipeline pipeline, CancellationToken cancellationToken)
    {
        foreach (var entry in await Lab.Runtime.Schedule.ListAsync(cancellationToken).ConfigureAwait(false)) await pipeline.WriteAsync(entry).ConfigureAwait(false);
    }
}
