using static Homelab.Lab.Proxmox.SimulatedParameter;

namespace Homelab.Lab.Proxmox;

/// <summary>What a container can be told about itself.</summary>
internal static class LxcOptions
{
    /// <summary>The options of a configuration.</summary>
    internal static IReadOnlyList<SimulatedParameter> All { get; } =
    [
        Choice("arch", "amd64", "i386", "arm64", "armhf", "riscv32", "riscv64") with { Default = "amd64" },
        Choice("cmode", "shell", "console", "tty") with { Default = "tty" },
        Flag("console", "1"),
        Whole("cores", 1, 8192),
        Number("cpulimit", 0, 8192, @default: "0"),
        Whole("cpuunits", 0, 500000, @default: "cgroup v1: 1024, cgroup v2: 100"),
        Flag("debug", "0"),
        Text("description") with { MaxLength = 8192 },
        Text("dev[n]") with { Check = PropertySchema.Device },
        Matching("entrypoint", @"(?^:[^\x00-\x08\x10-\x1F\x7F]+)") with { Default = "/sbin/init" },
        Matching("env", @"(?^:(?:\w+=[^\x00-\x08\x10-\x1F\x7F]*)(?:\0\w+=[^\x00-\x08\x10-\x1F\x7F]*)*)"),
        Text("features") with { Check = PropertySchema.Any },
        Text("hookscript", "pve-volume-id"),
        Text("hostname", "dns-name") with { MaxLength = 255 },
        Choice("lock", "backup", "create", "destroyed", "disk", "fstrim", "migrate", "mounted", "rollback", "snapshot", "snapshot-delete"),
        Whole("memory", 16, @default: "512"),
        Text("mp[n]") with { Check = PropertySchema.MountPoint },
        Text("nameserver", "lxc-ip-with-ll-iface-list"),
        Text("net[n]") with { Check = PropertySchema.LxcNet },
        Flag("onboot", "0"),
        Choice("ostype", "debian", "devuan", "ubuntu", "centos", "fedora", "opensuse", "archlinux", "alpine", "gentoo", "nixos", "unmanaged"),
        Flag("protection", "0"),
        Text("rootfs") with { Check = PropertySchema.Rootfs },
        Text("searchdomain", "dns-name-list"),
        Text("startup", "pve-startup-order"),
        Whole("swap", 0, @default: "512"),
        Text("tags", "pve-tag-list"),
        Flag("template", "0"),
        Text("timezone", "pve-ct-timezone"),
        Whole("tty", 0, 6, @default: "2"),
        Flag("unprivileged", "0"),
        Text("unused[n]") with { Check = PropertySchema.Volume },
    ];

    /// <summary>What only making or restoring one takes.</summary>
    internal static IReadOnlyList<SimulatedParameter> ForCreate { get; } =
    [
        Number("bwlimit", 0, @default: "restore limit from datacenter or storage config"),
        Flag("force"),
        Flag("ha-managed", "0"),
        Flag("ignore-unpack-errors"),
        Text("ostemplate").Must() with { MaxLength = 255 },
        Text("password") with { MinLength = 5 },
        Text("pool", "pve-poolid"),
        Flag("restore"),
        Text("ssh-public-keys"),
        Flag("start", "0"),
        Text("storage", "pve-storage-id", @default: "local"),
        Flag("unique") with { Requires = "restore" },
        Whole("vmid", 100, 999999999).Must() with { Format = "pve-vmid" },
    ];

    /// <summary>What only changing one takes.</summary>
    internal static IReadOnlyList<SimulatedParameter> ForUpdate { get; } =
    [
        Text("delete", "pve-configid-list"),
        Text("digest") with { MaxLength = 40 },
        Text("revert", "pve-configid-list"),
    ];
}
