namespace Homelab;

/// <summary>What a host says of itself: system, kernel, uptime, load, memory, and whether it wants to be restarted.</summary>
/// <remarks><c>/proc</c>, <c>/etc/os-release</c>, <c>systemctl is-system-running</c>, <c>/run/reboot-required</c>. What a host cannot tell is null or empty.</remarks>
public sealed record HostSystem
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>What it calls itself.</summary>
    public string HostName { get; init; } = "";

    /// <summary>Its system, for people: <c>Debian GNU/Linux 12 (bookworm)</c>.</summary>
    public string Os { get; init; } = "";

    /// <summary>Its system, for programs: <c>debian</c>, <c>alpine</c>, <c>openwrt</c>.</summary>
    public string OsId { get; init; } = "";

    /// <summary>The release of its system: <c>12</c>, <c>3.20.1</c>.</summary>
    public string OsVersion { get; init; } = "";

    /// <summary>The kernel's release: <c>6.1.0-18-amd64</c>.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>The kernel's architecture: <c>x86_64</c>, <c>aarch64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The hardware, or what plays it: <c>Raspberry Pi 4 Model B Rev 1.4</c>, <c>QEMU Standard PC</c>.</summary>
    public string Model { get; init; } = "";

    /// <summary>What it runs in, as systemd calls it: <c>none</c>, <c>kvm</c>, <c>lxc</c>, <c>docker</c>.</summary>
    public string Virtualization { get; init; } = "";

    /// <summary>How long it has been up.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>When it was started, by its own clock.</summary>
    public DateTimeOffset? BootedAt { get; init; }

    /// <summary>The id of this start; another one after each restart. A container shares it with its host.</summary>
    public string BootId { get; init; } = "";

    /// <summary>How many tasks wanted a processor over the last minute.</summary>
    public double? Load1 { get; init; }

    /// <summary>The same over five minutes.</summary>
    public double? Load5 { get; init; }

    /// <summary>The same over fifteen minutes.</summary>
    public double? Load15 { get; init; }

    /// <summary>Its processors.</summary>
    public int? Cpus { get; init; }

    /// <summary>Its memory in bytes.</summary>
    public long? MemoryTotal { get; init; }

    /// <summary>What of it new programs can have without swapping, in bytes.</summary>
    public long? MemoryAvailable { get; init; }

    /// <summary>How many sessions are open at terminals.</summary>
    public int? Sessions { get; init; }

    /// <summary>What systemd says of the whole: <c>running</c>, <c>degraded</c>, <c>starting</c>. Empty where there is no systemd.</summary>
    public string State { get; init; } = "";

    /// <summary>How many units have failed; null where there is no systemd.</summary>
    public int? FailedUnits { get; init; }

    /// <summary>True when it wants to be restarted, false when what would tell says no, null when nothing there can tell.</summary>
    public bool? RebootPending { get; init; }

    /// <summary>Why it wants to be restarted: packages, or what was found.</summary>
    public IReadOnlyList<string> RebootReasons { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Host;
}
