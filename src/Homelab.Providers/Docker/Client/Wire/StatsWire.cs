using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

internal sealed record StatsWire
{
    [JsonPropertyName("read")]
    public string? Read { get; init; }

    [JsonPropertyName("cpu_stats")]
    public CpuWire? Cpu { get; init; }

    [JsonPropertyName("precpu_stats")]
    public CpuWire? PreviousCpu { get; init; }

    [JsonPropertyName("memory_stats")]
    public MemoryWire? Memory { get; init; }

    [JsonPropertyName("pids_stats")]
    public PidsWire? Pids { get; init; }

    [JsonPropertyName("networks")]
    public Dictionary<string, NetworkWire?>? Networks { get; init; }

    [JsonPropertyName("blkio_stats")]
    public DiskWire? Disk { get; init; }
}

internal sealed record CpuWire
{
    [JsonPropertyName("cpu_usage")]
    public CpuUsageWire? Usage { get; init; }

    /// <summary>Nanoseconds of all cores together.</summary>
    [JsonPropertyName("system_cpu_usage")]
    public ulong System { get; init; }

    [JsonPropertyName("online_cpus")]
    public uint Online { get; init; }
}

internal sealed record CpuUsageWire
{
    /// <summary>Nanoseconds.</summary>
    [JsonPropertyName("total_usage")]
    public ulong Total { get; init; }

    [JsonPropertyName("percpu_usage")]
    public ulong[]? PerCpu { get; init; }
}

internal sealed record MemoryWire
{
    [JsonPropertyName("usage")]
    public ulong Usage { get; init; }

    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }

    [JsonPropertyName("stats")]
    public Dictionary<string, ulong>? Stats { get; init; }
}

internal sealed record PidsWire
{
    [JsonPropertyName("current")]
    public ulong Current { get; init; }
}

internal sealed record NetworkWire
{
    [JsonPropertyName("rx_bytes")]
    public ulong Received { get; init; }

    [JsonPropertyName("tx_bytes")]
    public ulong Sent { get; init; }
}

internal sealed record DiskWire
{
    [JsonPropertyName("io_service_bytes_recursive")]
    public DiskEntryWire?[]? Bytes { get; init; }
}

internal sealed record DiskEntryWire
{
    [JsonPropertyName("op")]
    public string? Operation { get; init; }

    [JsonPropertyName("value")]
    public ulong Value { get; init; }
}
