using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>What making, restoring and cloning guests have in common: a number that nobody has, the right to take it, and a place that is kept while the task runs.</summary>
internal static class NewGuest
{
    /// <summary>Refuses a number that a guest has.</summary>
    internal static void DemandFree(SimulatedProxmox cluster, int vmid, string before = "")
    {
        if (cluster.Find(vmid) is { } taken) throw ProxmoxRefusedException.Failed($"{before}{GuestCalls.Short(taken.Kind)} {vmid} already exists on node '{taken.Node.Name}'");
    }

    /// <summary>Refuses one who may not make a guest.</summary>
    internal static void DemandRight(ProxmoxCall call, int vmid, bool restore)
    {
        var pool = call.Text("pool");
        if (pool is not null && !call.Cluster.Pools.ContainsKey(pool)) throw ProxmoxRefusedException.Failed($"pool '{pool}' does not exist");
        var path = $"/vms/{vmid}";
        if (call.May(path, "VM.Allocate")) return;
        if (pool is not null && call.May("/pool/" + pool, "VM.Allocate")) return;
        if (restore && call.Cluster.Find(vmid) is not null && call.May(path, "VM.Backup")) return;
        throw ProxmoxRefusedException.With(403, "Permission check failed\n");
    }

    /// <summary>Keeps the place of a guest that is to come.</summary>
    internal static SimulatedGuest Reserve(ProxmoxCall call, int vmid, SimulatedGuestKind kind, SimulatedNode node, string held)
    {
        var guest = new SimulatedGuest(call.Cluster, new SimulatedGuestSpec { Vmid = vmid, Name = $"{GuestCalls.Short(kind)} {vmid}", Node = node.Name, Kind = kind, Disk = 0 }, node) { Pool = call.Text("pool") };
        guest.Replace(new Dictionary<string, string>(StringComparer.Ordinal) { ["lock"] = held });
        call.Cluster.Put(guest);
        return guest;
    }

    /// <summary>Lets go of a place, and of what was made for it.</summary>
    internal static void GiveUp(ProxmoxCall call, SimulatedGuest guest)
    {
        if (call.Cluster.Find(guest.Vmid) != guest) return;
        foreach (var volume in guest.Volumes().ToArray()) GuestVolumes.Free(call.Cluster, guest.Node, volume);
        call.Cluster.Remove(guest);
    }

    /// <summary>Starts it as a task of its own, as the last thing that the task of making it does.</summary>
    internal static void StartAtOnce(ProxmoxCall call, SimulatedGuest guest, SimulatedTask task)
    {
        task.Write("Execute autostart");
        call.Start(GuestCalls.Task(guest.Kind, "start"), GuestCalls.Id(guest.Vmid), new TaskPlan { Finish = _ => guest.Run(), Duration = TimeSpan.Zero });
    }

    /// <summary>What the file says of its making.</summary>
    internal static string Meta(SimulatedProxmox cluster) => string.Create(CultureInfo.InvariantCulture, $"creation-qemu={cluster.QemuVersion},ctime={cluster.Time.GetUtcNow().ToUnixTimeSeconds()}");

    /// <summary>Gives it what must be its own: identities and addresses.</summary>
    internal static void MakeUnique(SimulatedGuest guest)
    {
        if (guest.Kind is SimulatedGuestKind.Qemu)
        {
            guest.Set("smbios1", "uuid=" + Guid.NewGuid());
            guest.Set("vmgenid", Guid.NewGuid().ToString());
        }

        foreach (var key in guest.Config.Keys.Where(static k => k.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(k[^1])).ToArray())
        {
            var card = PropertyString.Parse(guest.Text(key)!, "model");
            var named = guest.Kind is SimulatedGuestKind.Lxc ? "hwaddr" : card.Keys.First(k => card[k]!.Count(':'.Equals) == 5);
            card[named] = QemuConfig.Mac();
            guest.Set(key, card.Write(guest.Kind is SimulatedGuestKind.Lxc ? "name" : named));
        }
    }
}
