using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Asks a guest's system to shut down, and waits until it is off. One that is off is left as it is.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/status/shutdown</c> with <c>timeout</c> and <c>forceStop</c>, its task, then <c>status/current</c>: of a
/// guest under high availability the task ends before the guest is off. The CLI's <c>qm shutdown</c>, <c>pct shutdown</c>.
/// </remarks>
[Operation("proxmox_shutdown_vm", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Aliases = ["shutdown_vm"])]
[Description("Shuts a guest of Proxmox down by its own system, through the guest agent or ACPI, and waits until it is off. One that is off is left as it is.")]
[Example("Stop-HlVm dev", "Shut one guest down.")]
[Example("Stop-HlVm dev -Timeout 2m -ForceStop", "Give it two minutes, then switch it off.")]
public sealed class ShutdownVm(ProxmoxCluster cluster) : Change<ShutdownVm.Input, VmDetail>
{
    // The task needs a moment more than the guest, to notice and to clean up.
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(30);

    /// <summary>What to shut down.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How long its system may take.</summary>
        [Description("How long its system may take to shut down."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);

        /// <summary>Switches it off in the end.</summary>
        [Description("Switch it off where its system does not shut down in time. What it has not written to its disks is lost then.")]
        public bool ForceStop { get; init; }

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(input.ForceStop ? "Shut down guest, or switch it off" : "Shut down guest", VmTarget.Of(input.Vm));

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
        // What stands still cannot hear that it should shut down.
        if (before.State == VmState.Paused && !input.ForceStop) throw VmErrors.IsPaused(before);
        var form = new ProxmoxForm { { "timeout", (int)Math.Ceiling(input.Timeout.TotalSeconds) }, { "forceStop", input.ForceStop } };
        var course = new VmCourse($"Shutting down {input.Vm.Label}", "stopped", static v => v.State == VmState.Stopped, input.Timeout + s_margin, input.NoWait);
        return await change.PowerAsync(before, "shutdown", form, course, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        new VmChange(cluster, context).SettleAsync(mark, static (_, now) => now.State == VmState.Stopped, cancellationToken);
}
