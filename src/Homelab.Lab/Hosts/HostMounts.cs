namespace Homelab.Lab.Hosts;

/// <summary>What a simulated host has mounted and started, as Debian sets it up.</summary>
internal static class HostMounts
{
    private const long Gibi = 1L << 30;

    internal static IReadOnlyList<SimulatedFileSystem> Of(SimulatedHostSpec spec) =>
    [
        new("/sys", "sysfs", "sysfs") { Options = "rw,nosuid,nodev,noexec,relatime" },
        new("/proc", "proc", "proc") { Options = "rw,nosuid,nodev,noexec,relatime" },
        new("/dev", "udev", "devtmpfs") { Options = "rw,nosuid,relatime,mode=755", Size = spec.Memory / 2 },
        new("/run", "tmpfs", "tmpfs") { Options = "rw,nosuid,nodev,noexec,relatime,mode=755", Size = spec.Memory / 10, Used = 1024 * 1024 },
        new("/", "/dev/sda1", "ext4") { Options = "rw,relatime,errors=remount-ro", Size = spec.Disk, Used = Math.Min(6 * Gibi, spec.Disk / 4) },
        new("/dev/shm", "tmpfs", "tmpfs") { Options = "rw,nosuid,nodev", Size = spec.Memory / 2 },
        new("/sys/fs/cgroup", "cgroup2", "cgroup2") { Options = "rw,nosuid,nodev,noexec,relatime" },
        new("/boot/efi", "/dev/sda15", "vfat") { Options = "rw,relatime,umask=0077", Size = 512 << 20, Used = 9 << 20 },
    ];

    internal static IEnumerable<SimulatedUnit> Units(bool hasDocker)
    {
        yield return new SimulatedUnit("systemd-journald.service", "Journal Service");
        yield return new SimulatedUnit("dbus.service", "D-Bus System Message Bus");
        yield return new SimulatedUnit("cron.service", "Regular background program processing daemon");
        yield return new SimulatedUnit("ssh.service", "OpenBSD Secure Shell server");
        if (!hasDocker) yield break;
        yield return new SimulatedUnit("containerd.service", "containerd container runtime") { Memory = 40 << 20 };
        yield return new SimulatedUnit("docker.service", "Docker Application Container Engine") { Memory = 90 << 20, CpuPercent = 0.5 };
    }
}
