using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What can be read of guests: lists, status, configuration, the past.</summary>
internal static class GuestReadRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/vms/{vmid}", "VM.Audit");

    internal static IEnumerable<SimulatedRoute> All =>
    [
        .. Of(SimulatedGuestKind.Qemu),
        .. Of(SimulatedGuestKind.Lxc),
        SimulatedRoute.Of("GET", "/nodes/{node}/lxc/{vmid}/interfaces", s_audit, "array", Interfaces),
    ];

    private static IEnumerable<SimulatedRoute> Of(SimulatedGuestKind kind)
    {
        var qemu = kind is SimulatedGuestKind.Qemu;
        var list = $"/nodes/{{node}}/{GuestCalls.Segment(kind)}";
        var guest = list + "/{vmid}";
        return
        [
            SimulatedRoute.Of("GET", list, SimulatedRights.Everybody, "array", call => List(call, kind), qemu ? [Flag("full")] : []),
            SimulatedRoute.Of("GET", guest, SimulatedRights.Everybody, "array", call => Index(call, kind)),
            SimulatedRoute.Of("GET", guest + "/status", SimulatedRights.Everybody, "array", call => StatusIndex(call, kind)),
            SimulatedRoute.Of("GET", guest + "/status/current", s_audit, "object", call => GuestStatus.Current(call.Cluster, call.Guest(kind))),
            SimulatedRoute.Of("GET", guest + "/config", s_audit, "object", call => Config(call, kind), Flag("current", "0"), Text("snapshot", "pve-configid") with { MaxLength = 40 }),
            SimulatedRoute.Of("GET", guest + "/pending", s_audit, "array", call => GuestJson.Pending(call.Guest(kind))),
            SimulatedRoute.Of("GET", guest + "/feature", s_audit, "object", call => Feature(call, kind), Choice("feature", "snapshot", "clone", "copy").Must(), Text("snapname", "pve-configid") with { MaxLength = 40 }),
            SimulatedRoute.Of("GET", guest + "/rrddata", s_audit, "array", call => Past(call, kind), Choice("cf", "AVERAGE", "MAX"), Choice("timeframe", "hour", "day", "week", "month", "year").Must()),
        ];
    }

    private static ProxmoxAnswer List(ProxmoxCall call, SimulatedGuestKind kind) => Json.List(call.Cluster.Guests
        .Where(g => g.Kind == kind && g.Node == call.Node && call.May(g.AccessPath, "VM.Audit"))
        .Select(g => GuestStatus.Entry(call.Cluster, g, call.Flag("full"))));

    private static ProxmoxAnswer Index(ProxmoxCall call, SimulatedGuestKind kind)
    {
        call.Guest(kind);
        return kind is SimulatedGuestKind.Qemu
            ? Json.Index("subdir", "config", "cloudinit", "pending", "status", "unlink", "vncproxy", "termproxy", "migrate", "resize", "move", "rrd", "rrddata", "monitor", "agent", "snapshot", "spiceproxy", "sendkey", "firewall", "mtunnel", "remote_migrate")
            : Json.Index("subdir", "config", "pending", "status", "vncproxy", "termproxy", "vncwebsocket", "spiceproxy", "migrate", "clone", "snapshot", "resize", "interfaces", "rrd", "rrddata", "firewall", "feature", "template", "remote_migrate", "mtunnel");
    }

    private static ProxmoxAnswer StatusIndex(ProxmoxCall call, SimulatedGuestKind kind)
    {
        call.Guest(kind);
        return kind is SimulatedGuestKind.Qemu ? Json.Index("subdir", "current", "start", "stop", "reset", "shutdown", "suspend", "reboot") : Json.Index("subdir", "current", "start", "stop", "shutdown", "migrate");
    }

    private static ProxmoxAnswer Config(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var guest = call.Guest(kind);
        if (call.Text("snapshot") is not { } name) return GuestJson.Config(guest, call.Flag("current"));
        if (call.Flag("current")) throw ProxmoxRefusedException.Parameters(new Dictionary<string, string>(StringComparer.Ordinal) { ["snapshot"] = "cannot use 'snapshot' parameter with 'current'", ["current"] = "cannot use 'snapshot' parameter with 'current'" });
        var config = GuestJson.Config(guest, guest.Snapshot(name));
        config["digest"] = guest.Digest;
        return config;
    }

    private static ProxmoxAnswer Feature(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var guest = call.Guest(kind);
        if (call.Text("snapname") is { } name) guest.Snapshot(name);
        var volumes = guest.Volumes().ToList();
        var has = call.Required("feature") switch
        {
            "snapshot" => volumes.All(v => GuestVolumes.HasSnapshots(call.Cluster, guest.Node, v)),
            "clone" => guest.Template && volumes.All(v => GuestVolumes.HasSnapshots(call.Cluster, guest.Node, v)),
            _ => true,
        };
        var answer = new JsonObject { ["hasFeature"] = Json.Bit(has) };
        if (kind is SimulatedGuestKind.Qemu) answer["nodes"] = Json.Texts(NodesFor(call.Cluster, guest, volumes));
        return answer;
    }

    // Where its volumes are seen.
    private static IEnumerable<string> NodesFor(SimulatedProxmox cluster, SimulatedGuest guest, List<string> volumes) => cluster.Nodes
        .Where(n => n == guest.Node || volumes.All(v => GuestVolumes.StorageOf(cluster, v) is { Shared: true } storage && storage.IsOn(n.Name)))
        .Select(static n => n.Name);

    private static ProxmoxAnswer Past(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var guest = call.Guest(kind);
        var size = GuestStatus.MaxDisk(guest);
        return History.Of(call, (_, point) =>
        {
            point["maxmem"] = guest.MemoryBytes;
            point["maxcpu"] = guest.Cores;
            point["maxdisk"] = size;
            point["disk"] = kind is SimulatedGuestKind.Lxc ? size / 5 : 0;
            if (guest.Pid is null) return;
            point["mem"] = guest.MemoryUsed;
            if (kind is SimulatedGuestKind.Qemu) point["memhost"] = guest.MemoryUsed;
            point["cpu"] = guest.CpuUsed;
            point["netin"] = 180;
            point["netout"] = 90;
            point["diskread"] = 0;
            point["diskwrite"] = 180;
            foreach (var pressure in GuestStatus.Pressures) point[pressure] = 0;
        });
    }

    private static ProxmoxAnswer Interfaces(ProxmoxCall call)
    {
        var guest = call.Guest(SimulatedGuestKind.Lxc);
        if (guest.Pid is null) return ProxmoxAnswer.Nothing;
        return Json.List(GuestAddresses.Of(guest).Select(static card => new JsonObject
        {
            ["name"] = card.Name,
            ["hwaddr"] = card.Mac,
            ["hardware-address"] = card.Mac,
            ["inet"] = $"{card.Address}/{card.Prefix}",
            ["inet6"] = $"{card.Address6}/{card.Prefix6}",
            ["ip-addresses"] = new JsonArray(
                new JsonObject { ["ip-address"] = card.Address, ["ip-address-type"] = "inet", ["prefix"] = $"{card.Prefix}" },
                new JsonObject { ["ip-address"] = card.Address6, ["ip-address-type"] = "inet6", ["prefix"] = $"{card.Prefix6}" }),
        }));
    }
}
