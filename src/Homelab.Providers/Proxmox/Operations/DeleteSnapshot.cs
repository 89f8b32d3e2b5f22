using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Removes a snapshot. The guest stays as it is; only the way back to that moment is lost.</summary>
/// <remarks>
/// Proxmox API: <c>DELETE /nodes/{node}/{qemu|lxc}/{vmid}/snapshot/{snapname}</c>, its task, then the list of snapshots. Needs VM.Snapshot. The CLI's
/// <c>qm delsnapshot</c>, <c>pct delsnapshot</c>.
/// </remarks>
[Operation("proxmox_delete_snapshot", Level.Manage, Risk.Destroy, Unattended = Requirement.AskTwice, Patience = "24h")]
[Description("Removes a snapshot of a guest of Proxmox and waits until it is gone. The guest stays as it is; the way back to that moment is lost.")]
[Example("Remove-HlSnapshot dev before-upgrade", "Remove one snapshot.")]
[Example("Get-HlSnapshot dev | Where-Object CreatedAt -lt (Get-Date).AddDays(-30) | Remove-HlSnapshot", "Remove those older than a month.")]
public sealed class DeleteSnapshot(ProxmoxCluster cluster) : Change<DeleteSnapshot.Input, VmSnapshot>
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

        /// <summary>How long to wait.</summary>
        [Description("How long it may take: merging a large one can take long."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(1);

        /// <summary>Leaves at once.</summary>
        [Description("Do not wait: return as soon as Proxmox has taken it, with the task that does it.")]
        public bool NoWait { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new($"Remove snapshot '{input.Name}' of guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var known = await SnapshotTree.ReadAsync(cluster.Wire, new VmRef(vm), place, cancellationToken).ConfigureAwait(false);
        var snapshot = SnapshotTree.Find(known, new VmRef(vm), input.Name);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = new PlaceMark(place).ToString(), World = SnapshotTree.World(vm, snapshot) };
    }

    /// <inheritdoc/>
    protected override async Task<VmSnapshot> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var place = VmPlace.Of(await new VmChange(cluster, context).LookAsync(input.Vm, cancellationToken).ConfigureAwait(false));
        var before = SnapshotTree.Find(await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false), input.Vm, input.Name);
        var course = new TaskCourse($"Removing snapshot {input.Name} of {input.Vm.Label}", input.Timeout, input.NoWait);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Delete, $"/nodes/{place.Node}/{place.Word}/{place.Id}/snapshot/{input.Name}", ProxmoxForm.Empty, course, cancellationToken).ConfigureAwait(false);
        if (input.NoWait) return before with { Task = task };
        var now = await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false);
        return now.Any(s => s.Name == input.Name) ? throw StillThere(input) : before with { Task = task };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { Place: var place }) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(
            place,
            async () => !(await SnapshotTree.ReadAsync(cluster.Wire, input.Vm, place, cancellationToken).ConfigureAwait(false)).Any(s => s.Name == input.Name),
            cancellationToken).ConfigureAwait(false);
    }

    private static HomelabException StillThere(Input input) => new(
        ErrorKind.Failed,
        "SnapshotStillThere",
        $"The task that removed snapshot '{input.Name}' of {input.Vm} ended well, and the snapshot is still listed. Look at Get-HlTask -Vm {input.Vm.Label}.",
        input.Name);
}
