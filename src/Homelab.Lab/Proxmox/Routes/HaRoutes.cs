using System.Globalization;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>High availability: which guests the cluster keeps up, and how it is.</summary>
internal static class HaRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/", "Sys.Audit");
    private static readonly SimulatedRights s_console = SimulatedRights.On("/", "Sys.Console");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/cluster/ha", s_audit, "array", static _ => Json.Index("id", "status", "resources", "groups", "rules")),
        SimulatedRoute.Of("GET", "/cluster/ha/status", SimulatedRights.Everybody, "array", static _ => Json.Index("name", "current", "manager_status")),
        SimulatedRoute.Of("GET", "/cluster/ha/status/current", s_audit, "array", static call => Current(call)),
        SimulatedRoute.Of("GET", "/cluster/ha/status/manager_status", s_audit, "object", static call => Manager(call)),
        SimulatedRoute.Of("GET", "/cluster/ha/groups", s_audit, "array", static _ => throw ProxmoxRefusedException.Failed("cannot index groups: ha groups have been migrated to rules")),
        SimulatedRoute.Of("GET", "/cluster/ha/rules", s_audit, "array", static _ => new JsonArray(), Text("resource"), Choice("type", "node-affinity", "resource-affinity")),
        SimulatedRoute.Of("GET", "/cluster/ha/resources", s_audit, "array", static call => Json.List(Managed(call).Where(g => call.Text("type") is not { } type || type == Type(g)).Select(Entry)), Choice("type", "ct", "vm")),
        SimulatedRoute.Of("POST", "/cluster/ha/resources", s_console, "null", static call => Add(call), [.. Options(), Text("sid", "pve-ha-resource-or-vm-id").Must(), Choice("type", "ct", "vm")]),
        SimulatedRoute.Of("GET", "/cluster/ha/resources/{sid}", s_audit, "object", static call => Entry(Existing(call)).With("digest", Digest(call))),
        SimulatedRoute.Of(
            "PUT", "/cluster/ha/resources/{sid}", s_console, "null", static call => Change(call), [.. Options(), Text("delete", "pve-configid-list") with { MaxLength = 4096 }, Text("digest") with { MaxLength = 64 }]),
        SimulatedRoute.Of("DELETE", "/cluster/ha/resources/{sid}", s_console, "null", static call => Remove(call), Flag("purge", "1")),
        .. from verb in new[] { "migrate", "relocate" }
           select SimulatedRoute.Of("POST", $"/cluster/ha/resources/{{sid}}/{verb}", s_console, "object", call => Move(call, verb), PathParameters.Node),
    ];

    private static IEnumerable<SimulatedParameter> Options() =>
    [
        Text("comment") with { MaxLength = 4096 }, Flag("failback", "1"), Text("group", "pve-configid"), Whole("max_relocate", 0, @default: "1"), Whole("max_restart", 0, @default: "1"),
        Choice("state", "started", "stopped", "enabled", "disabled", "ignored") with { Default = "started" },
    ];

    private static IEnumerable<SimulatedGuest> Managed(ProxmoxCall call) => call.Cluster.Guests.Where(static g => g.HaManaged);

    private static string Type(SimulatedGuest guest) => guest.Kind is SimulatedGuestKind.Qemu ? "vm" : "ct";

    private static string Sid(SimulatedGuest guest) => string.Create(CultureInfo.InvariantCulture, $"{Type(guest)}:{guest.Vmid}");

    private static SimulatedGuest? Find(ProxmoxCall call)
    {
        var sid = call.Required("sid");
        return int.TryParse(sid.Split(':')[^1], CultureInfo.InvariantCulture, out var vmid) && call.Cluster.Find(vmid) is { } guest && (!sid.Contains(':', StringComparison.Ordinal) || sid == Sid(guest)) ? guest : null;
    }

    private static SimulatedGuest Existing(ProxmoxCall call) => Find(call) is { HaManaged: true } guest ? guest : throw ProxmoxRefusedException.Failed($"no such resource '{call.Required("sid")}'");

    private static JsonObject Entry(SimulatedGuest guest) => new JsonObject { ["sid"] = Sid(guest), ["type"] = Type(guest), ["state"] = guest.HaState }.With("comment", guest.HaComment);

    private static string Digest(ProxmoxCall call) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(string.Join(' ', Managed(call).Select(static g => Sid(g) + g.HaState)))))[..40];

    private static ProxmoxAnswer Current(ProxmoxCall call)
    {
        var cluster = call.Cluster;
        var quorate = cluster.Quorate;
        var entries = new List<JsonNode?>
        {
            new JsonObject { ["id"] = "quorum", ["type"] = "quorum", ["node"] = call.Received.Name, ["status"] = quorate ? "OK" : "No quorum on node '" + call.Received.Name + "'!", ["quorate"] = Json.Bit(quorate) },
        };
        var managed = Managed(call).ToArray();
        if (managed.Length == 0)
        {
            entries.Add(new JsonObject { ["id"] = "fencing", ["type"] = "fencing", ["node"] = call.Received.Name, ["status"] = "standby (CRM watchdog standby)", ["armed-state"] = "standby" });
            return Json.List(entries);
        }

        var now = cluster.Time.GetUtcNow().ToUnixTimeSeconds();
        var master = cluster.Nodes.FirstOrDefault(static n => n.Online) ?? call.Received;
        entries.Add(new JsonObject { ["id"] = "master", ["type"] = "master", ["node"] = master.Name, ["status"] = $"{master.Name} (active, {cluster.Time.GetUtcNow():ddd MMM d HH:mm:ss yyyy})", ["timestamp"] = now });
        entries.AddRange(cluster.Nodes.Select(n => new JsonObject
        {
            ["id"] = "lrm:" + n.Name, ["type"] = "lrm", ["node"] = n.Name, ["timestamp"] = now,
            ["status"] = n.Online ? $"{n.Name} ({(managed.Any(g => g.Node == n) ? "active" : "idle")}, {cluster.Time.GetUtcNow():ddd MMM d HH:mm:ss yyyy})" : $"{n.Name} (unable to read lrm status)",
        }));
        entries.AddRange(managed.Select(static g => new JsonObject
        {
            ["id"] = "service:" + Sid(g), ["sid"] = Sid(g), ["type"] = "service", ["node"] = g.Node.Name, ["state"] = Crm(g), ["crm_state"] = Crm(g), ["request_state"] = g.HaState, ["status"] = $"{Sid(g)} ({g.Node.Name}, {Crm(g)})",
            ["max_restart"] = 1, ["max_relocate"] = 1,
        }));
        return Json.List(entries);
    }

    private static string Crm(SimulatedGuest guest) => !guest.Node.Online ? "fence" : guest.HaState is "started" or "enabled" ? guest.Pid is null ? "starting" : "started" : guest.HaState is "ignored" ? "ignored" : "stopped";

    private static ProxmoxAnswer Manager(ProxmoxCall call)
    {
        var managed = Managed(call).ToArray();
        return new JsonObject
        {
            ["quorum"] = new JsonObject { ["node"] = call.Received.Name, ["quorate"] = call.Cluster.Quorate ? "1" : "0" },
            ["manager_status"] = managed.Length == 0 ? new JsonObject { ["node_status"] = new JsonObject() } : new JsonObject
            {
                ["master_node"] = call.Received.Name,
                ["node_status"] = new JsonObject(call.Cluster.Nodes.Select(static n => KeyValuePair.Create(n.Name, (JsonNode?)(n.Online ? "online" : "unknown")))),
                ["service_status"] = new JsonObject(managed.Select(static g => KeyValuePair.Create(Sid(g), (JsonNode?)new JsonObject { ["node"] = g.Node.Name, ["state"] = Crm(g) }))),
            },
        };
    }

    private static ProxmoxAnswer Add(ProxmoxCall call)
    {
        var guest = Find(call) ?? throw ProxmoxRefusedException.Failed($"cannot manage HA resource '{call.Required("sid")}' - no such guest");
        if (guest.HaManaged) throw ProxmoxRefusedException.Failed($"resource ID '{Sid(guest)}' already defined");
        guest.HaManaged = true;
        return Apply(call, guest);
    }

    private static ProxmoxAnswer Change(ProxmoxCall call)
    {
        var guest = Existing(call);
        if (call.Text("digest") is { } digest && digest != Digest(call)) throw ProxmoxRefusedException.Failed("detected modified configuration - file changed by other user? Try again.");
        if (call.List("delete").Contains("comment", StringComparer.Ordinal)) guest.HaComment = null;
        return Apply(call, guest);
    }

    private static ProxmoxAnswer Apply(ProxmoxCall call, SimulatedGuest guest)
    {
        if (call.Has("comment")) guest.HaComment = call.Text("comment");
        guest.HaState = call.Text("state") ?? guest.HaState;
        call.Cluster.FollowHa(guest);
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Remove(ProxmoxCall call)
    {
        Existing(call).HaManaged = false;
        return ProxmoxAnswer.Nothing;
    }

    // The manager does it some time after it was asked.
    private static ProxmoxAnswer Move(ProxmoxCall call, string verb)
    {
        var guest = Existing(call);
        var target = call.Cluster.Nodes.FirstOrDefault(n => n.Name == call.Required("node")) ?? throw ProxmoxRefusedException.Failed($"cannot {verb} '{Sid(guest)}' - no such node '{call.Required("node")}'");
        call.Cluster.Tasks.Later(call.Cluster.TaskTime, () => guest.Node = target);
        return new JsonObject { ["sid"] = Sid(guest), ["requested-node"] = target.Name };
    }
}
