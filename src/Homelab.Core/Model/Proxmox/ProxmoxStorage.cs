namespace Homelab;

/// <summary>A storage of Proxmox VE: where disks, backups, images of CDs and templates of containers lie.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/resources?type=storage</c>, one call however many nodes there are; its figures are some seconds old. A shared storage is one, on many
/// nodes; one that is not is listed for each node that has it.
/// </remarks>
public sealed record ProxmoxStorage
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>A node that reaches it: the one it is on, or of a shared one the first for which it is available.</summary>
    public required string Node { get; init; }

    /// <summary>Every node that has it.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>True when it is the same on all of its nodes.</summary>
    public bool Shared { get; init; }

    /// <summary>Whether it can be used now.</summary>
    public required StorageState State { get; init; }

    /// <summary>What it is made of, in Proxmox' word: <c>dir</c>, <c>lvmthin</c>, <c>zfspool</c>, <c>nfs</c>, <c>pbs</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>What it may hold, in Proxmox' words: <c>images</c>, <c>rootdir</c>, <c>iso</c>, <c>vztmpl</c>, <c>backup</c>, <c>snippets</c>.</summary>
    public IReadOnlyList<string> Content { get; init; } = [];

    /// <summary>Space in use, bytes.</summary>
    public long Used { get; init; }

    /// <summary>Its size, bytes. Zero when it is not available.</summary>
    public long Size { get; init; }

    /// <summary>The part that is in use: 0 to 1. Zero when it is not available.</summary>
    public double UsedFraction => Size > 0 ? (double)Used / Size : 0;

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Whether a storage can be used.</summary>
public enum StorageState
{
    /// <summary>Nobody can tell: its node is down, or nothing was said. Never counts as available.</summary>
    Unknown,

    /// <summary>It is configured, and cannot be reached or is switched off.</summary>
    Unavailable,

    /// <summary>It can be used.</summary>
    Available,
}
