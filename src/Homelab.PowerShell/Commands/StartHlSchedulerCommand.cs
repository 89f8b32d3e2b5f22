using System.ComponentModel;
using System.Management.Automation;

namespace Homelab.PowerShell.Commands;

/// <summary>Runs the lab's runbooks at their times, until Ctrl+C.</summary>
[Cmdlet(VerbsLifecycle.Start, "HlScheduler")]
[OutputType(typeof(HomelabEvent))]
[Description("Runs the runbooks that have a trigger.schedule at their times, until Ctrl+C. Runs the program homelab that comes with the module, and writes what happens as objects. It opens no port and heals no alert.")]
[Example("Start-HlScheduler", "Keep the schedule, and watch.")]
[Example("Get-HlSchedule; Start-HlScheduler", "See what comes next, then keep the schedule.")]
public sealed class StartHlSchedulerCommand : HostCmdlet
{
    /// <inheritdoc/>
    private protected override string Part => "schedule";
}
