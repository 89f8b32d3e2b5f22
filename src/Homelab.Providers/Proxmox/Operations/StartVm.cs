using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Starts a guest and waits until it runs. One that runs is left as it is; a hibernated one wakes.</summary>
/// <remarks>Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/status/start</c>, its task, then <c>status/current</c>. The CLI's <c>qm start</c>, <c>pct start</c>.</remarks>
[Operation("proxmox_start_vm", Level.Operate, Risk.Change, Unattended = Requirement.Auto, Idempotent = true, Aliases = ["start_vm"])]
[Description("Starts a virtual machine or container of Proxmox and waits until it runs. One that runs is left as it is.")]
[Example("Start-HlVm dev", "Start one guest by name.")]
[Example("Get-HlVm -Tag web -State Stopped | Start-HlVm", "Start every stopped guest that has a tag.")]
public sealed class StartVm(ProxmoxCluster cluster) : Change<StartVm.Input, VmDetail>
{
    // A hibernated guest keeps this lock until it is started.
    private const string Hibernated = "suspended";

    /// <summary>What to start.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take until it runs."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Start guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, Hibernated, cancellationToken).ConfigureAwait(false);
        if (vm.Template) throw VmErrors.IsTemplate(vm, "started");
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        if (before.State == VmState.Running) return before;
        if (before.State == VmState.Paused) throw VmErrors.IsPaused(before);
        var course = new VmCourse($"Starting {input.Vm.Label}", "running", static v => v.State == VmState.Running, input.Timeout, input.NoWait);
        return await change.PowerAsync(before, "start", [], course, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        new VmChange(cluster, context).SettleAsync(mark, static (_, now) => now.State == VmState.Running, cancellationToken);
}
