using System.ComponentModel;
using System.Globalization;

namespace Homelab.Providers.Proxmox;

/// <summary>Makes a guest's disk larger. Never smaller: Proxmox cannot, and what is beyond the end would be lost.</summary>
/// <remarks>
/// Proxmox API: <c>PUT /nodes/{node}/{qemu|lxc}/{vmid}/resize</c>, its task, then <c>/pending</c>. Needs VM.Config.Disk. Of a container Proxmox also grows the file
/// system; of a virtual machine that is for its own system to do. The CLI's <c>qm disk resize</c>, <c>pct resize</c>.
/// </remarks>
[Operation("proxmox_resize_disk", Level.Manage, Risk.Change, Unattended = Requirement.Ask, Idempotent = true)]
[Description("Makes a disk of a guest of Proxmox larger, to a size or by an amount; never smaller. Within a virtual machine its own system must then grow partition and file system.")]
[Example("Resize-HlVmDisk dev -Disk scsi0 -Grow 10GiB", "Make one disk larger by ten GiB.")]
[Example("Resize-HlVmDisk web-1 -Disk rootfs -Size 32GiB -PassThru", "Make the root of a container 32 GiB large, and show it.")]
public sealed class ResizeDisk(ProxmoxCluster cluster) : Change<ResizeDisk.Input, VmDisk>
{
    private const long MiB = 1L << 20;

    // Proxmox ends the task well where the volume has grown and the file system on it has not.
    private const string FilesystemFailed = "Failed to update the container's filesystem";

    /// <summary>What to make larger.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("The guest: name, VMID, or node/VMID.")]
        public required VmRef Vm { get; init; }

        /// <summary>The disk.</summary>
        [Description("The disk, as the configuration names it: scsi0, virtio1, rootfs, mp0.")]
        public required string Disk { get; init; }

        /// <summary>How large it should be.</summary>
        [Bytes, Description("How large it should be in the end, in whole MiB: 32GiB. Either this or grow.")]
        public long? Size { get; init; }

        /// <summary>How much larger it should be.</summary>
        [Bytes, Description("How much larger it should be than it is, in whole MiB: 10GiB. Either this or size.")]
        public long? Grow { get; init; }

