using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Lab.Proxmox;

/// <summary>The volumes of guests: making, finding and removing them, and what logs say about it.</summary>
internal static partial class GuestVolumes
{
    private const long Gibi = 1024L * 1024 * 1024;

    private static readonly string[] s_withFolders = ["dir", "nfs", "cifs", "btrfs", "cephfs"];

    /// <summary>True for a drive of a VM: <c>scsi0</c>, <c>ide2</c>.</summary>
    internal static bool IsDrive(string key) => Drive().IsMatch(key);

    /// <summary>True for a volume of a container: <c>rootfs</c>, <c>mp0</c>.</summary>
    internal static bool IsMount(string key) => Mount().IsMatch(key);

    /// <summary>True for what was detached: <c>unused0</c>.</summary>
    internal static bool IsUnused(string key) => Unused().IsMatch(key);

    /// <summary>True for a drive that is a disk of the guest's own.</summary>
    internal static bool IsDisk(string key, string value) => IsDrive(key) && !value.Contains("media=cdrom", StringComparison.Ordinal) && value.Contains(':', StringComparison.Ordinal);

    /// <summary>The name that a line's volume goes by within the line.</summary>
    internal static string KeyOf(string key) => IsMount(key) ? "volume" : "file";

    /// <summary>The volume of a line; null when it has none.</summary>
    internal static string? VolumeOf(string key, string value)
    {
        var volume = PropertyString.Parse(value, KeyOf(key))[KeyOf(key)];
        return volume?.Contains(':', StringComparison.Ordinal) is true ? volume : null;
    }

    /// <summary>The size that a new volume is asked for with, as <c>local:8</c> does it, in bytes; null for one that exists.</summary>
    internal static (string Storage, long Size)? Asked(string? volume)
    {
        if (volume is null || New().Match(volume) is not { Success: true } match) return null;
        return (match.Groups["storage"].Value, (long)(double.Parse(match.Groups["size"].ValueSpan, CultureInfo.InvariantCulture) * Gibi));
    }

    /// <summary>The storage of a volume.</summary>
    internal static SimulatedStorage StorageOf(SimulatedProxmox cluster, string volume) =>
        volume.Split(':')[0] is var name && cluster.FindStorage(name) is { } storage ? storage : throw ProxmoxRefusedException.Failed($"storage '{name}' does not exist");

    /// <summary>A volume by its name, as a node sees it.</summary>
    internal static SimulatedVolume? Find(SimulatedProxmox cluster, SimulatedNode node, string volume)
    {
        // A linked clone is named with what it is based on: local:111/base-111-disk-0.qcow2/112/vm-112-disk-0.qcow2.
        return StorageOf(cluster, volume).Volumes.FirstOrDefault(v => v.Volid == volume && (v.Node is null || v.Node == node.Name));
    }

    /// <summary>Makes a volume.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node that makes it.</param>
    /// <param name="storage">Where.</param>
    /// <param name="guest">For whom: number and kind.</param>
    /// <param name="size">In bytes.</param>
    /// <param name="format"><c>raw</c>, <c>qcow2</c>; null for the storage's usual one.</param>
    /// <param name="task">Whose log tells of it.</param>
    /// <param name="baseVolume">What a linked clone is based on.</param>
    internal static SimulatedVolume Allocate(SimulatedProxmox cluster, SimulatedNode node, SimulatedStorage storage, (int Vmid, SimulatedGuestKind Kind) guest, long size, string? format, SimulatedTask? task, string? baseVolume = null)
    {
        if (!storage.IsOn(node.Name)) throw ProxmoxRefusedException.Failed($"storage '{storage.Name}' is not available on node '{node.Name}'");
        if (!storage.Enabled) throw ProxmoxRefusedException.Failed($"storage '{storage.Name}' is disabled");
        var folders = s_withFolders.Contains(storage.Type);
        var kind = folders ? format ?? "raw" : guest.Kind is SimulatedGuestKind.Lxc && storage.Type == "zfspool" ? "subvol" : "raw";
        var name = FreeName(storage, guest.Vmid, kind, folders);
        var own = folders ? $"{guest.Vmid}/{name}" : name;
        var volume = new SimulatedVolume
        {
            Volid = $"{storage.Name}:{(baseVolume is null ? own : $"{baseVolume.Split(':', 2)[1]}/{own}")}",
            Content = guest.Kind is SimulatedGuestKind.Qemu ? "images" : "rootdir",
            Format = kind,
            Size = size,
            Used = kind == "qcow2" ? 344_064 : size / 10,
            Vmid = guest.Vmid,
            Created = cluster.Time.GetUtcNow().ToUnixTimeSeconds(),
            Node = storage.Shared ? null : node.Name,
        };
        if (folders && task is not null) task.Write(Formatting(storage, own, kind, size, baseVolume));
        storage.Volumes.Add(volume);
        return volume;
    }

