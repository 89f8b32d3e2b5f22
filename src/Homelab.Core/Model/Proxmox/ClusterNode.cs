namespace Homelab;

/// <summary>A machine that runs Proxmox VE.</summary>
/// <remarks>Proxmox API: <c>GET /nodes</c>, <c>/nodes/{node}/status</c>.</remarks>
public sealed record ClusterNode
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>True when the cluster sees it and it answered for itself.</summary>
    public required bool Online { get; init; }

    /// <summary>Why less is known of it than should be; empty when all is known.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Processor time used now, as a fraction of <see cref="MaxCpu"/>: 0 to 1.</summary>
    public double Cpu { get; init; }

    /// <summary>Its processors, threads counted.</summary>
    public double MaxCpu { get; init; }

    /// <summary>The processor's model.</summary>
    public string CpuModel { get; init; } = "";

    /// <summary>How many tasks wanted a processor in the last 1, 5 and 15 minutes; empty when not known.</summary>
    public IReadOnlyList<double> Load { get; init; } = [];

    /// <summary>Memory in use, bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Its memory, bytes.</summary>
    public long MaxMemory { get; init; }

    /// <summary>Swap space in use, bytes.</summary>
    public long Swap { get; init; }

    /// <summary>Its swap space, bytes.</summary>
    public long MaxSwap { get; init; }

    /// <summary>Space in use on its root file system, bytes.</summary>
    public long Disk { get; init; }

    /// <summary>Size of its root file system, bytes.</summary>
    public long MaxDisk { get; init; }

    /// <summary>How long it has been running.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Its version of Proxmox VE: <c>9.1.9</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>The kernel it runs: <c>6.14.8-2-pve</c>.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>SHA-256 of its certificate, as <c>providers.proxmox.tls.sha256</c> takes it.</summary>
    public string Fingerprint { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Name;
}
