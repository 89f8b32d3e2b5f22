using System.Globalization;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>How a guest is, as <c>status/current</c> and the lists of a node tell it.</summary>
internal static class GuestStatus
{
    private const long Mebi = 1024 * 1024;
    private const long TrafficPerSecond = 180;
    private const long ReadOnce = 4_812_800;
    private const string Order = "order=";
    private const string Size = ",size=";

    /// <summary>The names of the pressures that the kernel tells.</summary>
    internal static IReadOnlyList<string> Pressures { get; } = ["pressurecpusome", "pressurecpufull", "pressureiosome", "pressureiofull", "pressurememorysome", "pressurememoryfull"];

    /// <summary>What <c>status/current</c> says.</summary>
    internal static JsonObject Current(SimulatedProxmox cluster, SimulatedGuest guest)
    {
        var status = Entry(cluster, guest, full: true);
        status["ha"] = guest.Ha;
        if (guest.Kind is SimulatedGuestKind.Qemu && HasAgent(guest)) status["agent"] = 1;
        return status;
    }

    /// <summary>What the list of a node says.</summary>
    internal static JsonObject Entry(SimulatedProxmox cluster, SimulatedGuest guest, bool full) => guest.Kind is SimulatedGuestKind.Qemu ? Machine(cluster, guest, full) : Container(cluster, guest);

    /// <summary>True when its configuration switches the guest agent on.</summary>
    internal static bool HasAgent(SimulatedGuest guest) => guest.Text("agent") is { } agent && PropertyString.Parse(agent, "enabled")["enabled"] is "1" or "yes" or "on" or "true";

    /// <summary>The names of its drives that are disks.</summary>
    internal static IEnumerable<string> Disks(SimulatedGuest guest) => guest.Config.Where(static l => GuestVolumes.IsDisk(l.Key, l.Value)).Select(static l => l.Key);

    /// <summary>The size of the disk it starts from, in bytes.</summary>
    /// <remarks>Asked for every guest of a cluster at once, and so without reading whole lines.</remarks>
    internal static long MaxDisk(SimulatedGuest guest)
    {
        if (guest.Kind is SimulatedGuestKind.Lxc) return SizeOf(guest.Text("rootfs"));
        if (guest.Text("boot") is { } boot && boot.StartsWith(Order, StringComparison.Ordinal))
        {
            var order = boot.AsSpan(Order.Length);
            foreach (var part in order.Split(';'))
            {
                if (guest.Text(order[part].ToString()) is { } drive && GuestVolumes.IsDisk(order[part].ToString(), drive)) return SizeOf(drive);
            }
        }

        return Disks(guest).FirstOrDefault() is { } first ? SizeOf(guest.Text(first)) : 0;
    }

    private static long SizeOf(string? line)
    {
        var at = line?.IndexOf(Size, StringComparison.Ordinal) ?? -1;
        if (at < 0) return 0;
        var rest = line!.AsSpan(at + Size.Length);
        return DiskSize.Read((rest.IndexOf(',') is >= 0 and var end ? rest[..end] : rest).ToString()) ?? 0;
    }

    private static JsonObject Machine(SimulatedProxmox cluster, SimulatedGuest guest, bool full)
    {
        var uptime = Uptime(cluster, guest);
        var running = guest.Pid is not null;
        var entry = Common(cluster, guest, uptime);
        entry["disk"] = 0;
        entry["memhost"] = running ? guest.MemoryUsed : 0;
        if (full) entry["qmpstatus"] = guest.QmpStatus;
        if (!running) return entry;
        entry["diskread"] = ReadOnce;
        entry["diskwrite"] = uptime * TrafficPerSecond;
        foreach (var pressure in Pressures) entry[pressure] = 0;
        if (!full) return entry;
        entry["running-qemu"] = cluster.QemuVersion;
        entry["running-machine"] = $"pc-i440fx-{string.Join('.', cluster.QemuVersion.Split('.')[..2])}";
        entry["proxmox-support"] = new JsonObject
        {
            ["backup-fleecing"] = true,
            ["backup-max-workers"] = true,
            ["pbs-dirty-bitmap"] = true,
            ["pbs-dirty-bitmap-migration"] = true,
            ["pbs-dirty-bitmap-savevm"] = true,
            ["pbs-library-version"] = "1.5.3 (UNKNOWN)",
            ["pbs-masterkey"] = true,
            ["query-bitmap-info"] = true,
        };
        var drives = guest.Config.Where(static l => GuestVolumes.IsDrive(l.Key)).Select(static l => l.Key).ToList();
        if (drives.Count > 0)
        {
            // What a guest boots from is read first.
            var booted = guest.Text("boot") is { } boot && PropertyString.Parse(boot, "legacy")["order"]?.Split(';')[0] is { } first && drives.Contains(first) ? first : drives[0];
            entry["blockstat"] = new JsonObject(drives.Select(d => KeyValuePair.Create(d, (JsonNode?)BlockStatistics.Of(d == booted ? ReadOnce : 0, d == booted ? uptime * TrafficPerSecond : 0))));
        }

        var cards = guest.Config.Keys.Where(static k => k.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(k[^1])).ToList();
        if (cards.Count > 0)
        {
            entry["nics"] = new JsonObject(cards.Select(card => KeyValuePair.Create(
                string.Create(CultureInfo.InvariantCulture, $"tap{guest.Vmid}i{card[3..]}"),
                (JsonNode?)new JsonObject { ["netin"] = uptime * TrafficPerSecond, ["netout"] = uptime * TrafficPerSecond / 2 })));
        }

        return entry;
    }

    private static JsonObject Container(SimulatedProxmox cluster, SimulatedGuest guest)
    {
        var uptime = Uptime(cluster, guest);
        var running = guest.Pid is not null;
        var entry = Common(cluster, guest, uptime);
        entry["type"] = "lxc";
        entry["maxswap"] = guest.Number("swap", 0) * Mebi;
        entry["swap"] = 0;
        entry["disk"] = running ? MaxDisk(guest) / 5 : 0;
        entry["diskread"] = running ? ReadOnce : 0;
        entry["diskwrite"] = running ? uptime * TrafficPerSecond : 0;
        if (!running) return entry;
        foreach (var pressure in Pressures) entry[pressure] = "0.00";
        return entry;
    }

    private static JsonObject Common(SimulatedProxmox cluster, SimulatedGuest guest, long uptime)
    {
        var running = guest.Pid is not null;
        var entry = new JsonObject
        {
            ["vmid"] = guest.Vmid,
            ["name"] = guest.Name,
            ["status"] = guest.State,
            ["cpus"] = guest.Cores,
            ["cpu"] = running && uptime > 0 ? guest.CpuUsed : 0,
            ["mem"] = running ? guest.MemoryUsed : 0,
            ["maxmem"] = guest.MemoryBytes,
            ["maxdisk"] = MaxDisk(guest),
            ["netin"] = running ? uptime * TrafficPerSecond : 0,
            ["netout"] = running ? uptime * TrafficPerSecond / 2 : 0,
            ["uptime"] = uptime,
        };
        if (guest.Pid is { } pid) entry["pid"] = pid;
        if (guest.Text("tags") is { } tags) entry["tags"] = tags;
        if (guest.Template) entry["template"] = 1;
        if (guest.Lock is { } held) entry["lock"] = held;
        return entry;
    }

    private static long Uptime(SimulatedProxmox cluster, SimulatedGuest guest) => guest.StartedAt is { } started ? (long)(cluster.Time.GetUtcNow() - started).TotalSeconds : 0;
}
