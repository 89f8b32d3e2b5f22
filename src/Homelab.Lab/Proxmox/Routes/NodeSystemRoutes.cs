using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>A node as a Linux machine: services, network, hosts, journal, history.</summary>
internal static class NodeSystemRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/nodes/{node}", "Sys.Audit");
    private static readonly SimulatedRights s_modify = SimulatedRights.On("/nodes/{node}", "Sys.Modify");
    private static readonly SimulatedRights s_syslog = SimulatedRights.On("/nodes/{node}", "Sys.Syslog");

    // Unit, what it says of itself, and whether it runs on a node as it is installed.
    private static readonly (string Name, string Description, bool Runs)[] s_services =
    [
        ("chrony", "chrony, an NTP client/server", true), ("corosync", "Corosync Cluster Engine", true), ("cron", "Regular background program processing daemon", true), ("ksmtuned", "Kernel Samepage Merging (KSM) Tuning Daemon", true),
        ("lxcfs", "FUSE filesystem for LXC", true), ("postfix", "Postfix Mail Transport Agent", true), ("proxmox-firewall", "Proxmox nftables firewall", true), ("pve-cluster", "The Proxmox VE cluster filesystem", true),
        ("pve-firewall", "Proxmox VE firewall", true), ("pve-ha-crm", "PVE Cluster HA Resource Manager Daemon", true), ("pve-ha-lrm", "PVE Local HA Resource Manager Daemon", true), ("pve-lxc-syscalld", "Proxmox VE LXC Syscall Daemon", true),
        ("pvedaemon", "PVE API Daemon", true), ("pvefw-logger", "Proxmox VE firewall logger", true), ("pveproxy", "PVE API Proxy Server", true), ("pvescheduler", "Proxmox VE scheduler", true), ("pvestatd", "PVE Status Daemon", true),
        ("qmeventd", "PVE Qemu Event Daemon", true), ("spiceproxy", "PVE SPICE Proxy Server", true), ("sshd", "OpenBSD Secure Shell server", true), ("syslog", "syslog.service", false), ("systemd-journald", "Journal Service", true),
        ("systemd-timesyncd", "systemd-timesyncd.service", false),
    ];

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/nodes/{node}/services", s_audit, "array", static call => Json.List(s_services.Select(s => State(call, s.Name)))),
        SimulatedRoute.Of("GET", "/nodes/{node}/services/{service}", s_audit, "array", static _ => Json.Index("subdir", "state", "start", "stop", "restart", "reload"), Service()),
        SimulatedRoute.Of("GET", "/nodes/{node}/services/{service}/state", s_audit, "object", static call => State(call, call.Required("service")), Service()),
        .. from verb in new[] { "start", "stop", "restart", "reload" }
           select SimulatedRoute.Of("POST", $"/nodes/{{node}}/services/{{service}}/{verb}", s_modify, "string", call => Command(call, verb), Service()),
        SimulatedRoute.Of("GET", "/nodes/{node}/hosts", SimulatedRights.On("/", "Sys.Audit"), "object", static call => Hosts(call)),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/syslog", s_syslog, "array", static call => Syslog(call),
            Whole("limit", 0), Text("service") with { MaxLength = 128 }, Day("since"), Whole("start", 0), Day("until")),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/journal", s_syslog, "array", static call => new ProxmoxAnswer { Data = Json.Texts(Journal(call).TakeLast((int)(call.Whole("lastentries") ?? 100))), Gzip = true },
            Text("endcursor"), Whole("lastentries", 0), Whole("since", 0), Text("startcursor"), Whole("until", 0)),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/rrddata", s_audit, "array", static call => History.Of(call, Fill),
            Choice("cf", "AVERAGE", "MAX"), Choice("timeframe", "hour", "day", "week", "month", "year", "decade").Must()),
        SimulatedRoute.Of("GET", "/nodes/{node}/firewall/rules", s_audit, "array", static _ => new JsonArray()),
        // A node of its own has no rules here; its guests have.
        SimulatedRoute.Of("GET", "/nodes/{node}/firewall/rules/{pos}", s_audit, "object", static call => throw ProxmoxRefusedException.Failed($"no rule at position {call.Required("pos")}")),
        SimulatedRoute.Of("GET", "/nodes/{node}/report", s_audit, "string", static call => Report(call)),
    ];

    private static SimulatedParameter Service() => Choice("service", [.. s_services.Select(static s => s.Name)]).Must();

    private static SimulatedParameter Day(string name) => Text(name) with { Pattern = @"^\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?$" };

    private static bool Runs(ProxmoxCall call, string name) => call.Node.Services.TryGetValue(name, out var set) ? set : s_services.First(s => s.Name == name).Runs;

    private static JsonObject State(ProxmoxCall call, string name)
    {
        var (_, description, installed) = s_services.First(s => s.Name == name);
        var runs = Runs(call, name);
        return new JsonObject
        {
            ["service"] = name, ["name"] = name, ["desc"] = description, ["state"] = runs ? "running" : "dead", ["active-state"] = runs ? "active" : "inactive", ["unit-state"] = installed ? "enabled" : "not-found",
        };
    }

    private static ProxmoxAnswer Command(ProxmoxCall call, string verb)
    {
        var name = call.Required("service");
        var node = call.Node;
        // Reloading the API's own daemons is what restarting them means.
        return call.Start("srv" + verb, name, TaskPlan.Of(_ => node.Services[name] = verb is not "stop"));
    }

    private static ProxmoxAnswer Hosts(ProxmoxCall call)
    {
        var text = "127.0.0.1 localhost\n" + string.Concat(call.Cluster.Nodes.Select(static n => $"{n.Address} {n.Name}.home.arpa {n.Name}\n"));
        return new JsonObject { ["data"] = text, ["digest"] = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..40] };
    }

    // What the daemon writes of the tasks it runs, after the line that says the journal began.
    private static IEnumerable<string> Journal(ProxmoxCall call)
    {
        var node = call.Node;
        yield return $"{node.StartedAt:MMM dd HH:mm:ss} {node.Name} systemd-journald[79]: Journal started";
        foreach (var task in call.Cluster.Tasks.All.Where(t => t.Node == node.Name))
        {
            yield return $"{At(task.StartTime)} {node.Name} pvedaemon[{task.Pid}]: <{task.User}> starting task {task.Upid}";
            if (!task.Running) yield return $"{At(task.EndTime)} {node.Name} pvedaemon[{task.Pid}]: <{task.User}> end task {task.Upid} {task.ExitStatus}";
        }

        static string At(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("MMM dd HH:mm:ss");
    }

    private static ProxmoxAnswer Syslog(ProxmoxCall call)
    {
        var lines = Journal(call).ToArray();
        var page = lines.Index().Skip((int)(call.Whole("start") ?? 0)).Take((int)(call.Whole("limit") ?? 50));
        return new ProxmoxAnswer { Data = Json.List(page.Select(static l => new JsonObject { ["n"] = l.Index + 1, ["t"] = l.Item })), Total = lines.Length };
    }

    private static void Fill(ProxmoxCall call, JsonObject point)
    {
        var node = call.Node;
        var used = ResourceView.MemoryUsed(call.Cluster, node);
        point["cpu"] = node.CpuUsed;
        point["maxcpu"] = node.Cores;
        point["iowait"] = 0.0002;
        point["loadavg"] = 0.42;
        point["memtotal"] = node.Memory;
        point["memused"] = used;
        point["memavailable"] = node.Memory - used;
        point["arcsize"] = 0;
        point["swaptotal"] = 0;
        point["swapused"] = 0;
        point["roottotal"] = node.RootSize;
        point["rootused"] = node.RootUsed;
        point["netin"] = 12000;
        point["netout"] = 9000;
        foreach (var what in new[] { "cpusome", "iosome", "iofull", "memorysome", "memoryfull" }) point["pressure" + what] = 0;
    }

    private static ProxmoxAnswer Report(ProxmoxCall call) =>
        $"\n==== general system info ====\n\n# hostname\n{call.Node.Name}\n\n# pveversion --verbose\npve-manager: {call.Cluster.Options.Version} (simulated)\n";
}
