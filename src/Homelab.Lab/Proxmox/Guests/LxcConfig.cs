namespace Homelab.Lab.Proxmox;

/// <summary>Changes the configuration of a container as the real one does: most of it at once, the rest with the next start.</summary>
internal sealed class LxcConfig(SimulatedProxmox cluster, SimulatedGuest guest, SimulatedTask? task)
{
    private const SimulatedGuestKind Ct = SimulatedGuestKind.Lxc;

    // What a running container only takes when it starts.
    private static readonly HashSet<string> s_withStart = new(StringComparer.Ordinal) { "arch", "cmode", "console", "debug", "entrypoint", "env", "features", "ostype", "rootfs", "tty", "unprivileged" };

    /// <summary>Does what was asked.</summary>
    internal void Apply(ConfigChange change)
    {
        foreach (var key in change.Revert) guest.Pending.Remove(key);
        foreach (var key in change.Delete) Remove(key);
        foreach (var (key, value) in change.Set)
        {
            var resolved = Resolve(key, value);
            if (guest.Pid is null || !IsWithStart(key))
            {
                guest.Set(key, resolved);
                guest.Pending.Remove(key);
            }
            else if (guest.Text(key) == resolved) guest.Pending.Remove(key);
            else guest.Pending[key] = resolved;
        }
    }

    /// <summary>A line as the file has it; new volumes are made.</summary>
    internal string Resolve(string key, string value)
    {
        if (GuestVolumes.IsMount(key)) return Volume(key, value);
        if (key.StartsWith("net", StringComparison.Ordinal) && char.IsAsciiDigit(key[^1])) return Card(value);
        // The file has it as comment lines, and every one of them ends.
        return key == "description" && !value.EndsWith('\n') ? value + "\n" : value;
    }

    private void Remove(string key)
    {
        if (guest.Text(key) is not { } old)
        {
            guest.Pending.Remove(key);
            return;
        }

        if (guest.Pid is not null && IsWithStart(key))
        {
            guest.Pending[key] = null;
            return;
        }

        if (GuestVolumes.IsUnused(key)) GuestVolumes.Free(cluster, guest.Node, old);
        else if (GuestVolumes.IsMount(key) && GuestVolumes.VolumeOf(key, old) is { } volume) guest.Set(guest.FreeUnused(), volume);
        guest.Set(key, null);
        guest.Pending.Remove(key);
    }

    private string Volume(string key, string value)
    {
        var mount = PropertyString.Parse(value, "volume");
        var name = mount["volume"]!;
        if (name.StartsWith('/')) return mount.ToString();
        if (GuestVolumes.Asked(name) is var (storage, size))
        {
            var made = GuestVolumes.Allocate(cluster, guest.Node, GuestVolumes.StorageOf(cluster, storage + ":"), (guest.Vmid, Ct), size, format: null, task);
            mount["volume"] = made.Volid;
            mount["size"] = DiskSize.Write(made.Size);
            return mount.Write("mp");
        }

        var known = GuestVolumes.Find(cluster, guest.Node, name) ?? throw ProxmoxRefusedException.Failed($"volume '{name}' does not exist");
        mount["size"] = DiskSize.Write(known.Size);
        foreach (var unused in guest.Config.Where(l => GuestVolumes.IsUnused(l.Key) && l.Value == name).Select(static l => l.Key).ToArray()) guest.Set(unused, null);
        return mount.Write("mp");
    }

    private static string Card(string value)
    {
        var card = PropertyString.Parse(value, defaultKey: null);
        card["hwaddr"] ??= QemuConfig.Mac();
        card["type"] ??= "veth";
        return card.Write("name");
    }

    private static bool IsWithStart(string key) => s_withStart.Contains(key) || key.StartsWith("dev", StringComparison.Ordinal);
}
