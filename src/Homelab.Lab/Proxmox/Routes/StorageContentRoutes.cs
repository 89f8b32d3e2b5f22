using System.Globalization;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What lies on a storage: images, ISO files, templates, backups.</summary>
internal static class StorageContentRoutes
{
    private static readonly SimulatedRights s_look = SimulatedRights.OnAny("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace");

    // A volume's name has its storage in it, so the path need not say it; it always does.
    private static readonly SimulatedParameter s_anyStorage = Text("storage", "pve-storage-id");

    internal static IReadOnlyList<SimulatedRoute> All { get; } =
    [
        SimulatedRoute.Of(
            "GET", "/nodes/{node}/storage/{storage}/content", s_look, "array", static call => List(call), Text("content", "pve-storage-content"), Whole("vmid", 100, 999999999) with { Format = "pve-vmid" }),
        SimulatedRoute.Of(
            "POST", "/nodes/{node}/storage/{storage}/content", SimulatedRights.On("/storage/{storage}", "Datastore.AllocateSpace"), "string", static call => Allocate(call),
            Text("filename").Must(), Choice("format", "raw", "qcow2", "subvol", "vmdk") with { Requires = "size" }, Text("size").Must() with { Pattern = @"\d+[MG]?" }, PathParameters.Vmid),
        SimulatedRoute.Of("GET", "/nodes/{node}/storage/{storage}/content/{volume}", SimulatedRights.Everybody, "object", static call => Describe(call), s_anyStorage),
        SimulatedRoute.Of("PUT", "/nodes/{node}/storage/{storage}/content/{volume}", SimulatedRights.Everybody, "null", static call => Change(call), s_anyStorage, Text("notes"), Flag("protected")),
        SimulatedRoute.Of("DELETE", "/nodes/{node}/storage/{storage}/content/{volume}", SimulatedRights.Everybody, "string", static call => Delete(call), s_anyStorage, Whole("delay", 1, 30)),
    ];

    /// <summary>The file of a volume, as the node sees it.</summary>
    internal static string PathOf(SimulatedStorage storage, SimulatedVolume volume)
    {
        var name = volume.Volid[(storage.Name.Length + 1)..];
        if (storage.Path is null) return $"/dev/{storage.Name}/{name}";
        var folder = volume.Content switch { "iso" or "vztmpl" => $"{storage.Path}/template/", "backup" => $"{storage.Path}/dump/", "snippets" => $"{storage.Path}/", _ => $"{storage.Path}/images/" };
        return folder + (volume.Content is "vztmpl" ? "cache" + name["vztmpl".Length..] : volume.Content is "backup" ? name["backup/".Length..] : name);
    }

    internal static JsonObject Entry(SimulatedVolume volume)
    {
        var entry = new JsonObject { ["volid"] = volume.Volid, ["content"] = volume.Content, ["format"] = volume.Format, ["size"] = volume.Size, ["ctime"] = volume.Created };
        if (volume.Vmid is { } vmid) entry["vmid"] = vmid;
        if (volume.Content is "images" or "rootdir")
        {
            entry["used"] = volume.Used;
            entry["parent"] = null;
        }

        if (volume.Protected) entry["protected"] = 1;
        return entry.With("notes", volume.Notes).With("subtype", volume.Subtype);
    }

    private static ProxmoxAnswer List(ProxmoxCall call)
    {
        var storage = Reached(call);
        return Json.List(storage.Volumes
            .Where(v => v.Node is null || v.Node == call.Node.Name)
            .Where(v => call.Text("content") is not { } kind || v.Content == kind)
            .Where(v => call.Whole("vmid") is not { } vmid || v.Vmid == vmid)
            .Where(v => MaySee(call, storage, v)).OrderBy(static v => v.Volid, StringComparer.Ordinal).Select(Entry));
    }

    private static SimulatedStorage Reached(ProxmoxCall call)
    {
        var storage = StorageConfigRoutes.Existing(call);
        if (!storage.IsOn(call.Node.Name)) throw ProxmoxRefusedException.Failed($"storage '{storage.Name}' is not available on node '{call.Node.Name}'");
        if (!storage.Enabled) throw ProxmoxRefusedException.Failed($"storage '{storage.Name}' is disabled");
        return storage.Active ? storage : throw ProxmoxRefusedException.Failed($"storage '{storage.Name}' is not online");
    }

    // A guest's owner sees its volumes; a backup of it, whoever may back it up.
    private static bool MaySee(ProxmoxCall call, SimulatedStorage storage, SimulatedVolume volume)
    {
        if (call.May(storage.AccessPath, "Datastore.Allocate")) return true;
        if (volume.Vmid is not { } vmid) return call.MayAny(storage.AccessPath, "Datastore.Audit", "Datastore.AllocateSpace");
        var guest = "/vms/" + vmid.ToString(CultureInfo.InvariantCulture);
        return volume.Content is "backup" ? call.May(guest, "VM.Backup") && call.May(storage.AccessPath, "Datastore.AllocateSpace") : call.May(guest, "VM.Config.Disk") || call.May(storage.AccessPath, "Datastore.Audit");
    }