        /// <summary>How long to wait.</summary>
        [Description("How long it may take."), DurationRange("1s", "1h")]
        public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(5);
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new(
        input.Size is { } size ? $"Resize disk {input.Disk} to {ByteSize.Format(size)} of guest" : $"Resize disk {input.Disk} by {ByteSize.Format(input.Grow ?? 0)} of guest",
        VmTarget.Of(input.Vm));

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        Check(input);
        var vm = await new VmChange(cluster, context).PrepareAsync(input.Vm, lockAllowed: null, cancellationToken).ConfigureAwait(false);
        if (vm.Template) throw VmErrors.IsTemplate(vm, "given a larger disk");
        var config = await new VmConfigs(cluster).ReadAsync(vm, cancellationToken).ConfigureAwait(false);
        var (disk, size) = Find(config, input.Disk);
        // What is approved is a size; asked for twice, an amount would be added twice.
        var wanted = input.Size ?? size + input.Grow!.Value;
        if (wanted < size) throw Shrinks(vm, disk, size, wanted);
        return VmTarget.Prepare(vm, input with { Vm = new VmRef(vm), Disk = disk.Disk, Size = wanted, Grow = null });
    }

    /// <inheritdoc/>
    protected override async Task<VmDisk> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var configs = new VmConfigs(cluster);
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        var before = await configs.ReadAsync(vm, cancellationToken).ConfigureAwait(false);
        var (disk, size) = Find(before, input.Disk);
        var wanted = input.Size!.Value;
        if (size == wanted) return disk;
        if (wanted < size) throw Shrinks(vm, disk, size, wanted);

        var place = VmPlace.Of(vm);
        var activity = $"Resizing {disk.Disk} of {input.Vm.Label}";
        context.Report(activity, "asking Proxmox");
        var form = new ProxmoxForm { { "disk", disk.Disk }, { "size", wanted % MiB == 0 ? string.Create(CultureInfo.InvariantCulture, $"{wanted / MiB}M") : wanted.ToString(CultureInfo.InvariantCulture) }, { "digest", before.Digest } };
        var upid = await cluster.Wire.ChangeAsync(HttpMethod.Put, $"/nodes/{place.Node}/{place.Word}/{place.Id}/resize", form, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        if (upid is not null) await FollowAsync(vm, disk, new TaskRef(upid), activity, input, context, cancellationToken).ConfigureAwait(false);

        // A storage may round up to what it can.
        var (after, reached) = Find(await configs.ReadAsync(vm, cancellationToken).ConfigureAwait(false), input.Disk);
        return reached >= wanted ? after : throw new HomelabException(
            ErrorKind.Failed,
            "VmDiskNotAsWanted",
            $"Proxmox took the resizing of {disk.Disk} of guest {vm}, but it is {ByteSize.Format(reached)} large and not {ByteSize.Format(wanted)}. Look at Get-HlTask -Vm {vm.Id} -Log.",
            vm.ToString());
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        var vm = await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false);
        // In this order: a task that ends in between is seen by what it did.
        var isBusy = await new VmChange(cluster, context).IsBusyAsync(VmPlace.Of(vm), cancellationToken).ConfigureAwait(false);
        var config = await new VmConfigs(cluster).ReadAsync(vm, cancellationToken).ConfigureAwait(false);
        if (Find(config, input.Disk).Size >= input.Size) return Settlement.Happened;
        return isBusy ? Settlement.Unknown : Settlement.DidNotHappen;
    }

    private async Task FollowAsync(Vm vm, VmDisk disk, TaskRef task, string activity, Input input, OperationContext context, CancellationToken cancellationToken)
    {
        await cluster.Tasks.FollowAsync(task, activity, context, input.Timeout, cancellationToken).ConfigureAwait(false);
        if (vm.Kind != VmKind.Lxc) return;
        var log = await cluster.Tasks.ReadLogAsync(task, cancellationToken).ConfigureAwait(false);
        if (log.FirstOrDefault(static l => l.StartsWith(FilesystemFailed, StringComparison.Ordinal)) is not { } line) return;
        throw new HomelabException(
            ErrorKind.Failed,
            "VmFilesystemNotGrown",
            $"The volume of {disk.Disk} of guest {vm} has grown, but the file system on it has not: {ForeignText.Clean(line, 300).TrimEnd('.')}. On the node: pct fsck {vm.Id}, then resize2fs. Get-HlTask '{task.Upid}' -Log shows all of it.",
            vm.ToString());
    }

    private static void Check(Input input)
    {
        if (input.Size is null == input.Grow is null)
        {
            throw new InputException([new InputProblem("size", input.Size?.ToString(CultureInfo.InvariantCulture), input.Size is null ? "and 'grow' are both missing" : "and 'grow' are both given", "Give one of the two: how large the disk should be, or how much larger.")]);
        }

        var given = input.Size ?? input.Grow!.Value;
        if (given <= 0 || given % MiB != 0)
        {
            throw new InputException([new InputProblem(input.Size is null ? "grow" : "size", given.ToString(CultureInfo.InvariantCulture), "is not a number of whole MiB above 0", "Give a size such as 512MiB or 32GiB.")]);
        }
    }

    private static (VmDisk Disk, long Size) Find(VmConfig config, string name)
    {
        var disks = config.Disks.Where(static d => d is { Cdrom: false, Bus: not "unused" }).ToArray();
        if (disks.FirstOrDefault(d => string.Equals(d.Disk, name, StringComparison.OrdinalIgnoreCase)) is not { } disk)
        {
            throw new HomelabException(ErrorKind.NotFound, "VmDiskNotFound", $"Guest {config.Vm} has no disk '{ForeignText.Clean(name, 40)}'. {NearestName.Hint(name, [.. disks.Select(static d => d.Disk)])}", config.Vm.ToString()) { NothingHappened = true };
        }

        return disk.Size is { } size
            ? (disk, size)
            : throw new HomelabException(ErrorKind.Conflict, "VmDiskSizeUnknown", $"The configuration of guest {config.Vm} does not say how large {disk.Disk} is, as with devices and folders of the node. On the node: qm rescan --vmid {config.Vm.Id}, then ask anew.", config.Vm.ToString()) { NothingHappened = true };
    }

    private static HomelabException Shrinks(Vm vm, VmDisk disk, long size, long wanted) =>
        new(ErrorKind.Invalid, "VmDiskShrinks", $"{disk.Disk} of guest {vm} is {ByteSize.Format(size)} large and cannot be made {ByteSize.Format(wanted)}: Proxmox only makes disks larger. Give a size from {ByteSize.Format(size)} on.", vm.ToString()) { NothingHappened = true };
}
