using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Switches a guest off, as by its power button held down. One that is off is left as it is.</summary>
/// <remarks>Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/status/stop</c>, its task, then <c>status/current</c>. The CLI's <c>qm stop</c>, <c>pct stop</c>.</remarks>
[Operation("proxmox_stop_vm", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Aliases = ["stop_vm"])]
[Description("Switches a guest of Proxmox off at once, without its system's doing: what it has not written to its disks is lost. Prefer proxmox_shutdown_vm.")]
[Example("Stop-HlVm dev -TurnOff", "Switch off a guest that hangs.")]
[Example("Stop-HlVm pve1/104 -TurnOff -Timeout 10s", "Wait at most ten seconds until it is off.")]
public sealed class StopVm(ProxmoxCluster cluster) : Change<StopVm.Input, VmDetail>
{
    /// <summary>What to switch off.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it is off."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Switch off guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        if (before.State == VmState.Stopped) return before;
        var course = new VmCourse($"Switching off {input.Vm.Label}", "stopped", static v => v.State == VmState.Stopped, input.Timeout, input.NoWait);
        return await change.PowerAsync(before, "stop", [], course, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        new VmChange(cluster, context).SettleAsync(mark, static (_, now) => now.State == VmState.Stopped, cancellationToken);
}
