using System.Text.Json.Serialization;

namespace Homelab.Host.Web.Rest;

/// <summary>A machine of the cluster as the old clients expect it.</summary>
internal sealed record RestNode
{
    internal const string Unknown = "unknown";

    public required string Node { get; init; }

    /// <summary><c>online</c>, <c>offline</c> or <c>unknown</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Processor time used, as a fraction of <see cref="MaxCpu"/>: 0 to 1.</summary>
    public required double Cpu { get; init; }

    [JsonPropertyName("maxcpu")]
    public required double MaxCpu { get; init; }

    /// <summary>Memory in use, bytes.</summary>
    public required long Memory { get; init; }

    [JsonPropertyName("maxmem")]
    public required long MaxMem { get; init; }

    /// <summary>Space in use on its root file system, bytes.</summary>
    public required long Disk { get; init; }

    [JsonPropertyName("maxdisk")]
    public required long MaxDisk { get; init; }

    /// <summary>Seconds.</summary>
    public required long Uptime { get; init; }

    /// <summary>True when it does not answer: the figures are the last that are known, or none.</summary>
    public required bool Stale { get; init; }

    internal static RestNode Of(ClusterNode node) => new()
    {
        Node = node.Name,
        Status = node.Online ? "online" : "offline",
        Cpu = Math.Clamp(node.Cpu, 0, 1),
        MaxCpu = node.MaxCpu,
        Memory = node.Memory,
        MaxMem = node.MaxMemory,
        Disk = node.Disk,
        MaxDisk = node.MaxDisk,
        Uptime = (long)node.Uptime.TotalSeconds,
        Stale = !node.Online,
    };

    /// <summary>The same when nobody answers any more.</summary>
    internal RestNode Aged() => this with { Status = Unknown, Stale = true };
}
