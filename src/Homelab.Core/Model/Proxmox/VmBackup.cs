namespace Homelab;

/// <summary>A backup of a guest, as its storage lists it.</summary>
/// <remarks>Proxmox API: an entry of <c>GET /nodes/{node}/storage/{storage}/content?content=backup</c>.</remarks>
public sealed record VmBackup : IMayLeaveTask
{
    /// <summary>What Proxmox calls it: <c>local:backup/vzdump-qemu-100-2026_11_21-00_35_24.vma.zst</c>. Empty while it is being made.</summary>
    public required string VolumeId { get; init; }

    /// <summary>The storage it lies on.</summary>
    public required string Storage { get; init; }

    /// <summary>A node that can read it. Of a storage that is not shared, the only one.</summary>
    public required string Node { get; init; }

    /// <summary>The VMID that the guest had; that guest may be gone, and its VMID given to another.</summary>
    public int VmId { get; init; }

    /// <summary>Virtual machine or container; null when the storage does not tell.</summary>
    public VmKind? Kind { get; init; }

    /// <summary>When it was made, UTC. Null where the storage does not tell.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its size, bytes. Of a backup server the size of the disks, not the space that it takes there.</summary>
    public long Size { get; init; }

    /// <summary>What kind of file it is: <c>vma.zst</c>, <c>tar.zst</c>, <c>pbs-vm</c>.</summary>
    public string Format { get; init; } = "";

    /// <summary>What somebody wrote about it.</summary>
    public string Notes { get; init; } = "";

    /// <summary>True when neither pruning nor anybody may remove it.</summary>
    public bool Protected { get; init; }

    /// <summary>True when it is encrypted, as a backup server can.</summary>
    public bool Encrypted { get; init; }

    /// <summary>What a backup server's verification found: <c>ok</c>, <c>failed</c>. Empty where none was made.</summary>
    public string Verification { get; init; } = "";

    /// <summary>The task that made it; null in what was only read.</summary>
    public ProxmoxTask? Task { get; init; }

    /// <inheritdoc/>
    public override string ToString() => VolumeId.Length == 0 ? $"backup of {VmId} on {Storage}" : VolumeId;
}

/// <summary>What becomes of a running guest while it is backed up.</summary>
public enum BackupMode
{
    /// <summary>It goes on; its disks are as of one moment.</summary>
    Snapshot,

    /// <summary>It is halted for a while.</summary>
    Suspend,

    /// <summary>It is shut down, and started again.</summary>
    Stop,
}

/// <summary>How a backup is compressed.</summary>
public enum BackupCompression
{
    /// <summary>Fast and small.</summary>
    Zstd,

    /// <summary>For old tools.</summary>
    Gzip,

    /// <summary>Fast and large.</summary>
    Lzo,

    /// <summary>Not at all.</summary>
    None,
}
