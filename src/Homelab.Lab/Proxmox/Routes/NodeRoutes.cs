using System.Globalization;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Nodes: the list, how each is, and switching it off.</summary>
internal static class NodeRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/nodes/{node}", "Sys.Audit");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/nodes", SimulatedRights.Everybody, "array", static call => List(call)),
        SimulatedRoute.Of("GET", "/nodes/{node}", SimulatedRights.Everybody, "array", static _ => Json.Index(
            "name", "aplinfo", "apt", "capabilities", "ceph", "certificates", "config", "disks", "dns", "firewall", "hardware", "hosts", "journal", "lxc", "migrateall", "netstat", "network", "qemu",
            "query-oci-repo-tags", "query-url-metadata", "replication", "report", "rrd", "rrddata", "scan", "sdn", "services", "spiceshell", "startall", "status", "stopall", "storage",
            "subscription", "suspendall", "syslog", "tasks", "termproxy", "time", "version", "vncshell", "vzdump", "wakeonlan")),
        SimulatedRoute.Of("GET", "/nodes/{node}/status", s_audit, "object", static call => Status(call)),
        SimulatedRoute.Of("POST", "/nodes/{node}/status", SimulatedRights.On("/nodes/{node}", "Sys.PowerMgmt"), "null", static call => Power(call), Choice("command", "reboot", "shutdown").Must()),
        SimulatedRoute.Of("GET", "/nodes/{node}/time", s_audit, "object", static call => Clock(call)),
        SimulatedRoute.Of("GET", "/nodes/{node}/dns", s_audit, "object", static _ => new JsonObject { ["search"] = "home.arpa", ["dns1"] = "192.168.100.1" }),
        SimulatedRoute.Of("GET", "/nodes/{node}/subscription", SimulatedRights.Everybody, "object", static call => Subscription(call)),
        SimulatedRoute.Of("POST", "/nodes/{node}/wakeonlan", SimulatedRights.On("/nodes/{node}", "Sys.PowerMgmt"), "string", static call => Wake(call)),
    ];

    private static ProxmoxAnswer List(ProxmoxCall call) => Json.List(call.Cluster.Nodes.Select(n =>
    {
        var entry = new JsonObject { ["id"] = "node/" + n.Name, ["type"] = "node", ["node"] = n.Name, ["status"] = n.Online ? "online" : "offline", ["ssl_fingerprint"] = n.CertificateSha256 };
        if (n.Online) entry["level"] = "";
        if (n.Online && call.May(n.AccessPath, "Sys.Audit"))
        {
            entry["maxcpu"] = n.Cores;
            entry["cpu"] = n.CpuUsed;
            entry["maxmem"] = n.Memory;
            entry["mem"] = ResourceView.MemoryUsed(call.Cluster, n);
            entry["maxdisk"] = n.RootSize;
            entry["disk"] = n.RootUsed;
            entry["uptime"] = Uptime(call, n);
        }

        return entry;
    }));

    private static ProxmoxAnswer Status(ProxmoxCall call)
    {
        var node = call.Node;
        var used = ResourceView.MemoryUsed(call.Cluster, node);
        const string Kernel = "6.17.2-1-pve";
        const string Built = "#1 SMP PREEMPT_DYNAMIC PMX 6.17.2-1";
        return new JsonObject
        {
            ["uptime"] = Uptime(call, node),
            ["cpu"] = node.CpuUsed,
            ["wait"] = 0,
            ["idle"] = 0,
            ["loadavg"] = Json.Texts(["0.42", "0.37", "0.31"]),
            ["memory"] = new JsonObject { ["total"] = node.Memory, ["used"] = used, ["free"] = node.Memory - used, ["available"] = node.Memory - used },
            ["swap"] = new JsonObject { ["total"] = 0, ["used"] = 0, ["free"] = 0 },
            ["rootfs"] = new JsonObject { ["total"] = node.RootSize, ["used"] = node.RootUsed, ["free"] = node.RootSize - node.RootUsed, ["avail"] = node.RootSize - node.RootUsed },
            ["ksm"] = new JsonObject { ["shared"] = 0 },
            ["boot-info"] = new JsonObject { ["mode"] = "legacy-bios" },
            ["current-kernel"] = new JsonObject { ["sysname"] = "Linux", ["release"] = Kernel, ["version"] = Built, ["machine"] = "x86_64" },
            ["kversion"] = $"Linux {Kernel} {Built}",
            ["pveversion"] = $"pve-manager/{call.Cluster.Options.Version}/ee7bad0a3d1546c9",
            ["cpuinfo"] = new JsonObject
            {
                ["model"] = "Simulated Processor", ["vendor"] = "GenuineIntel", ["family"] = "6", ["cpus"] = node.Cores, ["cores"] = node.Cores, ["sockets"] = 1, ["mhz"] = "2000.000", ["hvm"] = "", ["user_hz"] = 100,
                ["flags"] = "fpu vme de pse tsc msr pae mce cx8 apic sep mtrr",
            },
        };
    }

    private static long Uptime(ProxmoxCall call, SimulatedNode node) => (long)(call.Cluster.Time.GetUtcNow() - node.StartedAt).TotalSeconds;

    // It answers first and goes then; what a test wants to see of that it does itself, with GoDownAsync.
    private static ProxmoxAnswer Power(ProxmoxCall call)
    {
        call.Node.PowerCommand = call.Required("command");
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Clock(ProxmoxCall call)
    {
        var now = call.Cluster.Time.GetUtcNow().ToUnixTimeSeconds();
        return new JsonObject { ["timezone"] = "Etc/UTC", ["time"] = now, ["localtime"] = now };
    }

    private static ProxmoxAnswer Subscription(ProxmoxCall call)
    {
        var answer = new JsonObject { ["status"] = "notfound", ["message"] = "There is no subscription key", ["url"] = "https://www.proxmox.com/en/proxmox-virtual-environment/pricing" };
        // The server's number is nothing for everybody.
        if (call.May(call.Node.AccessPath, "Sys.Audit")) answer["serverid"] = call.Node.CertificateSha256.Replace(":", "", StringComparison.Ordinal)[..32];
        return answer;
    }

    private static ProxmoxAnswer Wake(ProxmoxCall call)
    {
        var name = call.Required("node");
        if (name == call.Received.Name) throw ProxmoxRefusedException.Failed($"'{name}' is local node, cannot wake my self!");
        var node = call.Cluster.Nodes.FirstOrDefault(n => n.Name == name) ?? throw ProxmoxRefusedException.Failed($"no such cluster node '{name}'");
        node.WakeCalls++;
        return string.Create(CultureInfo.InvariantCulture, $"BC:24:11:00:00:{node.Number:X2}");
    }
}
