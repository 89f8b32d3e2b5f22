using System.Globalization;
using System.Text.Json.Nodes;
using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What makes backups.</summary>
internal static class BackupRoutes
{
    internal static IEnumerable<SimulatedRoute> All =>
    [
        SimulatedRoute.Of(
            "POST",
            "/nodes/{node}/vzdump",
            SimulatedRights.Everybody,
            "string",
            Backup,
            Text("node", "pve-node"),
            Flag("all", "0"),
            Whole("bwlimit", 0, @default: "0"),
            Choice("compress", "0", "1", "gzip", "lzo", "zstd") with { Default = "0" },
            Text("dumpdir"),
            Text("exclude", "pve-vmid-list"),
            SimulatedParameter.Array("exclude-path"),
            Text("fleecing", "backup-fleecing"),
            Whole("ionice", 0, 8, @default: "7"),
            Matching("job-id", @"\S+", 50),
            Whole("lockwait", 0, @default: "180"),
            Choice("mailnotification", "always", "failure") with { Default = "always" },
            Text("mailto", "email-or-username-list"),
            Whole("maxfiles", 1),
            Choice("mode", "snapshot", "suspend", "stop") with { Default = "snapshot" },
            Text("notes-template") with { MaxLength = 1024, Requires = "storage" },
            Choice("notification-mode", "auto", "legacy-sendmail", "notification-system") with { Default = "auto" },
            Choice("pbs-change-detection-mode", "legacy", "data", "metadata"),
            Text("performance", "backup-performance"),
            Whole("pigz", @default: "0"),
            Text("pool"),
            Flag("protected") with { Requires = "storage" },
            Text("prune-backups", "prune-backups", @default: "keep-all=1"),
            Flag("quiet", "0"),
            Flag("remove", "1"),
            Text("script"),
            Flag("stdexcludes", "1"),
            Flag("stdout"),
            Flag("stop", "0"),
            Whole("stopwait", 0, @default: "10"),
            Text("storage", "pve-storage-id"),
            Text("tmpdir"),
            Text("vmid", "pve-vmid-list"),
            Whole("zstd", @default: "1")),
        SimulatedRoute.Of("GET", "/nodes/{node}/vzdump/extractconfig", SimulatedRights.Everybody, "string", ExtractConfig, Text("volume").Must()),
        SimulatedRoute.Of("GET", "/nodes/{node}/vzdump/defaults", SimulatedRights.Everybody, "object", Defaults, Text("storage", "pve-storage-id")),
    ];

    private static ProxmoxAnswer Backup(ProxmoxCall call)
    {
        if (!call.IsRoot && ((string[])["tmpdir", "dumpdir", "script", "job-id"]).FirstOrDefault(call.Has) is { } rootOnly) throw ProxmoxRefusedException.Parameter(rootOnly, "Only root may set this option.");
        var asked = call.List("vmid");
        if (asked.Count == 0 && !call.Flag("all") && !call.Has("pool")) throw ProxmoxRefusedException.Failed("option --vmid, --pool or --all is required");
        foreach (var vmid in asked) call.Demand("/vms/" + vmid, "VM.Backup");
        var name = call.Text("storage") ?? "local";
        call.Demand("/storage/" + name, "Datastore.AllocateSpace");
        return call.Start("vzdump", asked.Count == 1 ? asked[0] : "", new TaskPlan
        {
            Begin = task =>
            {
                if (call.Cluster.FindStorage(name) is null) throw ProxmoxRefusedException.Failed($"could not activate storage '{name}': storage '{name}' does not exist\ncould not get storage information for '{name}': storage '{name}' does not exist");
                task.Write($"INFO: starting new backup job: vzdump {string.Join(' ', asked)} --storage {name} --mode {call.Text("mode") ?? "snapshot"}");
                foreach (var guest in Chosen(call, asked).Where(static g => g.Lock is null)) guest.Lock = "backup";
            },
            Finish = task => Run(call, asked, call.Cluster.FindStorage(name) ?? throw ProxmoxRefusedException.Failed($"storage '{name}' does not exist"), task),
            Undo = _ =>
            {
                foreach (var guest in Chosen(call, asked).Where(static g => g.Lock == "backup")) guest.Lock = null;
            },
        });
    }

    private static IEnumerable<SimulatedGuest> Chosen(ProxmoxCall call, IReadOnlyList<string> asked) => call.Cluster.Guests.Where(g =>
        g.Node == call.Node
        && call.May(g.AccessPath, "VM.Backup")
        && !call.List("exclude").Contains(GuestCalls.Id(g.Vmid), StringComparer.Ordinal)
        && (asked.Count > 0 ? asked.Contains(GuestCalls.Id(g.Vmid), StringComparer.Ordinal) : call.Text("pool") is not { } pool || g.Pool == pool));

