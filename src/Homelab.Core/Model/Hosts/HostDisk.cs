namespace Homelab;

/// <summary>How full a file system of a host is.</summary>
/// <remarks><c>stat -f</c>, else <c>df</c>.</remarks>
public sealed record HostDisk
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The folder it is mounted on: <c>/</c>, <c>/mnt/media</c>.</summary>
    public required string Mount { get; init; }

    /// <summary>The device, or the server's share: <c>/dev/sda1</c>, <c>nas:/tank/media</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>The kind of file system: <c>ext4</c>, <c>zfs</c>, <c>nfs4</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Its size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>What is used, in bytes.</summary>
    public long Used { get; init; }

    /// <summary>What users other than root may still use, in bytes: often less than the rest.</summary>
    public long Available { get; init; }

    /// <summary>How full it is for users other than root, 0 to 1: used of used and available, as <c>df</c> counts. Null where it has no size.</summary>
    public double? Fraction { get; init; }

    /// <summary>Its inodes; 0 where it makes them as they are needed.</summary>
    public long Inodes { get; init; }

    /// <summary>The used ones.</summary>
    public long InodesUsed { get; init; }

    /// <summary>How full it is with inodes, 0 to 1. A file system that has none left is full, however many bytes it has. Null where it makes them as they are needed.</summary>
    public double? InodeFraction { get; init; }

    /// <summary>True when it is mounted to be read only.</summary>
    public bool ReadOnly { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Mount}";
}