    /// <summary>Removes a volume, if there is one.</summary>
    internal static void Free(SimulatedProxmox cluster, SimulatedNode node, string volume)
    {
        if (cluster.FindStorage(volume.Split(':')[0]) is { } storage && Find(cluster, node, volume) is { } found) storage.Volumes.Remove(found);
    }

    /// <summary>Puts a changed volume in the place of one.</summary>
    internal static void Replace(SimulatedProxmox cluster, SimulatedVolume old, SimulatedVolume changed)
    {
        var volumes = StorageOf(cluster, old.Volid).Volumes;
        volumes[volumes.IndexOf(old)] = changed;
    }

    /// <summary>Whether disks on it can be snapshots.</summary>
    internal static bool HasSnapshots(SimulatedProxmox cluster, SimulatedNode node, string volume)
    {
        if (cluster.FindStorage(volume.Split(':')[0]) is not { } storage) return false;
        return storage.Type is "zfspool" or "lvmthin" or "rbd" or "btrfs" || Find(cluster, node, volume) is { Format: "qcow2" } || volume.EndsWith(".qcow2", StringComparison.Ordinal);
    }

    /// <summary>The path of a volume on a storage that has folders.</summary>
    internal static string PathOf(SimulatedStorage storage, string own) => $"{storage.Path ?? "/mnt/pve/" + storage.Name}/images/{own}";

    private static string FreeName(SimulatedStorage storage, int vmid, string format, bool folders)
    {
        for (var i = 0; ; i++)
        {
            var stem = $"{(format == "subvol" ? "subvol" : "vm")}-{vmid}-disk-{i}";
            var taken = storage.Volumes.Any(v => v.Volid.Split('/', ':')[^1].Split('.')[0] is var name && (name == stem || name == $"base-{vmid}-disk-{i}"));
            if (!taken) return folders ? $"{stem}.{format}" : stem;
        }
    }

    private static string Formatting(SimulatedStorage storage, string own, string format, long size, string? baseVolume)
    {
        var path = PathOf(storage, own);
        if (format != "qcow2") return $"Formatting '{path}', fmt={format} size={size} preallocation=off";
        return baseVolume is null
            ? $"Formatting '{path}', fmt=qcow2 cluster_size=65536 extended_l2=off preallocation=metadata compression_type=zlib size={size} lazy_refcounts=off refcount_bits=16"
            : $"Formatting '{path}', fmt=qcow2 cluster_size=131072 extended_l2=on preallocation=metadata compression_type=zlib size={size} backing_file=../{baseVolume.Split(':', 2)[1]} backing_fmt=qcow2 lazy_refcounts=off refcount_bits=16";
    }

    [GeneratedRegex("^(ide[0-3]|sata[0-5]|scsi([12]?[0-9]|30)|virtio([0-9]|1[0-5])|efidisk0|tpmstate0)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Drive();

    [GeneratedRegex("^(rootfs|mp[0-9]{1,3})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Mount();

    [GeneratedRegex("^unused[0-9]{1,3}$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unused();

    [GeneratedRegex("^(?<storage>[A-Za-z][A-Za-z0-9._-]*):(?<size>[0-9]+([.][0-9]+)?)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex New();
}
