using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Lets a paused or hibernated virtual machine go on, and waits until it runs. One that runs is left as it is.</summary>
/// <remarks>Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/status/resume</c>, its task, then <c>status/current</c>. The CLI's <c>qm resume</c>.</remarks>
[Operation("proxmox_resume_vm", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Lets a virtual machine of Proxmox go on that was paused or hibernated, and waits until it runs. One that runs is left as it is.")]
[Example("Resume-HlVm dev", "Let one virtual machine go on.")]
[Example("Get-HlVm -Tag lab | Resume-HlVm -Timeout 10m", "Let all with a tag go on; those that run are left as they are.")]
public sealed class ResumeVm(ProxmoxCluster cluster) : Change<ResumeVm.Input, VmDetail>
{
    /// <summary>What to resume.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The virtual machine: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it runs; from a disk that is as long as reading its memory takes."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Resume guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, VmHibernation.Lock, cancellationToken).ConfigureAwait(false);
        if (vm.Kind != VmKind.Qemu) throw VmErrors.OnlyForQemu(vm, "resumed");
        Demand(vm);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        if (before.State == VmState.Running) return before;
        Demand(before);
        var course = new VmCourse($"Resuming {input.Vm.Label}", "running", static v => v.State == VmState.Running, input.Timeout, input.NoWait);
        return await change.PowerAsync(before, "resume", [], course, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        new VmChange(cluster, context).SettleAsync(mark, static (_, now) => now.State == VmState.Running, cancellationToken);

    private static void Demand(VmDetail vm)
    {
        if (vm.State == VmState.Stopped && !VmHibernation.IsHibernated(vm)) throw VmErrors.NotRunning(vm, $"It is not hibernated either. Start-HlVm {vm.Id} starts it.");
    }
}
