using System.ComponentModel;
using System.Management.Automation;
using Homelab.PowerShell.Binding;
using Homelab.PowerShell.Completion;
using Homelab.PowerShell.Operations;
using Homelab.Providers.Proxmox;

namespace Homelab.PowerShell.Commands;

/// <summary>Shuts a guest down, or switches it off. By hand, because it is the face of two operations: what people call stopping is one word for both.</summary>
[Cmdlet(VerbsLifecycle.Stop, "HlVm", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(VmDetail))]
[Description("Shuts a guest of Proxmox down by its own system and waits until it is off; with -TurnOff it is switched off at once. One that is off is left as it is.")]
[Example("Stop-HlVm dev", "Shut one guest down.")]
[Example("Stop-HlVm dev -Timeout 2m -ForceStop", "Give it two minutes, then switch it off.")]
[Example("Stop-HlVm dev -TurnOff", "Switch off a guest that hangs.")]
public sealed class StopHlVmCommand : ChangeCmdlet
{
    /// <summary>The guest.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Alias("Name")]
    [ValidateNotNullOrEmpty]
    [ReferenceTransformation]
    [ArgumentCompleter(typeof(VmNameCompleter))]
    [Description("The guest: name, VMID, or node/VMID.")]
    public VmRef Vm { get; set; } = default!;

    /// <summary>How long to wait.</summary>
    [Parameter]
    [DurationTransformation]
    [Description("How long it may take until it is off: three minutes when not given, one with -TurnOff.")]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Switches it off in the end.</summary>
    [Parameter]
    [Description("Switch it off where its system does not shut down in time. What it has not written to its disks is lost then.")]
    public SwitchParameter ForceStop { get; set; }

    /// <summary>Switches it off at once.</summary>
    [Parameter]
    [Description("Switch it off at once, without its system's doing. What it has not written to its disks is lost.")]
    public SwitchParameter TurnOff { get; set; }

    /// <summary>Leaves at once.</summary>
    [Parameter]
    [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
    public SwitchParameter NoWait { get; set; }

    /// <summary>Returns the guest as it was seen afterwards.</summary>
    [Parameter]
    [Description("Returns the guest as it was seen afterwards.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    private protected override bool Emits => PassThru;

    /// <inheritdoc/>
    private protected override string OperationName => TurnOff ? "proxmox_stop_vm" : "proxmox_shutdown_vm";

    /// <inheritdoc/>
    private protected override object ToInput()
    {
        if (TurnOff)
        {
            var off = new StopVm.Input { Vm = Vm, NoWait = NoWait };
            return Timeout is { } limit ? off with { Timeout = limit } : off;
        }

        var down = new ShutdownVm.Input { Vm = Vm, ForceStop = ForceStop, NoWait = NoWait };
        return Timeout is { } time ? down with { Timeout = time } : down;
    }
}
