using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Packages of a node: those that wait, and those that are there.</summary>
internal static class AptRoutes
{
    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/nodes/{node}/apt/update", SimulatedRights.On("/nodes/{node}", "Sys.Modify"), "array", static call => Json.List(call.Node.Updates.Select(static u =>
            Package(u.Package, u.Version, u.Origin, u.Title).With("OldVersion", u.OldVersion)))),
        SimulatedRoute.Of("POST", "/nodes/{node}/apt/update", SimulatedRights.On("/nodes/{node}", "Sys.Modify"), "string", static call => Refresh(call), Flag("notify", "0"), Flag("quiet", "0")),
        SimulatedRoute.Of("GET", "/nodes/{node}/apt/versions", SimulatedRights.On("/nodes/{node}", "Sys.Audit"), "array", static call => Versions(call)),
        SimulatedRoute.Of("GET", "/nodes/{node}/aplinfo", SimulatedRights.Everybody, "array", static _ => new JsonArray()),
    ];

    private static JsonObject Package(string name, string version, string origin, string title) => new()
    {
        ["Package"] = name, ["Version"] = version, ["Origin"] = origin, ["Title"] = title, ["Description"] = title, ["Arch"] = "amd64", ["Priority"] = "optional", ["Section"] = "admin",
    };

    // The lists are read anew; what waits is what the test says.
    private static ProxmoxAnswer Refresh(ProxmoxCall call)
    {
        var node = call.Node;
        return call.Start("aptupdate", "", TaskPlan.Of(task =>
        {
            task.Write("starting apt-get update");
            task.Write("Hit:1 http://deb.debian.org/debian trixie InRelease");
            task.Write("Reading package lists...");
            if (node.Updates.Count > 0 && call.Flag("notify")) task.Write("sending notification about new packages");
        }));
    }

    private static ProxmoxAnswer Versions(ProxmoxCall call) => Json.List(new[]
    {
        Package("proxmox-ve", "9.1.0", "Proxmox", "Proxmox Virtual Environment").With("CurrentState", "Installed").With("OldVersion", "9.1.0").With("RunningKernel", "6.17.2-1-pve"),
        Package("pve-manager", call.Cluster.Options.Version, "Proxmox", "Proxmox Virtual Environment Management Tools").With("CurrentState", "Installed").With("OldVersion", call.Cluster.Options.Version).With("ManagerVersion", call.Cluster.Options.Version),
        Package("ceph-fuse", "18.2.7+ds-1+deb13u1", "Debian", "FUSE-based client for the Ceph distributed file system").With("CurrentState", "NotInstalled"),
    });
}
