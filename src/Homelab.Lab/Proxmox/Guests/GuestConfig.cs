using System.Globalization;

namespace Homelab.Lab.Proxmox;

/// <summary>The configuration file of a guest that a test has made.</summary>
internal static class GuestConfig
{
    internal static SortedDictionary<string, string> Of(SimulatedGuestSpec spec)
    {
        var qemu = spec.Kind is SimulatedGuestKind.Qemu;
        var config = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [qemu ? "name" : "hostname"] = spec.Name,
            ["memory"] = spec.Memory.ToString(CultureInfo.InvariantCulture),
            ["cores"] = spec.Cores.ToString(CultureInfo.InvariantCulture),
        };
        if (spec.Disk > 0) config[qemu ? "scsi0" : "rootfs"] = $"{VolumeOf(spec)},size={spec.Disk}G";
        if (qemu) FillMachine(config, spec);
        else FillContainer(config, spec);
        if (spec.Tags.Count > 0) config["tags"] = string.Join(';', spec.Tags.Order(StringComparer.Ordinal));
        if (spec.Template) config["template"] = "1";
        if (spec.Protection) config["protection"] = "1";
        if (spec.OnBoot) config["onboot"] = "1";
        foreach (var (key, value) in spec.Config) config[key] = value;
        return config;
    }

    /// <summary>The volume of its one disk.</summary>
    internal static string VolumeOf(SimulatedGuestSpec spec) =>
        string.Create(CultureInfo.InvariantCulture, $"{spec.Storage}:{spec.Vmid}/{(spec.Template ? "base" : "vm")}-{spec.Vmid}-disk-0.{(spec.Kind is SimulatedGuestKind.Qemu ? "qcow2" : "raw")}");

    private static void FillMachine(SortedDictionary<string, string> config, SimulatedGuestSpec spec)
    {
        config["sockets"] = "1";
        config["scsihw"] = "virtio-scsi-single";
        config["ostype"] = "l26";
        config["net0"] = $"virtio={Mac(spec.Vmid)},bridge=vmbr0";
        config["boot"] = "order=scsi0";
        config["meta"] = "creation-qemu=10.1.2,ctime=1795219091";
        config["smbios1"] = "uuid=" + Guid.NewGuid();
        config["vmgenid"] = Guid.NewGuid().ToString();
        if (spec.Agent) config["agent"] = "1";
    }

    private static void FillContainer(SortedDictionary<string, string> config, SimulatedGuestSpec spec)
    {
        config["swap"] = "512";
        config["arch"] = "amd64";
        config["ostype"] = "debian";
        config["unprivileged"] = "1";
        config["net0"] = $"name=eth0,bridge=vmbr0,hwaddr={Mac(spec.Vmid)},ip=dhcp,type=veth";
    }

    private static string Mac(int vmid) => string.Create(CultureInfo.InvariantCulture, $"BC:24:11:{(vmid >> 16) & 0xff:X2}:{(vmid >> 8) & 0xff:X2}:{vmid & 0xff:X2}");
}
