using System.ComponentModel;
using System.Management.Automation;

namespace Homelab.PowerShell.Commands;

/// <summary>Listens for alerts and heals, until Ctrl+C.</summary>
[Cmdlet(VerbsLifecycle.Start, "HlListener")]
[OutputType(typeof(HomelabEvent))]
[Description("Listens for alerts and heals, until Ctrl+C. Runs the program homelab that comes with the module, and writes what happens as objects. It ends with this session; Install-HlService makes it run for good.")]
[Example("Start-HlListener", "Listen for the lab's alerts, and watch.")]
[Example("Start-HlListener | Where-Object Event -in recovered, escalated", "Watch only how incidents end.")]
public sealed class StartHlListenerCommand : HostCmdlet
{
    /// <inheritdoc/>
    private protected override string Part => "listener";
}
