using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Restarts a guest by its own system and waits until it runs anew. Pending changes of its hardware take effect.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/status/reboot</c>, whose task ends before the guest is back, then <c>status/current</c> until another
/// process runs it. With <c>ForceStop</c>: <c>shutdown</c> with <c>forceStop=1</c>, then <c>start</c>, because <c>reboot</c> knows no force. The CLI's <c>qm reboot</c>, <c>pct reboot</c>.
/// </remarks>
[Operation("proxmox_reboot_vm", Level.Operate, Risk.Disrupt, Unattended = Requirement.Ask, Aliases = ["reboot_vm"])]
[Description("Restarts a guest of Proxmox by its own system and waits until it runs anew. Pending changes of its hardware take effect.")]
[Example("Restart-HlVm dev", "Restart one guest.")]
[Example("Restart-HlVm dev -Timeout 2m -ForceStop", "Give its system two minutes, then switch it off and start it.")]
public sealed class RebootVm(ProxmoxCluster cluster) : Change<RebootVm.Input, VmDetail>
{
    // What a start takes, on top of the time that its system has to go down.
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(2);

    /// <summary>What to restart.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>How long its system may take.</summary>
        [Description("How long its system may take to shut down; the start comes on top."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(3);

        /// <summary>Switches it off in the middle.</summary>
        [Description("Where its system does not shut down in time, switch it off and start it. What it has not written to its disks is lost then.")]
        public bool ForceStop { get; init; }

        /// <summary>Starts one that is off.</summary>
        [Description("Start it where it does not run. Without this a guest that is off is a conflict.")]
        public bool StartIfStopped { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(input.ForceStop ? "Restart guest, switching it off if need be" : "Restart guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.Template) throw VmErrors.IsTemplate(vm, "restarted");
        // Proxmox refuses the one, and would run into the time limit with the other.
        if (vm.State == VmState.Stopped && !input.StartIfStopped) throw VmErrors.NotRunning(vm, $"Start-HlVm {vm.Id} starts it, and -StartIfStopped does so here.");
        if (vm.State == VmState.Paused && !input.ForceStop) throw VmErrors.IsPaused(vm);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) });
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var before = await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var up = new VmCourse($"Restarting {input.Vm.Label}", "running anew", v => IsNewRun(before, v), input.Timeout + s_start, NoWait: false);
        if (before.State == VmState.Stopped) return await change.PowerAsync(before, "start", [], up, cancellationToken).ConfigureAwait(false);
        var seconds = (int)Math.Ceiling(input.Timeout.TotalSeconds);
        if (!input.ForceStop) return await change.PowerAsync(before, "reboot", new ProxmoxForm { { "timeout", seconds } }, up, cancellationToken).ConfigureAwait(false);

        var down = up with { Wanted = "stopped", IsReached = static v => v.State == VmState.Stopped };
        var off = await change.PowerAsync(before, "shutdown", new ProxmoxForm { { "timeout", seconds }, { "forceStop", true } }, down, cancellationToken).ConfigureAwait(false);
        return await change.PowerAsync(off, "start", [], up, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken) =>
        new VmChange(cluster, context).SettleAsync(mark, static (before, now) => now.State == VmState.Running && now.Pid is not null && now.Pid != before.Pid, cancellationToken);

    // Another process runs it. Where a node does not tell the process, a shorter uptime says the same.
    private static bool IsNewRun(VmDetail before, VmDetail now) =>
        now.State == VmState.Running && (before.Pid is { } old && now.Pid is { } pid ? pid != old : before.State != VmState.Running || now.Uptime < before.Uptime);
}
