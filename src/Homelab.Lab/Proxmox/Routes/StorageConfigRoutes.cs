using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Which storages there are: <c>storage.cfg</c>.</summary>
internal static class StorageConfigRoutes
{
    private static readonly string[] s_types = ["btrfs", "cephfs", "cifs", "dir", "esxi", "iscsi", "iscsidirect", "lvm", "lvmthin", "nfs", "pbs", "rbd", "zfs", "zfspool"];
    private static readonly string[] s_folders = ["btrfs", "cephfs", "cifs", "dir", "nfs"];
    private static readonly string[] s_notOptions = ["storage", "type", "digest", "delete", "content", "path", "nodes", "disable", "shared"];

    // What each type cannot do without.
    private static readonly Dictionary<string, string[]> s_required = new(StringComparer.Ordinal)
    {
        ["btrfs"] = ["path"],
        ["cifs"] = ["server", "share"],
        ["dir"] = ["path"],
        ["iscsi"] = ["portal", "target"],
        ["lvm"] = ["vgname"],
        ["lvmthin"] = ["vgname", "thinpool"],
        ["nfs"] = ["server", "export"],
        ["pbs"] = ["server", "datastore"],
        ["zfspool"] = ["pool"],
    };

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of("GET", "/storage", SimulatedRights.Everybody, "array", static call => List(call), Choice("type", s_types)),
        SimulatedRoute.Of(
            "POST", "/storage", SimulatedRights.On("/storage", "Datastore.Allocate"), "object", static call => Create(call),
            [.. StorageParameters.Fixed, .. StorageParameters.Changeable, Text("storage", "pve-storage-id").Must(), Choice("type", s_types).Must()]),
        SimulatedRoute.Of("GET", "/storage/{storage}", SimulatedRights.On("/storage/{storage}", "Datastore.Allocate"), "object", static call => Entry(call.Cluster, Existing(call))),
        SimulatedRoute.Of(
            "PUT", "/storage/{storage}", SimulatedRights.On("/storage", "Datastore.Allocate"), "object", static call => Change(call),
            [.. StorageParameters.Changeable, Text("delete", "pve-configid-list") with { MaxLength = 4096 }, Text("digest") with { MaxLength = 64 }]),
        SimulatedRoute.Of("DELETE", "/storage/{storage}", SimulatedRights.On("/storage", "Datastore.Allocate"), "null", static call => Delete(call)),
    ];

    internal static SimulatedStorage Existing(ProxmoxCall call)
    {
        var name = call.Required("storage");
        return call.Cluster.FindStorage(name) ?? throw ProxmoxRefusedException.Failed($"storage '{name}' does not exist");
    }

    private static ProxmoxAnswer List(ProxmoxCall call) => Json.List(call.Cluster.Storages
        .Where(s => call.Text("type") is not { } type || s.Type == type)
        .Where(s => call.MayAny(s.AccessPath, "Datastore.Audit", "Datastore.AllocateSpace"))
        .OrderBy(static s => s.Name, StringComparer.Ordinal).Select(s => Entry(call.Cluster, s)));

    private static JsonObject Entry(SimulatedProxmox cluster, SimulatedStorage storage)
    {
        var entry = new JsonObject { ["storage"] = storage.Name, ["type"] = storage.Type, ["content"] = string.Join(',', storage.Content), ["digest"] = Digest(cluster) };
        entry.With("path", storage.Path);
        if (storage.Shared) entry["shared"] = 1;
        if (!storage.Enabled) entry["disable"] = 1;
        if (storage.Nodes.Count > 0) entry["nodes"] = string.Join(',', storage.Nodes);
        foreach (var (key, value) in storage.Config) entry[key] = value;
        return entry;
    }

    // One file holds them all, so one digest is everybody's.
    private static string Digest(SimulatedProxmox cluster) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', cluster.Storages.Select(static s =>
            $"{s.Type}: {s.Name} {s.Path} {string.Join(',', s.Content)} {s.Enabled} {string.Join(',', s.Config.Select(static c => c.Key + c.Value))}")))))[..40];

    private static ProxmoxAnswer Create(ProxmoxCall call)
    {
        var (name, type) = (call.Required("storage"), call.Required("type"));
        if (call.Cluster.FindStorage(name) is not null) throw ProxmoxRefusedException.Failed($"create storage failed: storage ID '{name}' already defined");
        foreach (var option in s_required.GetValueOrDefault(type, []))
        {
            if (!call.Has(option)) throw ProxmoxRefusedException.Failed($"missing value for required option '{option}'");
        }

        var storage = new SimulatedStorage(name, type)
        {
            Path = call.Text("path") ?? (s_folders.Contains(type, StringComparer.Ordinal) ? "/mnt/pve/" + name : null),
            Shared = call.Flag("shared", type is "nfs" or "cifs" or "cephfs" or "rbd" or "pbs" or "iscsi"),
            Nodes = call.List("nodes"),
            Content = call.Has("content") ? call.List("content") : type is "pbs" ? ["backup"] : ["images", "rootdir"],
            Enabled = !call.Flag("disable"),
        };
        Fill(storage, call);
        call.Cluster.AddStorage(storage);
        call.Cluster.Access.Changed();
        return new JsonObject { ["storage"] = name, ["type"] = type };
    }

    private static ProxmoxAnswer Change(ProxmoxCall call)
    {
        var storage = Existing(call);
        if (call.Text("digest") is { } digest && digest != Digest(call.Cluster)) throw ProxmoxRefusedException.Failed("detected modified configuration - file changed by other user? Try again.");
        if (call.Has("content")) storage.Content = call.List("content");
        if (call.Has("disable")) storage.Enabled = !call.Flag("disable");
        Fill(storage, call);
        foreach (var option in call.List("delete")) storage.Config.Remove(option);
        return new JsonObject { ["storage"] = storage.Name, ["type"] = storage.Type };
    }

    // A password is kept elsewhere and never shown again.
    private static void Fill(SimulatedStorage storage, ProxmoxCall call)
    {
        foreach (var name in call.Values.Keys)
        {
            if (name is not "password" && !s_notOptions.Contains(name, StringComparer.Ordinal)) storage.Config[name] = call.Required(name);
        }
    }

    private static ProxmoxAnswer Delete(ProxmoxCall call)
    {
        var name = call.Required("storage");
        if (call.Cluster.FindStorage(name) is not { } storage) throw ProxmoxRefusedException.Failed($"delete storage failed: storage '{name}' does not exist");
        call.Cluster.RemoveStorage(storage);
        return ProxmoxAnswer.Nothing;
    }
}