    private static void Run(ProxmoxCall call, IReadOnlyList<string> asked, SimulatedStorage storage, SimulatedTask task)
    {
        var guests = Chosen(call, asked).ToList();
        var failed = asked.Where(a => guests.All(g => GuestCalls.Id(g.Vmid) != a)).ToList();
        foreach (var vmid in failed) task.Write($"ERROR: Backup of VM {vmid} failed - unable to find VM '{vmid}'");
        foreach (var guest in guests)
        {
            task.Write($"INFO: Starting Backup of VM {guest.Vmid} ({guest.ApiKind})");
            task.Write($"INFO: status = {guest.State}");
            if (guest.Lock is not (null or "backup"))
            {
                failed.Add(GuestCalls.Id(guest.Vmid));
                task.Write($"ERROR: Backup of VM {guest.Vmid} failed - {GuestCalls.Short(guest.Kind)} is locked ({guest.Lock})");
                continue;
            }

            guest.Lock = null;
            var volume = Archive(call, guest, storage);
            storage.Volumes.Add(volume);
            task.Write($"INFO: creating vzdump archive '{storage.Path ?? "/mnt/pve/" + storage.Name}/dump/{volume.Volid.Split('/')[^1]}'");
            task.Write($"INFO: archive file size: {DiskSize.Tell(volume.Size)}");
            task.Write($"INFO: Finished Backup of VM {guest.Vmid} (00:00:01)");
        }

        if (failed.Count > 0) throw ProxmoxRefusedException.Failed("job errors");
        task.Write("INFO: Backup job finished successfully");
    }

    private static SimulatedVolume Archive(ProxmoxCall call, SimulatedGuest guest, SimulatedStorage storage)
    {
        var now = call.Cluster.Time.GetUtcNow();
        var suffix = call.Text("compress") switch { "zstd" => ".zst", "gzip" or "1" => ".gz", "lzo" => ".lzo", _ => "" };
        var kind = guest.Kind is SimulatedGuestKind.Qemu ? "vma" : "tar";
        var time = now.ToString("yyyy_MM_dd-HH_mm_ss", CultureInfo.InvariantCulture);
        var size = Math.Max(1024 * 1024, GuestStatus.MaxDisk(guest) / 8);
        return new SimulatedVolume
        {
            Volid = storage.Type == "pbs" ? $"{storage.Name}:backup/{(guest.Kind is SimulatedGuestKind.Qemu ? "vm" : "ct")}/{guest.Vmid}/{now:yyyy-MM-ddTHH:mm:ssZ}" : $"{storage.Name}:backup/vzdump-{guest.ApiKind}-{guest.Vmid}-{time}.{kind}{suffix}",
            Content = "backup",
            Format = kind + suffix,
            Size = size,
            Used = size,
            Vmid = guest.Vmid,
            Created = now.ToUnixTimeSeconds(),
            Node = storage.Shared ? null : guest.Node.Name,
            Notes = Notes(call, guest),
            Protected = call.Flag("protected"),
            Subtype = guest.ApiKind,
            GuestConfig = guest.Config.Where(static l => l.Key != "lock").ToDictionary(StringComparer.Ordinal),
        };
    }

    private static string? Notes(ProxmoxCall call, SimulatedGuest guest) => call.Text("notes-template")?
        .Replace("{{guestname}}", guest.Name, StringComparison.Ordinal)
        .Replace("{{vmid}}", GuestCalls.Id(guest.Vmid), StringComparison.Ordinal)
        .Replace("{{node}}", guest.Node.Name, StringComparison.Ordinal)
        .Replace("{{cluster}}", call.Cluster.Options.ClusterName, StringComparison.Ordinal);

    private static ProxmoxAnswer ExtractConfig(ProxmoxCall call)
    {
        var volume = call.Required("volume");
        if (GuestVolumes.Find(call.Cluster, call.Node, volume) is not { GuestConfig: { } config } found) throw ProxmoxRefusedException.Failed($"volume '{volume}' does not exist");
        call.Demand($"/vms/{found.Vmid}", "VM.Backup");
        return string.Concat(config.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => $"{l.Key}: {l.Value}\n"));
    }

    private static ProxmoxAnswer Defaults(ProxmoxCall call)
    {
        var storage = call.Text("storage") ?? "local";
        if (!call.MayAny("/storage/" + storage, "Datastore.Audit", "Datastore.AllocateSpace")) call.Demand("/storage/" + storage, "Datastore.Audit");
        return new JsonObject
        {
            ["all"] = 0, ["bwlimit"] = 0, ["compress"] = "0", ["ionice"] = 7, ["lockwait"] = 180, ["mailnotification"] = "always", ["mode"] = "snapshot", ["notification-mode"] = "auto",
            ["pigz"] = 0, ["protected"] = 0, ["prune-backups"] = "keep-all=1", ["quiet"] = 0, ["remove"] = 1, ["stdexcludes"] = 1, ["stop"] = 0, ["stopwait"] = 10, ["storage"] = storage, ["zstd"] = 1,
        };
    }
}
