using System.ComponentModel;

namespace Homelab.Providers.Proxmox;

/// <summary>Removes a guest with its disks and snapshots. Never one that runs, never one that is protected; with a last backup if one is wanted.</summary>
/// <remarks>
/// Proxmox API: <c>POST /nodes/{node}/vzdump</c> for the last backup, then <c>DELETE /nodes/{node}/{qemu|lxc}/{vmid}</c>, its task, then
/// <c>GET /cluster/nextid?vmid=</c>, which tells that the VMID is free. Needs VM.Allocate. The CLI's <c>qm destroy</c>, <c>pct destroy</c>.
/// </remarks>
[Operation("proxmox_delete_vm", Level.Manage, Risk.Destroy, Unattended = Requirement.AskTwice, Patience = "24h")]
[Description("Removes a guest of Proxmox with its disks and snapshots, and sees that it is gone. It must be off and not protected. A last backup can be made before; if that fails nothing is removed.")]
[Example("Remove-HlVm dev-test -BackupTo nas", "Make a last backup, then remove the guest.")]
[Example("Get-HlVm -Tag scratch -State Stopped | Remove-HlVm", "Remove every stopped guest that has a tag.")]
public sealed class DeleteVm(ProxmoxCluster cluster) : Change<DeleteVm.Input, VmRemoval>
{
    /// <summary>What to remove.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The storage for a last backup.</summary>
        [NameOf("storage"), Description("Make a last backup on this storage before. If it fails, nothing is removed.")]
        public string? BackupTo { get; init; }

        /// <summary>Leaves traces of it in jobs.</summary>
        [Description("Leave it in backup jobs, replication and high availability. Without this it is taken out of them.")]
        public bool KeepJob { get; init; }

        /// <summary>Unreferenced disks too.</summary>
        [Description("Remove disks with its VMID too that its configuration does not name. They may be what somebody put aside.")]
        public bool DestroyUnreferencedDisk { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long backup and removal may take, each."), DurationRange("1s", "24h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromHours(4);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) =>
        new(input.BackupTo is { } storage ? $"Back up to {storage}, then remove with all its disks and snapshots guest" : "Remove with all its disks and snapshots guest", VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.State != VmState.Stopped) throw Running(vm);
        await new VmObstacles(cluster.Wire).CheckProtectionAsync(vm, "removed", cancellationToken).ConfigureAwait(false);
        if (input.BackupTo is { } storage) await new BackupShelf(cluster.Wire).ChooseAsync(vm.Node, storage, cancellationToken).ConfigureAwait(false);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm) }) with { Mark = new PlaceMark(VmPlace.Of(vm)).ToString() };
    }

    /// <inheritdoc/>
    protected override async Task<VmRemoval> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var change = new VmChange(cluster, context);
        var vm = await change.PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        var place = VmPlace.Of(vm);
        var backup = await BackUpAsync(input, place, context, cancellationToken).ConfigureAwait(false);
        // A backup takes an hour, in which somebody may have started it again.
        if (backup is not null) vm = await change.PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.State != VmState.Stopped) throw Running(vm);
        var form = new ProxmoxForm { { "purge", input.KeepJob ? null : (bool?)true }, { "destroy-unreferenced-disks", input.DestroyUnreferencedDisk } };
        var course = new TaskCourse($"Removing {input.Vm.Label}", input.Timeout, NoWait: false);
        var task = await new TaskedChange(cluster, context).FollowAsync(HttpMethod.Delete, $"/nodes/{place.Node}/{place.Word}/{place.Id}", form, course, cancellationToken).ConfigureAwait(false);
        // Not by a look at it: a right that came by its pool is gone with the guest, and the answer would be that it may not be seen.
        if (!await new VmIds(cluster).IsFreeAsync(place.Id, cancellationToken).ConfigureAwait(false)) throw StillThere(vm);
        return new VmRemoval { Vm = input.Vm, Kind = vm.Kind, Purged = !input.KeepJob, Backup = backup, Task = task };
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        if (PlaceMark.Read(mark) is not { Place: var place }) return Settlement.Unknown;
        return await new TaskedChange(cluster, context).SettleAsync(
            place,
            async () => await new VmIds(cluster).IsFreeAsync(place.Id, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<VmBackup?> BackUpAsync(Input input, VmPlace place, OperationContext context, CancellationToken cancellationToken)
    {
        if (input.BackupTo is not { } storage) return null;
        var form = new ProxmoxForm { { "mode", "stop" }, { "compress", "zstd" }, { "notes-template", "{{guestname}}, before it was removed" } };
        var course = new TaskCourse($"Backing up {input.Vm.Label} before it is removed", input.Timeout, NoWait: false);
        return await new VmBackupCourse(cluster, context).MakeAsync(place, storage, form, course, cancellationToken).ConfigureAwait(false);
    }

    private static HomelabException Running(Vm vm) =>
        new(ErrorKind.Conflict, "VmRunning", $"Guest {vm} is {HomelabNames.Of(vm.State)}, and a guest that is in use is never removed. Stop it first: Stop-HlVm {vm.Id}.", vm.ToString()) { NothingHappened = true };

    private static HomelabException StillThere(Vm vm) =>
        new(ErrorKind.Failed, "VmStillThere", $"The task that removed {vm} ended well, and its node still knows it. Look at Get-HlVmStatus {vm.Id} and Get-HlTask -Vm {vm.Id}.", vm.ToString());
}
