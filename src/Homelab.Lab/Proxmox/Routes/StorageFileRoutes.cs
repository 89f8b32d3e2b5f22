using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>Files that come to a storage, and backups that are too many on it.</summary>
internal static class StorageFileRoutes
{
    private static readonly string[] s_algorithms = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];
    private static readonly SimulatedRights s_allocate = SimulatedRights.On("/storage/{storage}", "Datastore.AllocateTemplate");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of(
            "POST", "/nodes/{node}/storage/{storage}/upload", s_allocate, "string", static call => Upload(call),
            Text("checksum") with { Requires = "checksum-algorithm" }, Choice("checksum-algorithm", s_algorithms) with { Requires = "checksum" }, (Choice("content", "iso", "vztmpl", "import").Must() with { Format = "pve-storage-content" }),
            Text("filename").Must() with { MaxLength = 255 }, Matching("tmpfilename", "/var/tmp/pveupload-[0-9a-f]+")),
        SimulatedRoute.Of(
            "POST", "/nodes/{node}/storage/{storage}/download-url",
            SimulatedRights.And(s_allocate, SimulatedRights.Or(SimulatedRights.On("/", "Sys.Audit", "Sys.Modify"), SimulatedRights.On("/nodes/{node}", "Sys.AccessNetwork"))), "string", static call => Download(call),
            Text("checksum") with { Requires = "checksum-algorithm" }, Choice("checksum-algorithm", s_algorithms) with { Requires = "checksum" }, Text("compression"), (Choice("content", "iso", "vztmpl", "import").Must() with { Format = "pve-storage-content" }),
            Text("filename").Must() with { MaxLength = 255 }, Matching("url", "https?://.*").Must(), Flag("verify-certificates", "1")),
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/storage/{storage}/prunebackups", SimulatedRights.OnAny("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace"), "array",
            static call => Json.List(Marked(call).Select(static m => new JsonObject { ["volid"] = m.Backup.Volid, ["ctime"] = m.Backup.Created, ["mark"] = m.Mark, ["type"] = m.Backup.Subtype }.With("vmid", m.Backup.Vmid))),
            [.. Pruning()]),
        SimulatedRoute.Of("DELETE", "/nodes/{node}/storage/{storage}/prunebackups", SimulatedRights.Everybody, "string", static call => Prune(call), [.. Pruning()]),
    ];

    private static IEnumerable<SimulatedParameter> Pruning() => [Text("prune-backups", "prune-backups"), Choice("type", "qemu", "lxc"), Whole("vmid", 100, 999999999) with { Format = "pve-vmid" }];

    private static string[] Endings(string content) => content switch { "iso" => [".iso", ".img"], "vztmpl" => [".tar.gz", ".tar.xz", ".tar.zst"], _ => [".ova", ".qcow2", ".raw", ".vmdk"] };

    private static void DemandEnding(string content, string file)
    {
        if (!Endings(content).Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase))) throw ProxmoxRefusedException.Parameter("filename", "wrong file extension");
    }

    private static ProxmoxAnswer Upload(ProxmoxCall call)
    {
        var storage = StorageConfigRoutes.Existing(call);
        var (content, upload) = (call.Required("content"), call.Upload ?? throw ProxmoxRefusedException.Failed("missing uploaded file"));
        DemandEnding(content, upload.Name);
        if (!storage.Content.Contains(content, StringComparer.Ordinal)) throw ProxmoxRefusedException.Failed($"storage '{storage.Name}' does not support '{content}' content");
        var temporary = "/var/tmp/pveupload-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(upload.Name + upload.Sha256)))[..32];
        var volume = New(call, storage, content, upload.Name, upload.Size);
        return call.Start("imgcopy", "", TaskPlan.Of(task =>
        {
            var target = StorageContentRoutes.PathOf(storage, volume);
            task.Write("starting file import from: " + temporary);
            task.Write("target node: " + call.Node.Name);
            task.Write("target file: " + target);
            task.Write($"file size is: {upload.Size}");
            if (call.Text("checksum") is { } expected && call.Text("checksum-algorithm") is "sha256" && !expected.Equals(upload.Sha256, StringComparison.OrdinalIgnoreCase)) throw ProxmoxRefusedException.Failed($"checksum mismatch: got '{upload.Sha256}' != expect '{expected}'");
            task.Write($"command: cp -- {temporary} {target}");
            Put(storage, volume);
            task.Write("finished file import successfully");
        }));
    }

    // Nothing is fetched from anywhere: what is not on this machine is not reached.
    private static ProxmoxAnswer Download(ProxmoxCall call)
    {
        var storage = StorageConfigRoutes.Existing(call);
        var (content, file, url) = (call.Required("content"), call.Required("filename"), new Uri(call.Required("url")));
        DemandEnding(content, file);
        var volume = New(call, storage, content, file, 0);
        return call.Start("download", file, TaskPlan.Of(task =>
        {
            task.Write($"downloading {url} to {StorageContentRoutes.PathOf(storage, volume)}");
            if (!call.Cluster.Downloads.TryGetValue(url, out var size))
            {
                task.Write($"--{call.Cluster.Time.GetUtcNow():yyyy-MM-dd HH:mm:ss}--  {url}");
                throw ProxmoxRefusedException.Failed($"download failed: Connecting to {url.Host}:{url.Port}... failed: Connection refused.");
            }

            Put(storage, volume with { Size = size, Used = size });
            task.Write($"download of '{url}' to '{StorageContentRoutes.PathOf(storage, volume)}' finished");
        }));
    }

    private static SimulatedVolume New(ProxmoxCall call, SimulatedStorage storage, string content, string file, long size) => new()
    {
        Volid = $"{storage.Name}:{content}/{file}",
        Content = content,
        Format = content is "iso" ? "iso" : content is "vztmpl" ? "t" + file.Split('.')[^1] : file.Split('.')[^1],
        Size = size,
        Used = size,
        Created = call.Cluster.Time.GetUtcNow().ToUnixTimeSeconds(),
        Node = storage.Shared ? null : call.Node.Name,
    };

    private static void Put(SimulatedStorage storage, SimulatedVolume volume)
    {
        if (storage.Volumes.FirstOrDefault(v => v.Volid == volume.Volid) is { } older) storage.Volumes.Remove(older);
        storage.Volumes.Add(volume);
    }

    // Only the newest are told apart from the rest; days and weeks keep what the real one would keep too.
    private static List<(SimulatedVolume Backup, string Mark)> Marked(ProxmoxCall call)
    {
        var storage = StorageConfigRoutes.Existing(call);
        var rules = (call.Text("prune-backups") ?? storage.Config.AsReadOnly().GetValueOrDefault("prune-backups") ?? "keep-all=1").Split(',').Select(static r => r.Split('=', 2)).Where(static r => r.Length == 2)
            .ToDictionary(static r => r[0], static r => r[1], StringComparer.Ordinal);
        var keep = rules.GetValueOrDefault("keep-all") is "1" ? int.MaxValue : rules.Where(static r => r.Key is not "keep-all").Sum(static r => int.TryParse(r.Value, out var n) ? n : 0);
        return
        [
            .. storage.Volumes.Where(v => v.Content is "backup" && (v.Node is null || v.Node == call.Node.Name))
                .Where(v => call.Text("type") is not { } type || v.Subtype == type).Where(v => call.Whole("vmid") is not { } vmid || v.Vmid == vmid)
                .GroupBy(static v => (v.Subtype, v.Vmid))
                .SelectMany(g => g.OrderByDescending(static v => v.Created).Select((v, i) => (v, v.Protected ? "protected" : i < keep ? "keep" : "remove"))),
        ];
    }

    private static ProxmoxAnswer Prune(ProxmoxCall call)
    {
        var storage = StorageConfigRoutes.Existing(call);
        call.Demand(storage.AccessPath, "Datastore.Allocate");
        var marked = Marked(call);
        return call.Start("prunebackups", call.Text("vmid") is { } vmid ? $"{vmid}@{storage.Name}" : storage.Name, TaskPlan.Of(task =>
        {
            foreach (var (backup, mark) in marked)
            {
                task.Write($"{mark} {backup.Volid}");
                if (mark is "remove") storage.Volumes.Remove(backup);
            }
        }));
    }
}
