namespace Homelab;

/// <summary>A ZFS pool of a node.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/disks/zfs</c>, and <c>/disks/zfs/{name}</c> for what is only told in detail. The CLI's <c>zpool list</c>, <c>zpool status</c>.</remarks>
public sealed record ZfsPool
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its node.</summary>
    public required string Node { get; init; }

    /// <summary>How it is.</summary>
    public required ZfsHealth Health { get; init; }

    /// <summary>Its size, bytes; parity counted.</summary>
    public long Size { get; init; }

    /// <summary>Space in use, bytes; parity counted.</summary>
    public long Allocated { get; init; }

    /// <summary>Free space, bytes.</summary>
    public long Free { get; init; }

    /// <summary>How scattered the free space is: 0 to 1.</summary>
    public double Fragmentation { get; init; }

    /// <summary>How many times the data that is stored once is used: 1 where nothing is deduplicated.</summary>
    public double Deduplication { get; init; } = 1;

    /// <summary>The last or present scrub or resilver, in ZFS' words. Only in detail.</summary>
    public string Scan { get; init; } = "";

    /// <summary>What ZFS says of errors of its data: <c>No known data errors</c>. Only in detail.</summary>
    public string Errors { get; init; } = "";

    /// <summary>What ZFS says is wrong. Only in detail, and empty when nothing is.</summary>
    public string Status { get; init; } = "";

    /// <summary>What ZFS says should be done. Only in detail, and empty when nothing should.</summary>
    public string Action { get; init; } = "";

    /// <summary>What it is made of, groups before their members. Only in detail.</summary>
    public IReadOnlyList<ZfsDevice> Devices { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Node}";
}

/// <summary>A disk of a ZFS pool, or a group of them.</summary>
public sealed record ZfsDevice
{
    /// <summary>Its name: <c>mirror-0</c>, <c>nvme-eui.0025385b71b0a1c3-part3</c>.</summary>
    public required string Name { get; init; }

    /// <summary>How deep it stands: 0 for the pool itself.</summary>
    public int Depth { get; init; }

    /// <summary>How it is; unknown of sections that have no state.</summary>
    public ZfsHealth Health { get; init; }

    /// <summary>Reads that failed.</summary>
    public long ReadErrors { get; init; }

    /// <summary>Writes that failed.</summary>
    public long WriteErrors { get; init; }

    /// <summary>Data that was not what had been written.</summary>
    public long ChecksumErrors { get; init; }

    /// <summary>What ZFS says of it; mostly nothing.</summary>
    public string Message { get; init; } = "";
}

/// <summary>How a ZFS pool or device is; the words are those of ZFS.</summary>
public enum ZfsHealth
{
    /// <summary>Nothing was said, or a word we do not know. Never counts as online.</summary>
    Unknown,

    /// <summary>All is well.</summary>
    Online,

    /// <summary>A device is missing or broken; the data is still whole.</summary>
    Degraded,

    /// <summary>It cannot be used: too much of it is broken.</summary>
    Faulted,

    /// <summary>Switched off by its administrator.</summary>
    Offline,

    /// <summary>It was there, and is no more.</summary>
    Removed,

    /// <summary>It cannot be opened.</summary>
    Unavail,

    /// <summary>It has stopped after errors of its disks.</summary>
    Suspended,

    /// <summary>A spare that waits.</summary>
    Avail,
}
