using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What makes disks larger and moves them.</summary>
internal static class GuestDiskRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;
    private const string SizePattern = @"\+?\d+(\.\d+)?[KMGT]?";

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of(
            "PUT",
            "/nodes/{node}/qemu/{vmid}/resize",
            SimulatedRights.On("/vms/{vmid}", "VM.Config.Disk"),
            "string",
            ResizeMachine,
            Text("digest") with { MaxLength = 40 },
            Choice("disk", DiskNames.Machine).Must(),
            Matching("size", SizePattern).Must(),
            Flag("skiplock")),
        SimulatedRoute.Of(
            "PUT",
            "/nodes/{node}/lxc/{vmid}/resize",
            SimulatedRights.OnAny("/vms/{vmid}", "VM.Config.Disk"),
            "string",
            ResizeContainer,
            Text("digest") with { MaxLength = 40 },
            Choice("disk", DiskNames.Container).Must(),
            Matching("size", SizePattern).Must()),
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/qemu/{vmid}/move_disk",
            SimulatedRights.On("/vms/{vmid}", "VM.Config.Disk"),
            "string",
            call => Move(call, Vm, "disk", "target-disk"),
            Whole("bwlimit", 0, @default: "move limit from datacenter or storage config"),
            Flag("delete", "0"),
            Text("digest") with { MaxLength = 40 },
            Choice("disk", [.. DiskNames.Machine, .. DiskNames.Unused]).Must(),
            Choice("format", "raw", "qcow2", "vmdk"),
            Text("storage", "pve-storage-id"),
            Text("target-digest") with { MaxLength = 40 },
            Choice("target-disk", [.. DiskNames.Machine, .. DiskNames.Unused]),
            Whole("target-vmid", 100, 999999999) with { Format = "pve-vmid" }),
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/lxc/{vmid}/move_volume",
            SimulatedRights.On("/vms/{vmid}", "VM.Config.Disk"),
            "string",
            call => Move(call, Ct, "volume", "target-volume"),
            Number("bwlimit", 0, @default: "clone limit from datacenter or storage config"),
            Flag("delete", "0"),
            Text("digest") with { MaxLength = 40 },
            Text("storage", "pve-storage-id"),
            Text("target-digest") with { MaxLength = 40 },
            Whole("target-vmid", 100, 999999999) with { Format = "pve-vmid" },
            Choice("target-volume", [.. DiskNames.Container, .. DiskNames.Unused]),
            Choice("volume", [.. DiskNames.Container, .. DiskNames.Unused]).Must()),
    ];

    private static ProxmoxAnswer ResizeMachine(ProxmoxCall call)
    {
        call.DemandRootFor("skiplock");
        call.Guest(Vm);
        return call.Start("resize", GuestCalls.Id(call.Vmid), TaskPlan.Of(_ =>
        {
            var guest = call.Guest(Vm);
            guest.DemandDigest(call.Text("digest"));
            if (!call.Flag("skiplock")) guest.DemandUnlocked();
            var (size, wanted) = Sizes(call, guest, "file");
            if (wanted < size) throw ProxmoxRefusedException.Failed("shrinking disks is not supported");
            Grow(call, guest, "file", wanted);
        }));
    }

    private static ProxmoxAnswer ResizeContainer(ProxmoxCall call)
    {
        var guest = call.Guest(Ct);
        guest.DemandDigest(call.Text("digest"));
        guest.DemandUnlocked();
        var (size, wanted) = Sizes(call, guest, "volume");
        if (wanted < size) throw ProxmoxRefusedException.Failed("unable to shrink disk size");
        return call.Start("resize", GuestCalls.Id(call.Vmid), TaskPlan.Of(task =>
        {
            Grow(call, call.Guest(Ct), "volume", wanted);
            task.Write("Image resized.");
            task.Write("resize2fs 1.47.2 (1-Jan-2025)");
        }));
    }

    private static (long Size, long Wanted) Sizes(ProxmoxCall call, SimulatedGuest guest, string volumeKey)
    {
        var disk = call.Required("disk");
        var line = guest.Text(disk) is { } text ? PropertyString.Parse(text, volumeKey) : throw ProxmoxRefusedException.Failed($"disk '{disk}' does not exist");
        if (line["media"] == "cdrom") throw ProxmoxRefusedException.Failed("you can't resize a cdrom");
        var size = DiskSize.Read(line["size"]) ?? 0;
        var asked = call.Required("size");
        var number = DiskSize.Read(asked.TrimStart('+')) ?? 0;
        return (size, asked.StartsWith('+') ? size + number : number);
    }

    private static void Grow(ProxmoxCall call, SimulatedGuest guest, string volumeKey, long size)
    {
        var disk = call.Required("disk");
        var line = PropertyString.Parse(guest.Text(disk)!, volumeKey);
        if (GuestVolumes.Find(call.Cluster, guest.Node, line[volumeKey]!) is { } old) GuestVolumes.Replace(call.Cluster, old, old with { Size = size });
        line["size"] = DiskSize.Write(size);
        guest.Set(disk, line.Write("mp"));
    }

    private static ProxmoxAnswer Move(ProxmoxCall call, SimulatedGuestKind kind, string diskName, string targetName)
    {
        var guest = call.Guest(kind);
        var disk = call.Required(diskName);
        var key = kind is SimulatedGuestKind.Qemu ? "file" : "volume";
        guest.DemandDigest(call.Text("digest"));
        guest.DemandUnlocked();
        if (call.Whole("target-vmid") is { } other) return Reassign(call, guest, disk, (int)other, call.Text(targetName) ?? disk);
        if (call.Text("storage") is not { } storage) throw ProxmoxRefusedException.Failed("Provide either a 'storage' to move the disk to a different storage or 'target-vmid' and 'target-disk' to move the disk to another VM");
        call.Demand("/storage/" + storage, "Datastore.AllocateSpace");
        var target = GuestVolumes.StorageOf(call.Cluster, storage + ":");
        if (guest.Text(disk) is not { } text || GuestVolumes.VolumeOf(disk, text) is not { } volume) throw ProxmoxRefusedException.Failed($"disk '{disk}' does not exist");
        if (kind is SimulatedGuestKind.Qemu && volume.Split(':')[0] == storage && (call.Text("format") is not { } format || volume.EndsWith("." + format, StringComparison.Ordinal))) throw ProxmoxRefusedException.Failed("you can't move to the same storage with same format");
        if (kind is Ct && guest.Pid is not null) throw ProxmoxRefusedException.Failed("cannot move volumes of a running container");
        return call.StartFor(kind, kind is SimulatedGuestKind.Qemu ? "move" : "move_volume", TaskPlan.Of(task =>
        {
            var line = PropertyString.Parse(guest.Text(disk)!, key);
            var size = DiskSize.Read(line["size"]) ?? 0;
            task.Write($"copying volume '{volume}' from current storage '{volume.Split(':')[0]}' to target storage '{storage}'");
            task.Write($"create full clone of {(kind is SimulatedGuestKind.Qemu ? "drive" : "mountpoint")} {disk} ({volume})");
            var made = GuestVolumes.Allocate(call.Cluster, guest.Node, target, (guest.Vmid, kind), size, call.Text("format"), task);
            GuestCopy.TellTransfer(task, made);
            line[key] = made.Volid;
            guest.Set(disk, line.Write("mp"));
            if (!call.Flag("delete"))
            {
                guest.Set(guest.FreeUnused(), volume);
                return;
            }

            task.Write($"removing source volume '{volume}' after successful copy");
            GuestVolumes.Free(call.Cluster, guest.Node, volume);
        }));
    }

    // The volume stays where it is, and belongs to another guest from now on.
    private static ProxmoxAnswer Reassign(ProxmoxCall call, SimulatedGuest guest, string disk, int vmid, string targetDisk)
    {
        call.Demand($"/vms/{vmid}", "VM.Config.Disk");
        if (call.Cluster.Find(vmid) is not { } target || target.Kind != guest.Kind || target.Node != guest.Node) throw ProxmoxRefusedException.Failed($"target {GuestCalls.Short(guest.Kind)} {vmid} does not exist on node '{guest.Node.Name}'");
        if (guest.Text(disk) is not { } text || GuestVolumes.VolumeOf(disk, text) is not { } volume) throw ProxmoxRefusedException.Failed($"disk '{disk}' does not exist");
        if (target.Text(targetDisk) is not null) throw ProxmoxRefusedException.Failed($"Target disk key '{targetDisk}' is already in use for VM '{vmid}'");
        if (guest.Pid is not null && !GuestVolumes.IsUnused(disk)) throw ProxmoxRefusedException.Failed($"cannot move disk '{disk}': VM {guest.Vmid} is running");
        return call.StartFor(guest.Kind, guest.Kind is SimulatedGuestKind.Qemu ? "move" : "move_volume", TaskPlan.Of(task =>
        {
            task.Write($"moving disk '{disk}' from VM '{guest.Vmid}' to '{vmid}'");
            if (GuestVolumes.Find(call.Cluster, guest.Node, volume) is { } old)
            {
                var renamed = old with { Vmid = vmid, Volid = volume.Replace($":{guest.Vmid}/vm-{guest.Vmid}-", $":{vmid}/vm-{vmid}-moved-", StringComparison.Ordinal) };
                GuestVolumes.Replace(call.Cluster, old, renamed);
                volume = renamed.Volid;
            }

            var line = PropertyString.Parse(text, GuestVolumes.KeyOf(disk));
            line[GuestVolumes.KeyOf(disk)] = volume;
            guest.Set(disk, null);
            target.Set(targetDisk, line.Write("mp"));
        }));
    }
}