    private static ProxmoxAnswer Allocate(ProxmoxCall call)
    {
        var storage = Reached(call);
        var (name, vmid, size) = (call.Required("filename"), call.Vmid, call.Required("size"));
        var format = call.Text("format") ?? "raw";
        if (!name.StartsWith(string.Create(CultureInfo.InvariantCulture, $"vm-{vmid}-"), StringComparison.Ordinal)) throw ProxmoxRefusedException.Failed($"illegal name '{name}' - should be 'vm-{vmid}-*'");
        var volid = string.Create(CultureInfo.InvariantCulture, $"{storage.Name}:{(storage.Path is null ? "" : $"{vmid}/")}{name}");
        if (storage.Volumes.Any(v => v.Volid == volid)) throw ProxmoxRefusedException.Failed($"disk image '{volid}' already exists");
        var bytes = long.Parse(size.TrimEnd('M', 'G'), CultureInfo.InvariantCulture) * (size[^1] switch { 'G' => 1L << 30, 'M' => 1L << 20, _ => 1L << 10 });
        storage.Volumes.Add(new SimulatedVolume { Volid = volid, Content = "images", Format = format, Size = bytes, Vmid = vmid, Created = Now(call), Node = storage.Shared ? null : call.Node.Name });
        return volid;
    }

    private static (SimulatedStorage Storage, string Volid, SimulatedVolume? Volume) Find(ProxmoxCall call)
    {
        var storage = Reached(call);
        var volid = call.Required("volume");
        if (!volid.Contains(':', StringComparison.Ordinal)) volid = $"{storage.Name}:{volid}";
        return (storage, volid, storage.Volumes.FirstOrDefault(v => v.Volid == volid && (v.Node is null || v.Node == call.Node.Name)));
    }

    private static SimulatedVolume Existing(ProxmoxCall call)
    {
        var (storage, volid, volume) = Find(call);
        if (volume is null) throw ProxmoxRefusedException.Failed($"volume_size_info on '{volid}' failed - no format");
        return MaySee(call, storage, volume) ? volume : throw ProxmoxRefusedException.Forbidden($"{storage.AccessPath}, Datastore.Allocate");
    }

    private static ProxmoxAnswer Describe(ProxmoxCall call)
    {
        var volume = Existing(call);
        // What an ISO file is made of is not looked at: it is raw to QEMU.
        var answer = new JsonObject { ["path"] = PathOf(StorageConfigRoutes.Existing(call), volume), ["size"] = volume.Size, ["used"] = volume.Used, ["format"] = volume.Content is "iso" ? "raw" : volume.Format };
        if (volume.Protected) answer["protected"] = 1;
        return answer.With("notes", volume.Notes);
    }

    private static ProxmoxAnswer Change(ProxmoxCall call)
    {
        var (storage, volid, found) = Find(call);
        var volume = found ?? throw ProxmoxRefusedException.Failed($"volume '{volid}' does not exist");
        if (volume.Content is not "backup") throw ProxmoxRefusedException.Failed("attributes are only supported for backups");
        call.Demand(storage.AccessPath, "Datastore.Allocate");
        storage.Volumes[storage.Volumes.IndexOf(volume)] = volume with { Notes = call.Has("notes") ? call.Text("notes") : volume.Notes, Protected = call.Flag("protected", volume.Protected) };
        return ProxmoxAnswer.Nothing;
    }

    private static ProxmoxAnswer Delete(ProxmoxCall call)
    {
        var (storage, volid, volume) = Find(call);
        if (volume is { Content: "backup", Vmid: { } owner } && call.May(storage.AccessPath, "Datastore.AllocateSpace")) call.Demand("/vms/" + owner.ToString(CultureInfo.InvariantCulture), "VM.Backup");
        else call.Demand(storage.AccessPath, "Datastore.Allocate");
        if (volume?.Protected is true) throw ProxmoxRefusedException.Failed($"cannot remove protected volume '{volid}' on '{storage.Name}'");
        // A volume that was never there is removed all the same, says the real one.
        return call.Start("imgdel", volume?.Vmid is { } vmid ? string.Create(CultureInfo.InvariantCulture, $"{vmid}@{storage.Name}") : storage.Name, TaskPlan.Of(task =>
        {
            if (volume is not null) storage.Volumes.Remove(volume);
            task.Write($"Removed volume '{volid}'");
        }));
    }

    private static long Now(ProxmoxCall call) => call.Cluster.Time.GetUtcNow().ToUnixTimeSeconds();
}
