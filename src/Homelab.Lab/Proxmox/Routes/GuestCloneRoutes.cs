using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What makes copies of guests.</summary>
internal static class GuestCloneRoutes
{
    private static readonly SimulatedRights s_clone = SimulatedRights.And(
        SimulatedRights.On("/vms/{vmid}", "VM.Clone"),
        SimulatedRights.Or(SimulatedRights.On("/vms/{newid}", "VM.Allocate"), SimulatedRights.On("/pool/{pool}", "VM.Allocate") with { RequiredParameter = "pool" }));

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/qemu/{vmid}/clone",
            s_clone,
            "string",
            static call => Clone(call, SimulatedGuestKind.Qemu),
            [Whole("bwlimit", 0, @default: "clone limit from datacenter or storage config"), Choice("format", "raw", "qcow2", "vmdk"), Text("name", "dns-name"), .. Common()]),
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/lxc/{vmid}/clone",
            s_clone,
            "string",
            static call => Clone(call, SimulatedGuestKind.Lxc),
            [Number("bwlimit", 0, @default: "clone limit from datacenter or storage config"), Text("hostname", "dns-name"), .. Common()]),
    ];

    private static IEnumerable<SimulatedParameter> Common() =>
    [
        Text("description"),
        Flag("full"),
        Whole("newid", 100, 999999999).Must() with { Format = "pve-vmid" },
        Text("pool", "pve-poolid"),
        Text("snapname", "pve-configid") with { MaxLength = 40 },
        Text("storage", "pve-storage-id"),
        Text("target", "pve-node"),
    ];

    private static ProxmoxAnswer Clone(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var machine = kind is SimulatedGuestKind.Qemu;
        var newid = (int)call.Whole("newid")!.Value;
        var source = call.Guest(kind);
        var full = call.Flag("full", !source.Template);
        if (call.Text("storage") is { } storage)
        {
            if (!full) throw ProxmoxRefusedException.Parameter("storage", "parameter 'storage' not allowed for linked clones.");
            GuestVolumes.StorageOf(call.Cluster, storage + ":");
            call.Demand("/storage/" + storage, "Datastore.AllocateSpace");
        }

        var node = Target(call, source);
        source.DemandUnlocked();
        var config = call.Text("snapname") is { } name ? source.Snapshot(name).Config : source.Config.ToDictionary(StringComparer.Ordinal);
        if (call.Cluster.Find(newid) is not null) throw ProxmoxRefusedException.Failed(machine ? $"unable to create VM {newid}: config file already exists" : $"unable to create CT {newid} - CT {newid} already exists on node '{call.Cluster.Find(newid)!.Node.Name}'");
        if (!machine && source.Pid is not null && full && !call.Has("snapname")) throw ProxmoxRefusedException.Failed("Cannot do full clones on a running container without snapshots");
        if (!full) DemandLinkable(source, config);
        var clone = NewGuest.Reserve(call, newid, kind, node, machine ? "clone" : "create");
        return call.StartFor(kind, "clone", new TaskPlan
        {
            Begin = task => task.Write($"creating a clone of {(machine ? "VM" : "container")} {source.Vmid} with ID {newid}"),
            Finish = task =>
            {
                clone.Replace(GuestCopy.Volumes(call, source, config, clone, full, task));
                foreach (var key in (string[])["vmstate", "runningcpu", "runningmachine", "running-nets-host-mtu"]) clone.Set(key, null);
                clone.Set(machine ? "name" : "hostname", call.Text(machine ? "name" : "hostname") ?? $"Copy-of-{(machine ? "VM" : "CT")}-{source.Name}");
                if (call.Text("description") is { } description) clone.Set("description", description);
                NewGuest.MakeUnique(clone);
                call.Cluster.SetFirewall(newid, call.Cluster.FirewallOf(source.Vmid).Copy());
            },
            Undo = _ => NewGuest.GiveUp(call, clone),
        });
    }

    private static SimulatedNode Target(ProxmoxCall call, SimulatedGuest source)
    {
        if (call.Text("target") is not { } name || name == call.Node.Name) return call.Node;
        var node = call.Cluster.Nodes.FirstOrDefault(n => n.Name == name) ?? throw ProxmoxRefusedException.Failed($"no such cluster node '{name}'");
        if (!source.Volumes().All(v => GuestVolumes.StorageOf(call.Cluster, v).Shared)) throw ProxmoxRefusedException.Failed($"can't clone {GuestCalls.Short(source.Kind)} to node '{name}' ({GuestCalls.Short(source.Kind)} uses local storage)");
        return node;
    }

    private static void DemandLinkable(SimulatedGuest source, IReadOnlyDictionary<string, string> config)
    {
        foreach (var (key, value) in config.Where(static l => GuestVolumes.IsDisk(l.Key, l.Value) || GuestVolumes.IsMount(l.Key)))
        {
            if (GuestVolumes.VolumeOf(key, value) is not { } volume || volume.Split('/', ':')[^1].StartsWith("base", StringComparison.Ordinal)) continue;
            throw ProxmoxRefusedException.Failed(source.Kind is SimulatedGuestKind.Qemu ? $"Linked clone feature is not supported for '{volume}' ({key})" : $"Linked clone feature for '{volume}' is not available");
        }
    }
}
