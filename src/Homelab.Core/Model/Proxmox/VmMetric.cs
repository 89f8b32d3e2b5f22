namespace Homelab;

/// <summary>What a guest used over a span of time, as its node has recorded it. A figure is null where nothing was recorded: the guest or its node was off.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/rrddata</c>.</remarks>
public sealed record VmMetric
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>The time that the span belongs to, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Processor time used, as a fraction of <see cref="MaxCpu"/>: 0 to 1.</summary>
    public double? Cpu { get; init; }

    /// <summary>Processors it could use.</summary>
    public double? MaxCpu { get; init; }

    /// <summary>Memory in use, bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory it could use, bytes.</summary>
    public long? MaxMemory { get; init; }

    /// <summary>Space in use on its root disk, bytes. Always 0 for virtual machines.</summary>
    public long? Disk { get; init; }

    /// <summary>Size of its root disk, bytes.</summary>
    public long? MaxDisk { get; init; }

    /// <summary>Received, bytes a second.</summary>
    public double? NetworkIn { get; init; }

    /// <summary>Sent, bytes a second.</summary>
    public double? NetworkOut { get; init; }

    /// <summary>Read from its disks, bytes a second.</summary>
    public double? DiskRead { get; init; }

    /// <summary>Written to its disks, bytes a second.</summary>
    public double? DiskWrite { get; init; }
}

/// <summary>How far back metrics go; the longer, the coarser.</summary>
public enum MetricTimeframe
{
    /// <summary>The last hour, a point a minute.</summary>
    Hour,

    /// <summary>The last day.</summary>
    Day,

    /// <summary>The last week.</summary>
    Week,

    /// <summary>The last month.</summary>
    Month,

    /// <summary>The last year.</summary>
    Year,
}

/// <summary>What stands for a span of time.</summary>
public enum MetricFunction
{
    /// <summary>The mean.</summary>
    Average,

    /// <summary>The greatest.</summary>
    Max,
}
