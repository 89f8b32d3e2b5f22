using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Resets a virtual machine, as by the button of that name: it begins anew at once, in the same process.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/status/reset</c>, its task, then <c>status/current</c>. Neither process nor uptime tell a reset from none, so
/// that a lost answer stays unknown. Pending changes of its hardware wait on. The CLI's <c>qm reset</c>.
/// </remarks>
[Operation("proxmox_reset_vm", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask)]
[Description("Resets a virtual machine of Proxmox at once, as by its reset button: what it has not written to its disks is lost. Prefer proxmox_reboot_vm.")]
[Example("Reset-HlVm dev", "Reset a virtual machine that hangs.")]
[Example("Reset-HlVm pve1/104 -Timeout 10s -PassThru", "Wait at most ten seconds, and show it as it was seen afterwards.")]
public sealed class ResetVm(ProxmoxCluster cluster) : Change<ResetVm.Input, VmDetail>
{
    /// <summary>What to reset.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The virtual machine: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it runs."), DurationRange("1s", "10m")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Reset guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.Kind != VmKind.Qemu) throw VmErrors.OnlyForQemu(vm, "reset");
        if (vm.Template) throw VmErrors.IsTemplate(vm, "reset");
        Demand(vm);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        Demand(before);
        var course = new VmCourse($"Resetting {input.Vm.Label}", "running", static v => v.State == VmState.Running, input.Timeout, NoWait: false);
        return await change.PowerAsync(before, "reset", [], course, cancellationToken).ConfigureAwait(false);
    }

    private static void Demand(VmDetail vm)
    {
        // A paused one would be reset and stand still all the same.
        if (vm.State == VmState.Paused) throw VmErrors.IsPaused(vm);
        if (vm.State != VmState.Running) throw VmErrors.NotRunning(vm, $"Start-HlVm {vm.Id} starts it.");
    }
}
