namespace Homelab;

/// <summary>What a running container uses, computed as <c>docker stats</c> does.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/stats?stream=0</c>; the engine takes two samples a second apart.</remarks>
public sealed record ContainerUsage
{
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The full id.</summary>
    public required string Id { get; init; }

    /// <summary>Share of processor time in percent of one core: 200 is two cores.</summary>
    public required double CpuPercent { get; init; }

    /// <summary>Memory in bytes, without the page cache that the kernel would give back.</summary>
    public required long MemoryUsed { get; init; }

    /// <summary>The limit in bytes: the container's own, or the machine's memory when it has none.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Memory used, in percent of the limit; 0 when the limit is not known.</summary>
    public double MemoryPercent => MemoryLimit > 0 ? (double)MemoryUsed / MemoryLimit * 100 : 0;

    /// <summary>Bytes received on all its networks since it was started.</summary>
    public long NetworkReceived { get; init; }

    /// <summary>Bytes sent on all its networks since it was started.</summary>
    public long NetworkSent { get; init; }

    /// <summary>Bytes read from disks since it was started.</summary>
    public long DiskRead { get; init; }

    /// <summary>Bytes written to disks since it was started.</summary>
    public long DiskWritten { get; init; }

    /// <summary>How many processes and threads it has.</summary>
    public int Processes { get; init; }

    /// <summary>When the second sample was taken, by the engine's clock.</summary>
    public DateTimeOffset At { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Host}";
}
