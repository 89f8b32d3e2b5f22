using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Pauses a virtual machine, or hibernates it: its memory goes to a disk and it is switched off.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/qemu/{vmid}/status/suspend</c> with <c>todisk</c> and <c>statestorage</c>, its task, then <c>status/current</c>; hibernating
/// also needs VM.Config.Disk and space on the storage. The CLI's <c>qm suspend</c>. Of containers Proxmox has an experiment only, which is not offered.
/// </remarks>
[Operation("proxmox_suspend_vm", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Patience = "90m")]
[Description("Pauses a virtual machine of Proxmox where it stands, or with toDisk hibernates it: its memory is written to a disk and it is switched off. proxmox_resume_vm lets it go on.")]
[Example("Suspend-HlVm dev", "Pause one virtual machine.")]
[Example("Suspend-HlVm dev -ToDisk -Timeout 10m", "Hibernate it, so that the node can be switched off.")]
public sealed class SuspendVm(ProxmoxCluster cluster) : Change<SuspendVm.Input, VmDetail>
{
    /// <summary>What to suspend.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The virtual machine: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>Hibernates it.</summary>
        [Description("Hibernate it: write its memory to a disk and switch it off.")]
        public bool ToDisk { get; init; }

        /// <summary>Where its memory goes.</summary>
        [NameOf("storage"), Description("The storage its memory is written to, with toDisk. Proxmox chooses when not given.")]
        public string? Storage { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take; to a disk that is as long as writing its memory takes."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(input.ToDisk ? "Hibernate guest" : "Pause guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        if (input is { ToDisk: false, Storage: { } storage }) throw new InputException([new InputProblem("storage", storage, "is for hibernating only", "Give toDisk too, or leave it out.")]);
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, VmHibernation.Lock, cancellationToken).ConfigureAwait(false);
        if (vm.Kind != VmKind.Qemu) throw VmErrors.NoSuspension(vm);
        if (vm.Template) throw VmErrors.IsTemplate(vm, "suspended");
        Demand(vm, input);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        if (IsReached(input, before)) return before;
        Demand(before, input);
        var course = new VmCourse(
            $"{(input.ToDisk ? "Hibernating" : "Pausing")} {input.Vm.Label}",
            input.ToDisk ? "hibernated" : "paused",
            v => IsReached(input, v),
            input.Timeout,
            input.NoWait);
        return await change.PowerAsync(before, "suspend", new ProxmoxForm { { "todisk", input.ToDisk ? true : null }, { "statestorage", input.Storage } }, course, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        new VmChange(cluster, context).SettleAsync(mark, (_, now) => IsReached(input, now), cancellationToken);

    private static bool IsReached(Input input, VmDetail vm) => input.ToDisk ? VmHibernation.IsHibernated(vm) : vm.State == VmState.Paused;

    private static void Demand(VmDetail vm, Input input)
    {
        if (IsReached(input, vm)) return;
        if (vm.State is not (VmState.Running or VmState.Paused)) throw VmErrors.NotRunning(vm, $"There is nothing to {(input.ToDisk ? "hibernate" : "pause")}.");
    }
}
