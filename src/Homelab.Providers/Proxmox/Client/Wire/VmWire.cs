using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>An entry of <c>GET /cluster/resources</c>. Which keys it has depends on its type.</summary>
internal sealed record ResourceWire
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("vmid")]
    public long? VmId { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

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

    [JsonPropertyName("template")]
    public bool? Template { get; init; }

    [JsonPropertyName("tags")]
    public string? Tags { get; init; }

    [JsonPropertyName("pool")]
    public string? Pool { get; init; }

    [JsonPropertyName("lock")]
    public string? Lock { get; init; }

    [JsonPropertyName("hastate")]
    public string? HaState { get; init; }

    [JsonPropertyName("storage")]
    public string? Storage { get; init; }

    [JsonPropertyName("plugintype")]
    public string? PluginType { get; init; }

    /// <summary>What a storage may hold, separated by commas.</summary>
    [JsonPropertyName("content")]
    public string? Content { get; init; }

    [JsonPropertyName("shared")]
    public bool? Shared { get; init; }
}

/// <summary><c>GET /nodes/{node}/{qemu|lxc}/{vmid}/status/current</c>.</summary>
internal sealed record VmStatusWire
{
    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("qmpstatus")]
    public string? QmpStatus { get; init; }

    [JsonPropertyName("pid")]
    public long? Pid { get; init; }

    [JsonPropertyName("cpu")]
    public double? Cpu { get; init; }

    [JsonPropertyName("cpus")]
    public double? Cpus { get; init; }

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

    [JsonPropertyName("template")]
    public bool? Template { get; init; }

    [JsonPropertyName("tags")]
    public string? Tags { get; init; }

    [JsonPropertyName("lock")]
    public string? Lock { get; init; }

    [JsonPropertyName("agent")]
    public bool? Agent { get; init; }

    [JsonPropertyName("ha")]
    public HaWire? Ha { get; init; }

    [JsonPropertyName("netin")]
    public long? NetworkIn { get; init; }

    [JsonPropertyName("netout")]
    public long? NetworkOut { get; init; }

    [JsonPropertyName("diskread")]
    public long? DiskRead { get; init; }

    [JsonPropertyName("diskwrite")]
    public long? DiskWrite { get; init; }
}

/// <summary>What the high-availability manager knows of a guest.</summary>
internal sealed record HaWire
{
    [JsonPropertyName("managed")]
    public bool? Managed { get; init; }

    [JsonPropertyName("state")]
    public string? State { get; init; }
}
