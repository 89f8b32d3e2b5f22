using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Moves a guest to another node: a running virtual machine while it runs, a running container with a restart. One that is there already is left as it is.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/qemu/{vmid}/migrate</c> for what stands in the way, <c>POST …/migrate</c>, its task, then <c>status/current</c> on the other node: of a
/// guest under high availability the task ends before the guest has moved. Needs VM.Migrate. The CLI's <c>qm migrate</c>, <c>pct migrate</c>.
/// </remarks>
[Operation("proxmox_migrate_vm", Level.Manage, Risk.Disrupt, Unattended = Requirement.Ask, Idempotent = true, Patience = "24h")]
[Description("Moves a guest of Proxmox to another node and waits until it is there: a running virtual machine goes on running, a running container is restarted. What stands in the way is told before.")]
[Example("Move-HlVm dev pve2", "Move one guest.")]
[Example("Get-HlVm -Node pve1 -State Running | Move-HlVm -TargetNode pve2 -WithLocalDisk", "Empty a node, with the disks that lie on it.")]
public sealed class MigrateVm(ProxmoxCluster cluster) : Change<MigrateVm.Input, VmDetail>
{
    /// <summary>What to move.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>Where to.</summary>
        [NameOf("node"), Description("The node to move it to.")]
        public required string TargetNode { get; init; }

        /// <summary>Disks that lie on the node too.</summary>
        [Description("Take disks along that lie on the node alone; they are copied, which takes long.")]
        public bool WithLocalDisk { get; init; }

        /// <summary>The storage for them.</summary>
        [NameOf("storage"), Description("The storage for its disks on the other node. One of the same name when not given.")]
        public string? TargetStorage { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(4);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Move to node {input.TargetNode} guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.State == VmState.Paused) throw VmErrors.IsPaused(vm);
        if (vm.Node != input.TargetNode) await new VmObstacles(cluster.Wire).CheckAsync(vm, input.TargetNode, input.WithLocalDisk, cancellationToken).ConfigureAwait(false);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = new PlaceMark(VmPlace.Of(vm)).ToString() };
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var source = PlaceMark.Of(context).Place;
        var to = source with { Node = input.TargetNode };
        // Tried again after an unclear end, it may have arrived meanwhile.
        if (await SeenAsync(to, cancellationToken).ConfigureAwait(false) is { Lock: null } there) return there;
        var before = await cluster.Vms.LookAsync(source, cancellationToken).ConfigureAwait(false);
        var running = before.State == VmState.Running;
        var isQemu = source.Kind == VmKind.Qemu;
        var form = new ProxmoxForm
        {
            { "target", to.Node },
            { isQemu ? "online" : "restart", running ? true : (bool?)null },
            { "with-local-disks", isQemu && input.WithLocalDisk ? true : (bool?)null },
            { isQemu ? "targetstorage" : "target-storage", input.TargetStorage },
        };
        var began = context.Time.GetTimestamp();
        var course = new TaskCourse($"Moving {input.Vm.Label} to {to.Node}", input.Timeout, input.NoWait);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{source.Node}/{source.Word}/{source.Id}/migrate", form, course, cancellationToken).ConfigureAwait(false);
        if (input.NoWait) return (await SeenAsync(source, cancellationToken).ConfigureAwait(false) ?? before) with { Task = task };
        return await ArriveAsync(to, before, course, context, began, cancellationToken).ConfigureAwait(false) with { Task = task };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { Place: var source }) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(
            source,
            async () => await SeenAsync(source with { Node = input.TargetNode }, cancellationToken).ConfigureAwait(false) is { Lock: null }
                ? true
                : await SeenAsync(source, cancellationToken).ConfigureAwait(false) is { Lock: null, HaManaged: false } ? false : null,
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<VmDetail> ArriveAsync(VmPlace to, VmDetail before, TaskCourse course, OperationContext context, long began, CancellationToken cancellationToken)
    {
        // The high-availability manager acts every ten seconds.
        var pause = TimeSpan.FromMilliseconds(50);
        var longest = TimeSpan.FromSeconds(2);
        for (; ; )
        {
            var seen = await SeenAsync(to, cancellationToken).ConfigureAwait(false);
            if (seen is { Lock: null } && (before.State != VmState.Running || seen.State == VmState.Running)) return seen;
            // Without high availability the end of the task is the end of the move.
            if (context.Time.GetElapsedTime(began) >= course.Timeout || (seen is null && !before.HaManaged)) throw NotArrived(to, seen, course);
            context.Report(course.Activity, $"waiting until it is seen on {to.Node}");
            await Task.Delay(pause, context.Time, cancellationToken).ConfigureAwait(false);
            pause = pause + pause < longest ? pause + pause : longest;
        }
    }

    private async Task<VmDetail?> SeenAsync(VmPlace place, CancellationToken cancellationToken)
    {
        try
        {
            return await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == "ProxmoxNotFound")
        {
            return null;
        }
    }

    private static HomelabException NotArrived(VmPlace to, VmDetail? seen, TaskCourse course)
    {
        var how = seen is null ? "is not there" : $"is {HomelabNames.Of(seen.State)} there{(seen.Lock is { } held ? $", locked: {held}" : "")}";
        return new HomelabException(ErrorKind.Failed, "VmNotArrived", $"Guest {to.Id} was to be on {to.Node} and {how}, after {Duration.Format(course.Timeout)} at most. Get-HlVm {to.Id} tells where it is, Get-HlTask -Vm {to.Id} what was done.", $"{to.Node}/{to.Id}");
    }
}
