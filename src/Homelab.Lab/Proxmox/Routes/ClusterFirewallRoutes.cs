using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>The firewall of the whole cluster: only its options. While it is off no guest's rule has any effect.</summary>
internal static class ClusterFirewallRoutes
{
    private const string Options = "/cluster/firewall/options";

    private static readonly string[] s_policies = ["ACCEPT", "REJECT", "DROP"];

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", Options, SimulatedRights.On("/", "Sys.Audit"), "object", static call => call.Cluster.Firewall.Options()),
        SimulatedRoute.Of(
            "PUT",
            Options,
            SimulatedRights.On("/", "Sys.Modify"),
            "null",
            Set,
            Text("delete", "pve-configid-list"),
            Text("digest") with { MaxLength = 64 },
            Flag("ebtables", "1"),
            Whole("enable", 0, @default: "0"),
            Text("log_ratelimit"),
            Choice("policy_forward", "ACCEPT", "DROP"),
            Choice("policy_in", s_policies),
            Choice("policy_out", s_policies)),
    ];

    private static ProxmoxAnswer Set(ProxmoxCall call)
    {
        var firewall = call.Cluster.Firewall;
        firewall.Expect(call.Text("digest"));
        var given = new JsonObject();
        foreach (var name in call.Values.Keys.Where(static n => n is not ("delete" or "digest"))) given[name] = name is "enable" or "ebtables" ? call.Whole(name) : call.Text(name);
        firewall.SetOptions(given, call.List("delete"));
        return ProxmoxAnswer.Nothing;
    }
}
