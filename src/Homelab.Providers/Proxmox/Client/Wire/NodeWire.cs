using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /nodes</c>.</summary>
internal sealed record NodeWire
{
    [JsonPropertyName("node")]
    public string? Node { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("cpu")]
    public double? Cpu { get; init; }

    [JsonPropertyName("maxcpu")]
    public double? MaxCpu { get; init; }

    [JsonPropertyName("mem")]
    public long? Memory { get; init; }

    [JsonPropertyName("maxmem")]
    public long? MaxMemory { get; init; }

    [JsonPropertyName("disk")]
    public long? Disk { get; init; }

    [JsonPropertyName("maxdisk")]
    public long? MaxDisk { get; init; }

    [JsonPropertyName("uptime")]
    public long? Uptime { get; init; }

    [JsonPropertyName("ssl_fingerprint")]
    public string? Fingerprint { get; init; }
}

/// <summary><c>GET /nodes/{node}/status</c>.</summary>
internal sealed record NodeStatusWire
{
    [JsonPropertyName("cpu")]
    public double? Cpu { get; init; }

    [JsonPropertyName("uptime")]
    public long? Uptime { get; init; }

    [JsonPropertyName("loadavg")]
    public double[]? Load { get; init; }

    [JsonPropertyName("memory")]
    public SpaceWire? Memory { get; init; }

    [JsonPropertyName("swap")]
    public SpaceWire? Swap { get; init; }

    [JsonPropertyName("rootfs")]
    public SpaceWire? RootFs { get; init; }

    [JsonPropertyName("cpuinfo")]
    public CpuWire? CpuInfo { get; init; }

    /// <summary><c>pve-manager/9.1.9/ee7bad0a3d1546c9</c>.</summary>
    [JsonPropertyName("pveversion")]
    public string? PveVersion { get; init; }

    [JsonPropertyName("current-kernel")]
    public KernelWire? Kernel { get; init; }

    /// <summary><c>Linux 6.8.12-1-pve #1 SMP …</c>: all that older nodes say of their kernel.</summary>
    [JsonPropertyName("kversion")]
    public string? KernelText { get; init; }
}

/// <summary>Some space, in bytes.</summary>
internal sealed record SpaceWire
{
    [JsonPropertyName("used")]
    public long? Used { get; init; }

    [JsonPropertyName("total")]
    public long? Total { get; init; }
}

/// <summary>A node's processors.</summary>
internal sealed record CpuWire
{
    [JsonPropertyName("cpus")]
    public double? Cpus { get; init; }

    [JsonPropertyName("model")]
    public string? Model { get; init; }
}

/// <summary>A node's kernel.</summary>
internal sealed record KernelWire
{
    [JsonPropertyName("release")]
    public string? Release { get; init; }
}

/// <summary>An entry of <c>GET /nodes/{node}/apt/update</c>.</summary>
internal sealed record UpdateWire
{
    [JsonPropertyName("Package")]
    public string? Package { get; init; }

    [JsonPropertyName("OldVersion")]
    public string? OldVersion { get; init; }

    [JsonPropertyName("Version")]
    public string? Version { get; init; }

    [JsonPropertyName("Origin")]
    public string? Origin { get; init; }

    [JsonPropertyName("Section")]
    public string? Section { get; init; }

    [JsonPropertyName("Priority")]
    public string? Priority { get; init; }

    [JsonPropertyName("Title")]
    public string? Title { get; init; }
}
