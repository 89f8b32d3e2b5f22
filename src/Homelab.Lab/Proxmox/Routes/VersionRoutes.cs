using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>The root of the API, and what says which version speaks.</summary>
internal static class VersionRoutes
{
    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/", SimulatedRights.Everybody, "array", static _ => Json.Index("subdir", "version", "cluster", "nodes", "storage", "access", "pools")),
        SimulatedRoute.Of("GET", "/version", SimulatedRights.Everybody, "object", static call => Version(call)),
        SimulatedRoute.Of("GET", "/nodes/{node}/version", SimulatedRights.Everybody, "object", static call => Version(call)),
    ];

    private static JsonObject Version(ProxmoxCall call)
    {
        var version = call.Cluster.Options.Version;
        return new JsonObject { ["release"] = string.Join('.', version.Split('.').Take(2)), ["version"] = version, ["repoid"] = "ee7bad0a3d1546c9" };
    }
}
