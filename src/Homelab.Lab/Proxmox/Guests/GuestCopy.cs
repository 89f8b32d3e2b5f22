namespace Homelab.Lab.Proxmox;

/// <summary>Copies the volumes of a guest for a clone.</summary>
internal static class GuestCopy
{
    /// <summary>Makes a volume of the clone for each of the guest's own, and gives the clone's lines.</summary>
    internal static Dictionary<string, string> Volumes(ProxmoxCall call, SimulatedGuest source, IReadOnlyDictionary<string, string> config, SimulatedGuest clone, bool full, SimulatedTask task)
    {
        var lines = new Dictionary<string, string>(config, StringComparer.Ordinal);
        foreach (var (key, value) in config.Where(static l => GuestVolumes.IsUnused(l.Key) || l.Key is "lock" or "template" or "protection")) lines.Remove(key);
        foreach (var (key, value) in config.Where(static l => GuestVolumes.IsDisk(l.Key, l.Value) || GuestVolumes.IsMount(l.Key)))
        {
            if (GuestVolumes.VolumeOf(key, value) is not { } volume) continue;
            var line = PropertyString.Parse(value, GuestVolumes.KeyOf(key));
            line[GuestVolumes.KeyOf(key)] = Copy(call, source, (key, volume, DiskSize.Read(line["size"]) ?? 0), clone, full, task).Volid;
            lines[key] = line.Write("mp");
        }

        return lines;
    }

    /// <summary>Tells of the copying.</summary>
    internal static void TellTransfer(SimulatedTask task, SimulatedVolume made)
    {
        task.Write($"allocated target volume '{made.Volid}'");
        task.Write($"transferred 0.0 B of {DiskSize.Tell(made.Size)} (0.00%)");
        task.Write($"transferred {DiskSize.Tell(made.Size)} of {DiskSize.Tell(made.Size)} (100.00%)");
    }

    private static SimulatedVolume Copy(ProxmoxCall call, SimulatedGuest source, (string Key, string Volume, long Size) disk, SimulatedGuest clone, bool full, SimulatedTask task)
    {
        var machine = source.Kind is SimulatedGuestKind.Qemu;
        var storage = GuestVolumes.StorageOf(call.Cluster, (call.Text("storage") ?? disk.Volume.Split(':')[0]) + ":");
        var format = call.Text("format") ?? (disk.Volume.Split('.') is [_, .., var extension] ? extension : null);
        if (full)
        {
            task.Write($"create full clone of {(machine ? "drive" : "mountpoint")} {disk.Key} ({disk.Volume})");
            var made = GuestVolumes.Allocate(call.Cluster, clone.Node, storage, (clone.Vmid, clone.Kind), disk.Size, format, task);
            if (machine) TellTransfer(task, made);
            else FileSystem.Tell(task, disk.Size);
            return made;
        }

        task.Write($"create linked clone of {(machine ? "drive" : "mountpoint")} {disk.Key} ({disk.Volume})");
        var own = disk.Volume.Split(':', 2)[1];
        var at = own.LastIndexOf("disk-", StringComparison.Ordinal);
        var name = $"vm-{clone.Vmid}-{own[at..]}";
        task.Write($"clone {own}: images, {name}, {clone.Vmid} to {name} (base=../{own})");
        return GuestVolumes.Allocate(call.Cluster, clone.Node, storage, (clone.Vmid, clone.Kind), disk.Size, format, task, disk.Volume);
    }
}
