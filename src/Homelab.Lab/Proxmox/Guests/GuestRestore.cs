namespace Homelab.Lab.Proxmox;

/// <summary>Makes a guest from a backup.</summary>
internal static class GuestRestore
{
    /// <summary>Starts the task that does it.</summary>
    internal static SimulatedTask Start(ProxmoxCall call, SimulatedGuestKind kind, string archive, ConfigChange change)
    {
        var vmid = call.Vmid;
        var before = $"unable to restore {GuestCalls.Short(kind)} {vmid} - ";
        change.DemandStorages();
        var old = call.Cluster.Find(vmid);
        if (old is not null && (!call.Flag("force") || old.Kind != kind || old.Node != call.Node)) NewGuest.DemandFree(call.Cluster, vmid, before);
        if (old is not null)
        {
            if (old.Text("protection") is "1") throw ProxmoxRefusedException.Failed($"{before}can't remove {GuestCalls.Short(kind)} {vmid} - protection mode enabled");
            if (old.Pid is not null) throw ProxmoxRefusedException.Failed(before + (kind is SimulatedGuestKind.Qemu ? "vm is running" : "container is running"));
            old.DemandUnlocked();
        }

        if (GuestVolumes.StorageOf(call.Cluster, archive) is var from && !call.MayAny("/storage/" + from.Name, "Datastore.AllocateSpace", "Datastore.Allocate") && !call.May($"/vms/{vmid}", "VM.Backup")) call.Demand($"/vms/{vmid}", "VM.Backup");
        var guest = old ?? NewGuest.Reserve(call, vmid, kind, call.Node, "create");
        guest.Lock = "create";
        return call.StartFor(kind, "restore", new TaskPlan
        {
            Finish = task => Unpack(call, guest, archive, change, task, before),
            Undo = _ =>
            {
                guest.Lock = null;
                if (old is null) NewGuest.GiveUp(call, guest);
            },
        });
    }

    private static void Unpack(ProxmoxCall call, SimulatedGuest guest, string archive, ConfigChange change, SimulatedTask task, string before)
    {
        if (GuestVolumes.Find(call.Cluster, call.Node, archive) is not { GuestConfig: { } kept } backup) throw ProxmoxRefusedException.Failed($"{before}volume '{archive}' does not exist");
        task.Write($"restore {(guest.Kind is SimulatedGuestKind.Qemu ? "vma archive" : "archive")}: {archive}");
        foreach (var volume in guest.Volumes().ToArray()) GuestVolumes.Free(call.Cluster, guest.Node, volume);
        guest.Replace(kept);
        guest.Pending.Clear();
        guest.Snapshots.Clear();
        guest.ParentSnapshot = null;
        foreach (var (key, value) in kept.Where(static l => GuestVolumes.IsDisk(l.Key, l.Value) || GuestVolumes.IsMount(l.Key)))
        {
            var line = PropertyString.Parse(value, GuestVolumes.KeyOf(key));
            if (GuestVolumes.VolumeOf(key, value) is not { } volume) continue;
            var storage = GuestVolumes.StorageOf(call.Cluster, (call.Text("storage") ?? volume.Split(':')[0]) + ":");
            var format = volume.Split('.') is [_, .., var extension] ? extension : null;
            var made = GuestVolumes.Allocate(call.Cluster, guest.Node, storage, (guest.Vmid, guest.Kind), DiskSize.Read(line["size"]) ?? 0, format, task);
            line[GuestVolumes.KeyOf(key)] = made.Volid;
            guest.Set(key, line.Write("mp"));
        }

        if (call.Flag("unique")) NewGuest.MakeUnique(guest);
        guest.Lock = null;
        if (guest.Kind is SimulatedGuestKind.Qemu) new QemuConfig(call.Cluster, guest, task).Apply(change);
        else new LxcConfig(call.Cluster, guest, task).Apply(change);
        task.Write($"{DiskSize.Tell(backup.Size)} restored");
        if (call.Flag("start")) NewGuest.StartAtOnce(call, guest, task);
    }
}
