using System.Globalization;
using System.Security.Cryptography;

namespace Homelab.Lab.Proxmox;

/// <summary>Changes the configuration of a VM as the real one does: at once where it can be, else with the next start.</summary>
internal sealed class QemuConfig(SimulatedProxmox cluster, SimulatedGuest guest, SimulatedTask? task)
{
    private const SimulatedGuestKind Vm = SimulatedGuestKind.Qemu;

    // What a running VM takes at once: what QEMU does not know of, and what can be plugged in.
    private static readonly HashSet<string> s_atOnce = new(StringComparer.Ordinal)
    {
        "name", "description", "tags", "onboot", "protection", "startup", "hookscript", "lock", "migrate_downtime", "migrate_speed", "shares", "vmstatestorage", "cpulimit", "cpuunits", "balloon",
    };

    private static readonly HashSet<string> s_models = new(["virtio", "e1000", "e1000e", "rtl8139", "vmxnet3", "ne2k_pci", "ne2k_isa", "pcnet", "i82551", "i82557b", "i82559er", "e1000-82540em", "e1000-82544gc", "e1000-82545em"], StringComparer.Ordinal);

    /// <summary>Does what was asked.</summary>
    internal void Apply(ConfigChange change)
    {
        foreach (var key in change.Revert) guest.Pending.Remove(key);
        foreach (var key in change.Delete) Remove(key, force: false);
        foreach (var (key, value) in change.Set)
        {
            var resolved = GuestVolumes.IsDrive(key) ? Drive(key, value) : key.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(key[^1]) ? Card(value) : value;
            if (IsAtOnce(key) || (key == "memory" && IsPlugged(resolved)))
            {
                if (GuestVolumes.IsDrive(key) && GuestVolumes.VolumeOf(key, resolved) != (guest.Text(key) is { } old ? GuestVolumes.VolumeOf(key, old) : null)) Detach(key);
                guest.Set(key, resolved);
                guest.Pending.Remove(key);
            }
            else if (guest.Text(key) == resolved) guest.Pending.Remove(key);
            else guest.Pending[key] = resolved;
        }
    }

    /// <summary>Takes a line away. A disk becomes unused first, unless <paramref name="force"/>.</summary>
    internal void Remove(string key, bool force)
    {
        if (guest.Text(key) is null)
        {
            guest.Pending.Remove(key);
            return;
        }

        if (!IsAtOnce(key))
        {
            guest.Pending[key] = null;
            return;
        }

        if (GuestVolumes.IsUnused(key)) GuestVolumes.Free(cluster, guest.Node, guest.Text(key)!);
        else if (GuestVolumes.IsDrive(key)) Detach(key, force);
        guest.Set(key, null);
        guest.Pending.Remove(key);
    }

    /// <summary>A network card as the file has it: with an address.</summary>
    internal static string Card(string value)
    {
        var card = PropertyString.Parse(value, "model");
        var model = card["model"] ?? card.Keys.FirstOrDefault(s_models.Contains) ?? "virtio";
        var address = card["macaddr"] ?? card[model] ?? Mac();
        card["model"] = null;
        card["macaddr"] = null;
        card[model] = address;
        return card.Write(model);
    }

    /// <summary>An address of the vendor's range.</summary>
    internal static string Mac()
    {
        var tail = RandomNumberGenerator.GetBytes(3);
        return string.Create(CultureInfo.InvariantCulture, $"BC:24:11:{tail[0]:X2}:{tail[1]:X2}:{tail[2]:X2}");
    }

    private bool IsAtOnce(string key) =>
        guest.Pid is null || s_atOnce.Contains(key) || GuestVolumes.IsDrive(key) || GuestVolumes.IsUnused(key)
        || (key.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(key[^1])) || key.StartsWith("usb", StringComparison.Ordinal);

    // More memory is plugged in where the guest was made for that: hotplug says so, and its memory is that of NUMA nodes.
    private bool IsPlugged(string memory) =>
        guest.Text("numa") is "1" && guest.Text("hotplug")?.Split(',').Contains("memory", StringComparer.Ordinal) is true
        && long.TryParse(memory, CultureInfo.InvariantCulture, out var more) && more > guest.MemoryBytes / (1024 * 1024);

    private string Drive(string key, string value)
    {
        var drive = PropertyString.Parse(value, "file");
        var file = drive["file"];
        if (file is null or "none" or "cdrom") return drive.ToString();
        if (file.EndsWith(":cloudinit", StringComparison.Ordinal))
        {
            var own = $"{guest.Vmid}/vm-{guest.Vmid}-cloudinit.qcow2";
            drive["file"] = $"{file.Split(':')[0]}:{own}";
            drive["media"] = "cdrom";
            return drive.ToString();
        }

        if (GuestVolumes.Asked(file) is var (storage, size))
        {
            var volume = GuestVolumes.Allocate(cluster, guest.Node, GuestVolumes.StorageOf(cluster, storage + ":"), (guest.Vmid, Vm), size, drive["format"], task);
            drive["file"] = volume.Volid;
            drive["format"] = null;
            drive["size"] = DiskSize.Write(volume.Size);
            task?.Write($"{key}: successfully created disk '{drive}'");
            return drive.ToString();
        }

        if (file.StartsWith('/')) return drive.ToString();
        var known = GuestVolumes.Find(cluster, guest.Node, file) ?? throw ProxmoxRefusedException.Failed($"volume {file} does not exist");
        drive["size"] = DiskSize.Write(known.Size);
        foreach (var unused in guest.Config.Where(l => GuestVolumes.IsUnused(l.Key) && l.Value == file).Select(static l => l.Key).ToArray()) guest.Set(unused, null);
        return drive.ToString();
    }

    private void Detach(string key, bool force = false)
    {
        if (guest.Text(key) is not { } old || GuestVolumes.VolumeOf(key, old) is not { } volume) return;
        if (PropertyString.Parse(old, "file")["media"] == "cdrom")
        {
            if (volume.Contains("-cloudinit", StringComparison.Ordinal)) GuestVolumes.Free(cluster, guest.Node, volume);
            return;
        }

        if (force)
        {
            GuestVolumes.Free(cluster, guest.Node, volume);
            return;
        }

        guest.Set(guest.FreeUnused(), volume);
    }
}
