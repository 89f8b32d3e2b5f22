using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>The firewalls of guests.</summary>
internal static class GuestFirewallRoutes
{
    private static readonly SimulatedRights s_audit = SimulatedRights.On("/vms/{vmid}", "VM.Audit");
    private static readonly SimulatedRights s_network = SimulatedRights.On("/vms/{vmid}", "VM.Config.Network");
    private static readonly string[] s_levels = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "nolog"];
    private static readonly string[] s_policies = ["ACCEPT", "REJECT", "DROP"];
    private static readonly HashSet<string> s_notOfTheRule = new(["node", "vmid", "pos", "digest", "delete", "moveto"], StringComparer.Ordinal);

    internal static IEnumerable<SimulatedRoute> All => [.. Of(SimulatedGuestKind.Qemu), .. Of(SimulatedGuestKind.Lxc)];

    private static IEnumerable<SimulatedRoute> Of(SimulatedGuestKind kind)
    {
        var firewall = $"/nodes/{{node}}/{GuestCalls.Segment(kind)}/{{vmid}}/firewall";
        var rule = firewall + "/rules/{pos}";
        var action = Matching("action", @"[A-Za-z][A-Za-z0-9\-\_]+", 20) with { MinLength = 2 };
        var type = Choice("type", "in", "out", "forward", "group");
        return
        [
            SimulatedRoute.Of("GET", firewall + "/rules", s_audit, "array", call => Read(call, kind).Rules()),
            SimulatedRoute.Of("POST", firewall + "/rules", s_network, "null", call => Add(call, kind), [.. RuleParts(), action.Must(), type.Must(), Whole("pos", 0)]),
            SimulatedRoute.Of("GET", rule, s_audit, "object", call => Read(call, kind).Rule(Position(call))),
            SimulatedRoute.Of("PUT", rule, s_network, "null", call => Change(call, kind), [.. RuleParts(), action, type, Text("delete", "pve-configid-list"), Whole("moveto", 0)]),
            SimulatedRoute.Of("DELETE", rule, s_network, "null", call => Remove(call, kind), Text("digest") with { MaxLength = 64 }),
            SimulatedRoute.Of("GET", firewall + "/options", s_audit, "object", call => Read(call, kind).Options()),
            SimulatedRoute.Of(
                "PUT",
                firewall + "/options",
                s_network,
                "null",
                call => SetOptions(call, kind),
                Text("delete", "pve-configid-list"),
                Flag("dhcp", "0"),
                Text("digest") with { MaxLength = 64 },
                Flag("enable", "0"),
                Flag("ipfilter"),
                Choice("log_level_in", s_levels),
                Choice("log_level_out", s_levels),
                Flag("macfilter", "1"),
                Flag("ndp", "1"),
                Choice("policy_in", s_policies),
                Choice("policy_out", s_policies),
                Flag("radv")),
        ];
    }

    private static IEnumerable<SimulatedParameter> RuleParts() =>
    [
        Text("comment"),
        Text("dest", "pve-fw-addr-spec") with { MaxLength = 512 },
        Text("digest") with { MaxLength = 64 },
        Text("dport", "pve-fw-dport-spec"),
        Whole("enable", 0),
        Text("icmp-type", "pve-fw-icmp-type-spec"),
        Text("iface", "pve-iface") with { MinLength = 2, MaxLength = 20 },
        Choice("log", s_levels),
        Text("macro") with { MaxLength = 128 },
        Text("proto", "pve-fw-protocol-spec"),
        Text("source", "pve-fw-addr-spec") with { MaxLength = 512 },
        Text("sport", "pve-fw-sport-spec"),
    ];

    private static GuestFirewall Read(ProxmoxCall call, SimulatedGuestKind kind) => call.Cluster.FirewallOf(call.Guest(kind).Vmid);

    private static GuestFirewall Expected(ProxmoxCall call, SimulatedGuestKind kind)
    {
        var firewall = Read(call, kind);
        firewall.Expect(call.Text("digest"));
        return firewall;
    }

    private static ProxmoxAnswer Add(ProxmoxCall call, SimulatedGuestKind kind)
    {
        Expected(call, kind).Add(Given(call));
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Change(ProxmoxCall call, SimulatedGuestKind kind)
    {
        Expected(call, kind).Change(Position(call), Given(call), call.List("delete"), call.Whole("moveto"));
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Remove(ProxmoxCall call, SimulatedGuestKind kind)
    {
        Expected(call, kind).Remove(Position(call));
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer SetOptions(ProxmoxCall call, SimulatedGuestKind kind)
    {
        Expected(call, kind).SetOptions(Given(call), call.List("delete"));
        return ProxmoxAnswer.Nothing;
    }

    private static long Position(ProxmoxCall call) => call.Whole("pos") ?? 0;

    private static JsonObject Given(ProxmoxCall call)
    {
        var given = new JsonObject();
        foreach (var name in call.Values.Keys.Where(static name => !s_notOfTheRule.Contains(name))) given[name] = call.Route.Parameters.First(p => p.Name == name).Type is "string" ? call.Text(name) : call.Whole(name);
        return given;
    }
}
