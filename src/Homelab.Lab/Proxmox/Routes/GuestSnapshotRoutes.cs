using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Snapshots of guests.</summary>
internal static class GuestSnapshotRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/vms/{vmid}", "VM.Audit");
    private static readonly SimulatedRights s_snapshot = SimulatedRights.On("/vms/{vmid}", "VM.Snapshot");

    internal static IEnumerable<SimulatedRoute> All => [.. Of(SimulatedGuestKind.Qemu), .. Of(SimulatedGuestKind.Lxc)];

    private static IEnumerable<SimulatedRoute> Of(SimulatedGuestKind kind)
    {
        var list = $"/nodes/{{node}}/{GuestCalls.Segment(kind)}/{{vmid}}/snapshot";
        var one = list + "/{snapname}";
        var name = Text("snapname", "pve-configid").Must() with { MaxLength = 40 };
        return
        [
            SimulatedRoute.Of("GET", list, s_audit, "array", call => List(call, kind)),
            SimulatedRoute.Of("POST", list, s_snapshot, "string", call => Take(call, kind), kind is SimulatedGuestKind.Qemu ? [Text("description"), name, Flag("vmstate")] : [Text("description"), name]),
            SimulatedRoute.Of("GET", one, SimulatedRights.Everybody, "array", static _ => Json.Index("cmd", "rollback", "config")),
            SimulatedRoute.Of("DELETE", one, s_snapshot, "string", call => Remove(call, kind), Flag("force")),
            SimulatedRoute.Of("GET", one + "/config", SimulatedRights.OnAny("/vms/{vmid}", "VM.Snapshot", "VM.Snapshot.Rollback", "VM.Audit"), "object", call => Config(call, kind)),
            SimulatedRoute.Of("PUT", one + "/config", s_snapshot, "null", call => Describe(call, kind), Text("description")),
            SimulatedRoute.Of("POST", one + "/rollback", SimulatedRights.OnAny("/vms/{vmid}", "VM.Snapshot", "VM.Snapshot.Rollback"), "string", call => Rollback(call, kind), Flag("start", "0")),
        ];
    }

    private static ProxmoxAnswer List(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var guest = call.Guest(kind);
        var list = guest.Snapshots.Select(s =>
        {
            var entry = new JsonObject { ["name"] = s.Name, ["description"] = s.Description, ["snaptime"] = s.Taken }.With("parent", s.Parent);
            if (kind is SimulatedGuestKind.Qemu) entry["vmstate"] = Json.Bit(s.Memory);
            return entry;
        });
        var now = new JsonObject { ["name"] = "current", ["description"] = "You are here!", ["running"] = Json.Bit(guest.Pid is not null), ["digest"] = guest.Digest }.With("parent", guest.ParentSnapshot);
        return Json.List([.. list, now]);
    }

    private static ProxmoxAnswer Take(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var name = call.Required("snapname");
        if (name is "current" or "pending") throw ProxmoxRefusedException.Failed($"unable to use snapshot name '{name}' (reserved name)");
        var memory = false;
        return call.StartFor(kind, "snapshot", new TaskPlan
        {
            Begin = task =>
            {
                var guest = call.Guest(kind);
                guest.DemandUnlocked();
                if (guest.Template) throw ProxmoxRefusedException.Failed($"you can't take a snapshot if it's a template");
                if (guest.Snapshots.Any(s => s.Name == name)) throw ProxmoxRefusedException.Failed($"snapshot name '{name}' already used");
                if (!guest.Volumes().All(v => GuestVolumes.HasSnapshots(call.Cluster, guest.Node, v))) throw ProxmoxRefusedException.Failed("snapshot feature is not available");
                memory = call.Flag("vmstate") && guest.Pid is not null;
                guest.Lock = "snapshot";
            },
            Finish = task => Keep(call, call.Guest(kind), task, name, memory),
            Undo = _ => Unlock(call, "snapshot"),
        });
    }

    private static void Keep(ProxmoxCall call, SimulatedGuest guest, SimulatedTask task, string name, bool memory)
    {
        guest.Lock = null;
        var config = guest.Config.ToDictionary(StringComparer.Ordinal);
        if (memory)
        {
            var state = $"{guest.Vmid}/vm-{guest.Vmid}-state-{name}.raw";
            var storage = guest.Text("vmstatestorage") ?? "local";
            // Twice the memory and half a GiB more for what QEMU itself has to keep.
            var size = (guest.MemoryBytes * 2) + (500L * 1024 * 1024);
            task.Write($"Formatting '{GuestVolumes.PathOf(GuestVolumes.StorageOf(call.Cluster, storage + ":"), state)}', fmt=raw size={size} preallocation=off");
            task.Write($"saving VM state and RAM using storage '{storage}'");
            task.Write("129.99 KiB in 0s");
            task.Write("completed saving the VM state in 1s, saved 88.26 MiB");
            config["vmstate"] = $"{storage}:{state}";
            config["runningcpu"] = "qemu64";
            config["runningmachine"] = $"pc-i440fx-{string.Join('.', call.Cluster.QemuVersion.Split('.')[..2])}";
            config["running-nets-host-mtu"] = " ";
        }
        else if (guest is { Kind: SimulatedGuestKind.Qemu, Pid: not null } && GuestStatus.HasAgent(guest) && !guest.AgentAnswers)
        {
            task.Write($"QEMU Guest Agent is not running - VM {guest.Vmid} qga command 'guest-ping' failed - got timeout");
        }

        foreach (var disk in GuestStatus.Disks(guest))
        {
            task.Write($"snapshotting 'drive-{disk}' ({GuestVolumes.VolumeOf(disk, guest.Text(disk)!)})");
            if (guest.Pid is not null) task.Write("internal qemu snapshot");
        }

        guest.Snapshots.Add(new SimulatedSnapshot(name, call.Text("description") ?? "", call.Cluster.Tasks.Now, guest.ParentSnapshot, memory) { Config = config });
        guest.ParentSnapshot = name;
    }

    private static ProxmoxAnswer Remove(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var name = call.Required("snapname");
        return call.StartFor(kind, "delsnapshot", new TaskPlan
        {
            Begin = _ =>
            {
                var guest = call.Guest(kind);
                guest.DemandUnlocked();
                guest.Snapshot(name);
                guest.Lock = "snapshot-delete";
            },
            Finish = _ =>
            {
                var guest = call.Guest(kind);
                guest.Lock = null;
                var gone = guest.Snapshot(name);
                guest.Snapshots.Remove(gone);
                // Those that came after it now come after what came before it.
                for (var i = 0; i < guest.Snapshots.Count; i++)
                {
                    if (guest.Snapshots[i].Parent == name) guest.Snapshots[i] = guest.Snapshots[i] with { Parent = gone.Parent };
                }

                if (guest.ParentSnapshot == name) guest.ParentSnapshot = gone.Parent;
            },
            Undo = _ => Unlock(call, "snapshot-delete"),
        });
    }

    private static ProxmoxAnswer Config(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var guest = call.Guest(kind);
        return GuestJson.Config(guest, guest.Snapshot(call.Required("snapname")));
    }

    private static ProxmoxAnswer Describe(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var guest = call.Guest(kind);
        guest.DemandUnlocked();
        var snapshot = guest.Snapshot(call.Required("snapname"));
        if (call.Text("description") is { } description) guest.Snapshots[guest.Snapshots.IndexOf(snapshot)] = snapshot with { Description = description };
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Rollback(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var name = call.Required("snapname");
        return call.StartFor(kind, "rollback", new TaskPlan
        {
            Begin = _ =>
            {
                var guest = call.Guest(kind);
                guest.DemandUnlocked();
                guest.Snapshot(name);
                if (guest.Template) throw ProxmoxRefusedException.Failed("unable to rollback to snapshot: guest is a template");
                guest.Lock = "rollback";
            },
            Finish = _ =>
            {
                var guest = call.Guest(kind);
                guest.Halt();
                var snapshot = guest.Snapshot(name);
                guest.Replace(snapshot.Config.Where(static l => l.Key is not ("vmstate" or "runningcpu" or "runningmachine" or "running-nets-host-mtu")).ToDictionary(StringComparer.Ordinal));
                guest.Lock = null;
                guest.Pending.Clear();
                guest.ParentSnapshot = name;
                if (snapshot.Memory || call.Flag("start")) guest.Run();
            },
            Undo = _ => Unlock(call, "rollback"),
        });
    }

    private static void Unlock(ProxmoxCall call, string held)
    {
        if (call.Cluster.Find(call.Vmid) is { } guest && guest.Lock == held) guest.Lock = null;
    }
}
