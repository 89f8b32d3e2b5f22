using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>The cluster as a whole: who is in it, which number is free, what it has written.</summary>
internal static class ClusterRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/", "Sys.Audit");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/cluster", SimulatedRights.Everybody, "array", static _ => Json.Index(
            "name", "acme", "backup", "backup-info", "bulk-action", "ceph", "config", "firewall", "ha", "jobs", "log", "mapping", "metrics", "notifications", "nextid", "options", "replication",
            "resources", "status", "tasks", "sdn")),
        SimulatedRoute.Of("GET", "/cluster/status", s_audit, "array", static call => Status(call)),
        SimulatedRoute.Of("GET", "/cluster/nextid", SimulatedRights.Everybody, "integer", static call => NextId(call), Whole("vmid", 100, 999999999) with { Format = "pve-vmid" }),
        SimulatedRoute.Of("GET", "/cluster/log", SimulatedRights.Everybody, "array", static call => Log(call), Whole("max", 1)),
        SimulatedRoute.Of("GET", "/cluster/config/nodes", s_audit, "array", static call => Members(call)),
        SimulatedRoute.Of("GET", "/cluster/config/join", s_audit, "object", static call => Join(call), Text("node", "pve-node", @default: "current connected node")),
        SimulatedRoute.Of("GET", "/cluster/backup", s_audit, "array", static _ => new JsonArray()),
        SimulatedRoute.Of("GET", "/cluster/backup-info/not-backed-up", s_audit, "array", static call => Json.List(call.Cluster.Guests.Select(static g =>
            new JsonObject { ["vmid"] = g.Vmid, ["name"] = g.Name, ["type"] = g.ApiKind }))),
        SimulatedRoute.Of("GET", "/cluster/replication", SimulatedRights.Everybody, "array", static _ => new JsonArray()),
    ];

    private static ProxmoxAnswer Status(ProxmoxCall call)
    {
        var nodes = call.Cluster.Nodes;
        var entries = nodes.Select(n => new JsonObject
        {
            ["id"] = "node/" + n.Name,
            ["type"] = "node",
            ["name"] = n.Name,
            // One node alone has no number in a cluster.
            ["nodeid"] = nodes.Count == 1 ? 0 : n.Number,
            ["ip"] = n.Address,
            ["local"] = Json.Bit(n == call.Received),
            ["online"] = Json.Bit(n.Online),
        }.With("level", n.Online ? "" : null)).ToList();
        if (nodes.Count > 1)
        {
            entries.Insert(0, new JsonObject
            {
                ["id"] = "cluster",
                ["type"] = "cluster",
                ["name"] = call.Cluster.Options.ClusterName,
                ["nodes"] = nodes.Count,
                ["version"] = nodes.Count,
                ["quorate"] = Json.Bit(call.Cluster.Quorate),
            });
        }

        return Json.List(entries);
    }

    private static ProxmoxAnswer NextId(ProxmoxCall call)
    {
        if (call.Whole("vmid") is { } asked)
        {
            return call.Cluster.Find((int)asked) is { } taken
                ? throw ProxmoxRefusedException.Parameter("vmid", $"{(taken.Kind is SimulatedGuestKind.Qemu ? "VM" : "CT")} {asked} already exists")
                : (ProxmoxAnswer)asked.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var next = 100;
        while (call.Cluster.Find(next) is not null) next++;
        return next.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    // What the real one writes when a task begins and ends; who may not audit sees his own lines only.
    private static ProxmoxAnswer Log(ProxmoxCall call)
    {
        var lines = new List<JsonObject>();
        var number = 0;
        foreach (var task in call.Cluster.Tasks.All.Where(t => t.User == call.User || call.May("/", "Sys.Syslog")))
        {
            lines.Add(Line(task, ++number, task.StartTime, 6, $"starting task {task.Upid}"));
            if (!task.Running) lines.Add(Line(task, ++number, task.EndTime, task.ExitStatus is "OK" ? 6 : 3, $"end task {task.Upid} {task.ExitStatus}"));
        }

        lines.Reverse();
        return Json.List(lines.Take((int)(call.Whole("max") ?? 50)));
    }

    private static JsonObject Line(SimulatedTask task, int number, long time, int priority, string text) => new()
    {
        ["id"] = $"{number}:{task.Node}",
        ["uid"] = number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["node"] = task.Node,
        ["pid"] = task.Pid,
        ["pri"] = priority,
        ["tag"] = "pvedaemon",
        ["time"] = time,
        ["user"] = task.User,
        ["msg"] = text,
    };

    private static ProxmoxAnswer Members(ProxmoxCall call)
    {
        var nodes = call.Cluster.Nodes;
        return nodes.Count == 1
            ? new JsonArray()
            : Json.List(nodes.Select(static n => new JsonObject { ["name"] = n.Name, ["node"] = n.Name, ["nodeid"] = n.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), ["quorum_votes"] = "1", ["ring0_addr"] = n.Address }));
    }

    private static ProxmoxAnswer Join(ProxmoxCall call)
    {
        var nodes = call.Cluster.Nodes;
        if (nodes.Count == 1) throw ProxmoxRefusedException.With(424, "node is not in a cluster, no join info available!");
        return new JsonObject
        {
            ["config_digest"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(call.Cluster.Options.ClusterName)))[..40],
            ["preferred_node"] = call.Text("node") ?? call.Received.Name,
            ["nodelist"] = Json.List(nodes.Select(static n => new JsonObject
            {
                ["name"] = n.Name, ["nodeid"] = n.Number.ToString(System.Globalization.CultureInfo.InvariantCulture), ["pve_addr"] = n.Address, ["pve_fp"] = n.CertificateSha256, ["quorum_votes"] = "1", ["ring0_addr"] = n.Address,
            })),
            ["totem"] = new JsonObject { ["cluster_name"] = call.Cluster.Options.ClusterName, ["version"] = "2", ["secauth"] = "on" },
        };
    }
}
