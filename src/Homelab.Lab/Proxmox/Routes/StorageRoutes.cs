using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Storages as a node sees them: how full they are, and how they were.</summary>
internal static class StorageRoutes
{
    private static readonly SimulatedRights s_look = SimulatedRights.OnAny("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/storage", SimulatedRights.Everybody, "array", static call => List(call),
            Text("content", "pve-storage-content-list"), Flag("enabled", "0"), Flag("format", "0"), Text("storage", "pve-storage-id"), Text("target", "pve-node")),
        SimulatedRoute.Of("GET", "/nodes/{node}/storage/{storage}", s_look, "array", static _ => Json.Index(
            "subdir", "content", "download-url", "file-restore", "import-metadata", "oci-registry-pull", "prunebackups", "rrd", "rrddata", "status", "upload")),
        SimulatedRoute.Of("GET", "/nodes/{node}/storage/{storage}/status", s_look, "object", static call => Status(call)),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/storage/{storage}/rrddata", s_look, "array", static call => History.Of(call, Fill), Choice("cf", "AVERAGE", "MAX"),
            Choice("timeframe", "hour", "day", "week", "month", "year").Must()),
    ];

    private static ProxmoxAnswer List(ProxmoxCall call)
    {
        var kinds = call.List("content");
        return Json.List(call.Cluster.Storages
            .Where(s => s.IsOn(call.Node.Name) && call.MayAny(s.AccessPath, "Datastore.Audit", "Datastore.AllocateSpace"))
            .Where(s => kinds.Count == 0 || kinds.Any(k => s.Content.Contains(k, StringComparer.Ordinal)))
            .Where(s => !call.Flag("enabled") || s.Enabled)
            .Where(s => call.Text("storage") is not { } name || s.Name == name)
            .Where(s => call.Text("target") is not { } target || target == call.Node.Name || (s.Shared && s.IsOn(target)))
            .Select(s =>
            {
                var entry = Entry(s).With("storage", s.Name);
                if (s is { Enabled: true, Active: true }) entry["used_fraction"] = s.Total == 0 ? 0 : (double)s.Used / s.Total;
                return call.Flag("format") ? entry.With("formats", Formats(s)) : entry;
            }));
    }

    private static JsonObject Formats(SimulatedStorage storage) =>
        storage.Path is null ? new JsonObject { ["default"] = "raw", ["supported"] = Json.Texts(["raw"]) } : new JsonObject { ["default"] = "qcow2", ["supported"] = Json.Texts(["qcow2", "raw", "vmdk"]) };

    private static JsonObject Entry(SimulatedStorage storage)
    {
        var reached = storage is { Enabled: true, Active: true };
        return new JsonObject
        {
            ["type"] = storage.Type,
            ["content"] = string.Join(',', storage.Content),
            ["enabled"] = Json.Bit(storage.Enabled),
            ["active"] = Json.Bit(reached),
            ["shared"] = Json.Bit(storage.Shared),
            ["total"] = reached ? storage.Total : 0,
            ["used"] = reached ? storage.Used : 0,
            ["avail"] = reached ? storage.Total - storage.Used : 0,
        };
    }

    private static ProxmoxAnswer Status(ProxmoxCall call) =>
        call.Cluster.FindStorage(call.Required("storage")) is { } storage && storage.IsOn(call.Node.Name) ? Entry(storage) : throw ProxmoxRefusedException.Parameter("storage", "No such storage.");

    private static void Fill(ProxmoxCall call, JsonObject point)
    {
        var storage = StorageConfigRoutes.Existing(call);
        point["total"] = storage.Total;
        point["used"] = storage.Used;
    }
}
