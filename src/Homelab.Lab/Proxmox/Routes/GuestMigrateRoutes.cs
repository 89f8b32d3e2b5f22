using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What brings guests to other nodes.</summary>
internal static class GuestMigrateRoutes
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;

    private static readonly SimulatedRights s_migrate = SimulatedRights.On("/vms/{vmid}", "VM.Migrate");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of("GET", "/nodes/{node}/qemu/{vmid}/migrate", s_migrate, "object", Look, Text("target", "pve-node")),
        SimulatedRoute.Of("GET", "/nodes/{node}/lxc/{vmid}/migrate", s_migrate, "object", LookAtContainer, Text("target", "pve-node")),
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/qemu/{vmid}/migrate",
            s_migrate,
            "string",
            MigrateMachine,
            Whole("bwlimit", 0, @default: "migrate limit from datacenter or storage config"),
            Flag("force"),
            Text("migration_network", "CIDR"),
            Choice("migration_type", "secure", "insecure"),
            Flag("online"),
            Text("target", "pve-node").Must(),
            Text("targetstorage", "storage-pair-list"),
            Flag("with-conntrack-state", "0"),
            Flag("with-local-disks")),
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/lxc/{vmid}/migrate",
            s_migrate,
            "string",
            MigrateContainer,
            Number("bwlimit", 0, @default: "migrate limit from datacenter or storage config"),
            Flag("online"),
            Flag("restart"),
            Text("target", "pve-node").Must(),
            Text("target-storage", "storage-pair-list"),
            Whole("timeout", @default: "180")),
    ];

    private static ProxmoxAnswer Look(ProxmoxCall call)
    {
        var guest = call.Guest(Vm);
        var others = call.Cluster.Nodes.Where(n => n != guest.Node).ToList();
        var missing = others.ToDictionary(static n => n, n => guest.Config.Where(static l => GuestVolumes.IsDrive(l.Key)).Select(static l => GuestVolumes.VolumeOf(l.Key, l.Value)).OfType<string>()
            .Select(v => GuestVolumes.StorageOf(call.Cluster, v)).Where(s => !s.IsOn(n.Name)).Select(static s => s.Name).Distinct(StringComparer.Ordinal).ToList());
        var answer = new JsonObject
        {
            ["running"] = Json.Bit(guest.Pid is not null),
            ["allowed_nodes"] = Json.Texts(others.Where(n => missing[n].Count == 0).Select(static n => n.Name)),
            ["not_allowed_nodes"] = new JsonObject(others.Where(n => missing[n].Count > 0).Select(n => KeyValuePair.Create(n.Name, (JsonNode?)new JsonObject { ["unavailable_storages"] = Json.Texts(missing[n]) }))),
            ["local_disks"] = Json.List(LocalDisks(call.Cluster, guest)),
            ["local_resources"] = Json.Texts(guest.Config.Keys.Where(static k => k.StartsWith("hostpci", StringComparison.Ordinal) || (k.StartsWith("usb", StringComparison.Ordinal) && char.IsAsciiDigit(k[^1])))),
            ["mapped-resources"] = new JsonArray(),
            ["mapped-resource-info"] = new JsonObject(),
            ["has-dbus-vmstate"] = 1,
        };
        return answer;
    }

    private static IEnumerable<JsonObject> LocalDisks(SimulatedProxmox cluster, SimulatedGuest guest)
    {
        foreach (var (key, value) in guest.Config.Where(static l => GuestVolumes.IsDrive(l.Key) || GuestVolumes.IsUnused(l.Key)))
        {
            if (GuestVolumes.VolumeOf(key, value) is not { } volume || GuestVolumes.StorageOf(cluster, volume) is not { Shared: false }) continue;
            var cdrom = PropertyString.Parse(value, "file")["media"] == "cdrom";
            var disk = new JsonObject
            {
                ["volid"] = volume,
                ["shared"] = 0,
                ["size"] = GuestVolumes.Find(cluster, guest.Node, volume)?.Size ?? 0,
                ["drivename"] = key,
                ["cdrom"] = Json.Bit(cdrom),
                ["replicate"] = 1,
                ["is_unused"] = Json.Bit(GuestVolumes.IsUnused(key)),
                ["is_attached"] = Json.Bit(!GuestVolumes.IsUnused(key)),
                ["is_cloudinit"] = Json.Bit(volume.Contains("-cloudinit", StringComparison.Ordinal)),
                ["is_vmstate"] = 0,
                ["is_tpmstate"] = Json.Bit(key == "tpmstate0"),
            };
            yield return disk;
        }
    }

    private static ProxmoxAnswer LookAtContainer(ProxmoxCall call)
    {
        var guest = call.Guest(Ct);
        return new JsonObject
        {
            ["running"] = Json.Bit(guest.Pid is not null),
            ["allowed-nodes"] = Json.Texts(call.Cluster.Nodes.Where(n => n != guest.Node).Select(static n => n.Name)),
            ["not-allowed-nodes"] = new JsonObject(),
        };
    }

    private static ProxmoxAnswer MigrateMachine(ProxmoxCall call)
    {
        var target = Target(call);
        call.DemandRootFor("force", "migration_network", "migration_type");
        DemandSpace(call, call.Text("targetstorage"));
        var guest = call.Guest(Vm);
        guest.DemandUnlocked();
        var online = guest.Pid is not null;
        if (online && !call.Flag("online")) throw ProxmoxRefusedException.Failed("can't migrate running VM without --online");
        if (guest.HaManaged) return Later(call, guest, target);
        return call.StartFor(Vm, "migrate", new TaskPlan
        {
            Begin = task =>
            {
                guest.DemandUnlocked();
                task.Write($"starting migration of VM {guest.Vmid} to node '{target.Name}' ({target.Address})");
                if (online && !call.Flag("with-local-disks") && LocalVolumes(call.Cluster, guest).FirstOrDefault() is { } local)
                {
                    task.Write($"can't migrate local disk '{local}': can't live migrate attached local disks without with-local-disks option");
                    throw ProxmoxRefusedException.Failed("Problem found while scanning volumes - can't migrate VM - check log");
                }

                guest.Lock = "migrate";
            },
            Finish = task => Arrive(call, guest, target, task, restart: false),
            Undo = _ => Unlock(guest),
        });
    }

    private static ProxmoxAnswer MigrateContainer(ProxmoxCall call)
    {
        var target = Target(call);
        DemandSpace(call, call.Text("target-storage"));
        var guest = call.Guest(Ct);
        guest.DemandUnlocked();
        var running = guest.Pid is not null;
        if (running && !call.Flag("online") && !call.Flag("restart")) throw ProxmoxRefusedException.Failed("can't migrate running container without --online or --restart");
        if (guest.HaManaged) return Later(call, guest, target);
        return call.StartFor(Ct, "migrate", new TaskPlan
        {
            Begin = task =>
            {
                guest.DemandUnlocked();
                if (running && call.Flag("online") && !call.Flag("restart")) throw ProxmoxRefusedException.Failed("lxc live migration is currently not implemented");
                task.Write($"starting migration of CT {guest.Vmid} to node '{target.Name}' ({target.Address})");
                guest.Lock = "migrate";
            },
            Finish = task => Arrive(call, guest, target, task, restart: running),
            Undo = _ => Unlock(guest),
        });
    }

    // 1 is: where they are.
    private static void DemandSpace(ProxmoxCall call, string? storage)
    {
        if (storage is not (null or "1")) call.Demand("/storage/" + storage, "Datastore.AllocateSpace");
    }

    private static SimulatedNode Target(ProxmoxCall call)
    {
        var name = call.Required("target");
        if (name == call.Node.Name) throw ProxmoxRefusedException.Parameter("target", "target is local node.");
        var node = call.Cluster.Nodes.FirstOrDefault(n => n.Name == name) ?? throw ProxmoxRefusedException.Failed($"no such cluster node '{name}'");
        return node.Online ? node : throw ProxmoxRefusedException.Failed($"cluster node '{name}' is offline");
    }

    private static IEnumerable<string> LocalVolumes(SimulatedProxmox cluster, SimulatedGuest guest) => guest.Volumes().Where(v => !GuestVolumes.StorageOf(cluster, v).Shared);

    private static void Arrive(ProxmoxCall call, SimulatedGuest guest, SimulatedNode target, SimulatedTask task, bool restart)
    {
        if (!target.Online) throw ProxmoxRefusedException.Failed($"migration aborted: can't connect to '{target.Name}'");
        if (restart) guest.Halt();
        foreach (var volume in LocalVolumes(call.Cluster, guest).ToArray())
        {
            task.Write($"found local disk '{volume}' (attached)");
            if (GuestVolumes.Find(call.Cluster, guest.Node, volume) is { } old) GuestVolumes.Replace(call.Cluster, old, old with { Node = target.Name });
        }

        guest.Node = target;
        guest.Lock = null;
        if (restart) guest.Run();
        task.Write($"migration finished successfully (duration 00:00:{(int)call.Cluster.TaskTime.TotalSeconds:00})");
    }

    private static void Unlock(SimulatedGuest guest)
    {
        if (guest.Lock == "migrate") guest.Lock = null;
    }

    // The cluster does it when it gets to it; the task has ended by then.
    private static ProxmoxAnswer Later(ProxmoxCall call, SimulatedGuest guest, SimulatedNode target) => call.Start("hamigrate", GuestCalls.Id(guest.Vmid), new TaskPlan
    {
        Begin = task => task.Write($"Requesting HA migration for {GuestCalls.Short(guest.Kind)} {guest.Vmid} to node {target.Name}"),
        Afterwards = (call.Cluster.RebootGap, () => call.Cluster.Tasks.Start(guest.Node, GuestCalls.Task(guest.Kind, "migrate"), GuestCalls.Id(guest.Vmid), "root@pam", TaskPlan.Of(task => Arrive(call, guest, target, task, restart: guest is { Kind: SimulatedGuestKind.Lxc, Pid: not null })))),
    });
}
