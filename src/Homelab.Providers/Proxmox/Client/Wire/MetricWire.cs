using System.Text.Json.Serialization;

namespace Homelab.Providers.Proxmox;

/// <summary>A point of <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/rrddata</c>. Where nothing was recorded only the time is there.</summary>
internal sealed record MetricWire
{
    [JsonPropertyName("time")]
    public long? Time { get; init; }

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

    [JsonPropertyName("netin")]
    public double? NetworkIn { get; init; }

    [JsonPropertyName("netout")]
    public double? NetworkOut { get; init; }

    [JsonPropertyName("diskread")]
    public double? DiskRead { get; init; }

    [JsonPropertyName("diskwrite")]
    public double? DiskWrite { get; init; }
}
