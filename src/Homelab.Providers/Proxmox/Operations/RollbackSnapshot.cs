using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Returns a guest to a snapshot. What was written since is lost.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/{qemu|lxc}/{vmid}/snapshot/{snapname}/rollback</c>, its task, then the list of snapshots and <c>status/current</c>: the guest is
/// off afterwards unless it is started, or the snapshot has its memory. Needs VM.Snapshot.Rollback. The CLI's <c>qm rollback</c>, <c>pct rollback</c>.
/// </remarks>
[Operation("proxmox_rollback_snapshot", Level.Manage, Risk.Destroy, Unattended = Requirement.AskTwice, Patience = "24h")]
[Description("Returns a guest of Proxmox to a snapshot: everything that it has written since is lost. It is off afterwards, unless it is started or the snapshot has its memory.")]
[Example("Restore-HlSnapshot dev before-upgrade -Start", "Return to a snapshot and start the guest.")]
[Example("Get-HlSnapshot dev | Where-Object IsParentOfCurrent | Restore-HlSnapshot", "Return to the latest snapshot.")]
public sealed class RollbackSnapshot(ProxmoxCluster cluster) : Change<RollbackSnapshot.Input, VmDetail>
{
    /// <summary>Which snapshot.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The snapshot.</summary>
        [NameOf("snapshot"), Description("The name of the snapshot.")]
        public required string Name { get; init; }

        /// <summary>Starts it.</summary>
        [Description("Start the guest afterwards. One whose snapshot has its memory runs anyway.")]
        public bool Start { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(30);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Lose everything since snapshot '{input.Name}' and return to it, guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var known = await SnapshotTree.ReadAsync(cluster.Wire, new VmRef(vm), place, cancellationToken).ConfigureAwait(false);
        var snapshot = SnapshotTree.Find(known, new VmRef(vm), input.Name);
        var before = await new TaskedChange(cluster, context).NewestAsync(place, TypeOf(place), cancellationToken).ConfigureAwait(false);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = new PlaceMark(place, before?.Upid ?? "").ToString(), World = SnapshotTree.World(vm, snapshot) };
    }

    /// <inheritdoc/>
    protected override async Task<VmDetail> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var began = context.Time.GetTimestamp();
        var place = VmPlace.Of(await change.LookAsync(input.Vm, cancellationToken).ConfigureAwait(false));
        var target = SnapshotTree.Find(await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false), input.Vm, input.Name);
        var course = new TaskCourse($"Returning {input.Vm.Label} to snapshot {input.Name}", input.Timeout, input.NoWait);
        var form = new ProxmoxForm { { "start", input.Start ? true : (bool?)null } };
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Post, $"/nodes/{place.Node}/{place.Word}/{place.Id}/snapshot/{input.Name}/rollback", form, course, cancellationToken).ConfigureAwait(false);
        if (input.NoWait) return await cluster.Vms.LookAsync(place, cancellationToken).ConfigureAwait(false) with { Task = task };

        var now = await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false);
        if (!now.Any(s => s.Name == input.Name && s.IsParentOfCurrent)) throw NotReturned(input);
        var left = input.Timeout - context.Time.GetElapsedTime(began);
        var runs = input.Start || target.WithMemory;
        var seen = new VmCourse(course.Activity, runs ? "running" : "unlocked", v => v.Lock is null && (!runs || v.State == VmState.Running), left > TimeSpan.Zero ? left : TimeSpan.Zero, NoWait: false);
        return await change.EndAsync(place, upid: null, seen, cancellationToken).ConfigureAwait(false) with { Task = task };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { } before) return Settlement.Unknown;
        var change = new TaskedChange(cluster, context);
        return await change.SettleAsync(before.Place, () => change.HasRunAsync(before, TypeOf(before.Place), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static string TypeOf(VmPlace place) => place.Kind == VmKind.Qemu ? "qmrollback" : "vzrollback";

    private static HomelabException NotReturned(Input input) => new(
        ErrorKind.Failed,
        "SnapshotNotReached",
        $"The task that returned {input.Vm} to snapshot '{input.Name}' ended well, and the guest is not at that snapshot. Look at Get-HlSnapshot {input.Vm.Label} and Get-HlTask -Vm {input.Vm.Label}.",
        input.Vm.ToString());
}
