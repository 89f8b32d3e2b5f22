using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>What makes containers, from a template or from a backup.</summary>
internal static class LxcCreateRoutes
{
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;
    private const int UsualSize = 4;

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("POST", "/nodes/{node}/lxc", SimulatedRights.Everybody, "string", Create, [.. LxcOptions.All, .. LxcOptions.ForCreate]),
    ];

    private static ProxmoxAnswer Create(ProxmoxCall call)
    {
        var vmid = call.Vmid;
        var template = call.Required("ostemplate");
        var restore = call.Flag("restore") || template.Contains(":backup/", StringComparison.Ordinal);
        NewGuest.DemandRight(call, vmid, restore && call.Flag("force"));
        var change = ConfigChange.ReadNew(call, Ct);
        if (restore) return GuestRestore.Start(call, Ct, template, change);
        // Root in a privileged one is root of the node.
        if (!call.Flag("unprivileged")) call.Demand("/", "Sys.Modify");
        NewGuest.DemandFree(call.Cluster, vmid);
        change.DemandStorages();
        var storage = call.Text("storage") ?? "local";
        GuestVolumes.StorageOf(call.Cluster, storage + ":");
        if (!change.Set.ContainsKey("rootfs"))
        {
            call.Demand("/storage/" + storage, "Datastore.AllocateSpace");
            change.Set["rootfs"] = $"{storage}:{UsualSize}";
        }

        var guest = NewGuest.Reserve(call, vmid, Ct, call.Node, "create");
        return call.StartFor(Ct, "create", new TaskPlan { Finish = task => Make(call, guest, change, template, task), Undo = _ => NewGuest.GiveUp(call, guest) });
    }

    private static void Make(ProxmoxCall call, SimulatedGuest guest, ConfigChange change, string template, SimulatedTask task)
    {
        var config = new LxcConfig(call.Cluster, guest, task);
        foreach (var (key, value) in change.Set)
        {
            guest.Set(key, config.Resolve(key, value));
            if (GuestVolumes.IsMount(key)) FileSystem.Tell(task, DiskSize.Read(PropertyString.Parse(guest.Text(key)!, "volume")["size"]) ?? 0);
        }

        if (GuestVolumes.Find(call.Cluster, guest.Node, template) is null)
        {
            task.Write($"volume '{template}' does not exist");
            throw ProxmoxRefusedException.Failed($"unable to create CT {guest.Vmid} - volume '{template}' does not exist");
        }

        task.Write($"extracting archive '/var/lib/vz/template/cache/{template.Split('/')[^1]}'");
        task.Write("Total bytes read: 2191360 (2.1MiB, 196MiB/s)");
        var arch = guest.Text("arch") ?? "amd64";
        task.Write($"Detected container architecture: {arch}");
        guest.Set("arch", arch);
        guest.Set("ostype", guest.Text("ostype") ?? template.Split('/')[^1].Split('-')[0]);
        guest.Set("hostname", guest.Text("hostname") ?? string.Create(CultureInfo.InvariantCulture, $"CT{guest.Vmid}"));
        guest.Set("memory", guest.Text("memory") ?? "512");
        guest.Set("swap", guest.Text("swap") ?? "512");
        guest.Lock = null;
        guest.HaManaged = call.Flag("ha-managed");
        if (call.Flag("start")) NewGuest.StartAtOnce(call, guest, task);
    }
}
