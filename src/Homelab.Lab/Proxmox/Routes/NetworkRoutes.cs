using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>A node's network: one card and the bridge its guests are on.</summary>
internal static class NetworkRoutes
{
    private const string Bridge = "vmbr0";
    private const string Card = "eno1";

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/network", SimulatedRights.Everybody, "array", static call => List(call),
            Choice("type", "bridge", "bond", "eth", "alias", "vlan", "fabric", "OVSBridge", "OVSBond", "OVSPort", "OVSIntPort", "vnet", "any_bridge", "any_local_bridge", "include_sdn")),
        SimulatedRoute.Of("GET", "/nodes/{node}/network/{iface}", SimulatedRights.On("/nodes/{node}", "Sys.Audit"), "object", static call => Detail(call)),
    ];

    private static ProxmoxAnswer List(ProxmoxCall call)
    {
        var type = call.Text("type");
        // Who may use no bridge sees none.
        var all = new[] { Card, Bridge }.Where(i => call.May(call.Node.AccessPath, "Sys.Audit") || (i is Bridge && call.MayAny("/sdn/zones/localnetwork/" + i, "SDN.Audit", "SDN.Use")));
        return Json.List(all
            .Where(i => type is null or "include_sdn" || (i is Bridge ? type is "bridge" or "any_bridge" or "any_local_bridge" : type is "eth"))
            .Select(i => Describe(call.Node, i).With("iface", i)));
    }

    private static ProxmoxAnswer Detail(ProxmoxCall call)
    {
        var name = call.Required("iface");
        return name is Bridge or Card ? Describe(call.Node, name) : throw ProxmoxRefusedException.Parameter("iface", "interface does not exist");
    }

    private static JsonObject Describe(SimulatedNode node, string name) => name is Card
        ? new JsonObject { ["type"] = "eth", ["method"] = "manual", ["method6"] = "manual", ["families"] = Json.Texts(["inet"]), ["priority"] = 3, ["active"] = 1 }
        : new JsonObject
        {
            ["type"] = "bridge", ["method"] = "static", ["method6"] = "manual", ["families"] = Json.Texts(["inet"]), ["priority"] = 4, ["active"] = 1, ["autostart"] = 1, ["address"] = node.Address, ["netmask"] = "24",
            ["cidr"] = node.Address + "/24", ["gateway"] = "192.168.100.1", ["bridge_ports"] = Card, ["bridge_stp"] = "off", ["bridge_fd"] = "0",
        };
}
