namespace Homelab.Lab.Proxmox;

/// <summary>Which privilege it takes to change which line of a configuration.</summary>
internal static class ConfigRights
{
    private static readonly Dictionary<string, string> s_machine = Table(
        ("VM.Config.CPU", "cores cpu cpulimit cpuunits numa smp sockets vcpus affinity"),
        ("VM.Config.Memory", "memory balloon shares allow-ksm"),
        ("VM.Config.HWType", "acpi hotplug kvm machine scsihw smbios1 tablet vga watchdog audio0 rng0"),
        ("VM.Config.Options", "agent autostart bios description keyboard localtime migrate_downtime migrate_speed name onboot ostype protection reboot startdate startup tdf template tags spice_enhancements"),
        ("VM.PowerMgmt", "freeze"),
        ("VM.Config.Disk", "boot bootdisk vmstatestorage"),
        ("VM.Config.Cloudinit", "cicustom cipassword citype ciuser ciupgrade nameserver searchdomain sshkeys"));

    private static readonly Dictionary<string, string> s_container = Table(
        ("VM.Config.CPU", "cores cpulimit cpuunits"),
        ("VM.Config.Memory", "memory swap"),
        ("VM.Config.Network", "nameserver searchdomain hostname"));

    /// <summary>Refuses when the caller may not change a line.</summary>
    /// <param name="call">The request.</param>
    /// <param name="guest">Number and kind; a new guest needs not exist yet.</param>
    /// <param name="key">The line.</param>
    /// <param name="value">Its new value; null when it goes away.</param>
    internal static void Demand(ProxmoxCall call, (int Vmid, SimulatedGuestKind Kind) guest, string key, string? value)
    {
        if (call.IsRoot) return;
        var path = $"/vms/{guest.Vmid}";
        if (guest.Kind is SimulatedGuestKind.Lxc)
        {
            DemandForContainer(call, path, key);
            return;
        }

        if (GuestVolumes.IsDrive(key) || key == "cdrom") call.Demand(path, value is not null && IsCdrom(key, value) ? "VM.Config.CDROM" : "VM.Config.Disk");
        else if (GuestVolumes.IsUnused(key)) call.Demand(path, "VM.Config.Disk");
        else if (IsNumbered(key, "net")) call.Demand(path, "VM.Config.Network");
        else if (IsNumbered(key, "ipconfig")) call.Demand(path, call.May(path, "VM.Config.Cloudinit") ? "VM.Config.Cloudinit" : "VM.Config.Network");
        else if (IsNumbered(key, "numa")) call.Demand(path, "VM.Config.CPU");
        else if (IsNumbered(key, "serial") && value is null or "socket") call.Demand(path, "VM.Config.HWType");
        else if (IsNumbered(key, "usb") && value?.Contains("spice", StringComparison.OrdinalIgnoreCase) is not false) call.Demand(path, "VM.Config.HWType");
        else if (s_machine.TryGetValue(key, out var privilege)) call.Demand(path, privilege);
        else throw ProxmoxRefusedException.Failed($"only root can set '{key}' config");
    }

    private static void DemandForContainer(ProxmoxCall call, string path, string key)
    {
        if (GuestVolumes.IsMount(key) || GuestVolumes.IsUnused(key)) call.Demand(path, "VM.Config.Disk");
        else if (IsNumbered(key, "net")) call.Demand(path, "VM.Config.Network");
        else if (key == "features") call.Demand(path, "VM.Allocate");
        else if (key is "hookscript" or "lock" || IsNumbered(key, "dev")) throw ProxmoxRefusedException.Failed($"only root can set '{key}' config");
        else call.Demand(path, s_container.GetValueOrDefault(key, "VM.Config.Options"));
    }

    private static bool IsCdrom(string key, string value) => key == "cdrom" || value is "none" or "cdrom" || PropertyString.Parse(value, "file")["media"] == "cdrom";

    private static bool IsNumbered(string key, string stem) => key.Length > stem.Length && key.StartsWith(stem, StringComparison.Ordinal) && char.IsAsciiDigit(key[stem.Length]);

    private static Dictionary<string, string> Table(params ReadOnlySpan<(string Privilege, string Keys)> rows)
    {
        var table = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (privilege, keys) in rows)
        {
            foreach (var key in keys.Split(' ')) table[key] = privilege;
        }

        return table;
    }
}
