namespace Homelab;

/// <summary>Something that lies on a storage of Proxmox VE: a disk, a backup, an image of a CD, a template of containers.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/storage/{storage}/content</c>.</remarks>
public sealed record StorageVolume
{
    /// <summary>Its volume id: <c>local:iso/debian-13.iso</c>, <c>local-lvm:vm-100-disk-0</c>.</summary>
    public required string Volume { get; init; }

    /// <summary>The storage it lies on.</summary>
    public required string Storage { get; init; }

    /// <summary>The node that told of it; of a shared storage any of its nodes.</summary>
    public required string Node { get; init; }

    /// <summary>What it is.</summary>
    public required VolumeContent Content { get; init; }

    /// <summary>How it is written: <c>raw</c>, <c>qcow2</c>, <c>iso</c>, <c>tar.zst</c>.</summary>
    public string Format { get; init; } = "";

    /// <summary>Its size, bytes. Of a disk: what the guest sees.</summary>
    public long Size { get; init; }

    /// <summary>The space it takes, bytes; null where the storage does not tell.</summary>
    public long? Used { get; init; }

    /// <summary>The VMID of the guest it belongs to, which need not exist any more; null where it belongs to none.</summary>
    public int? VmId { get; init; }

    /// <summary>When it was made; null where the storage does not tell.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>The first line of what was written to it.</summary>
    public string Notes { get; init; } = "";

    /// <summary>True when it is kept from being deleted and pruned.</summary>
    public bool Protected { get; init; }

    /// <summary>Of a linked clone: the volume it builds on.</summary>
    public string? Parent { get; init; }

    /// <summary>Of a backup on a Proxmox Backup Server: what its last verification found, <c>ok</c> or <c>failed</c>. Null where it was never verified.</summary>
    public string? Verification { get; init; }

    /// <summary>True when a Proxmox Backup Server holds it encrypted.</summary>
    public bool Encrypted { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Volume;
}

/// <summary>What a volume is; the words are Proxmox' own.</summary>
public enum VolumeContent
{
    /// <summary>A word we do not know.</summary>
    Unknown,

    /// <summary>The disk of a virtual machine.</summary>
    Images,

    /// <summary>The file system of a container.</summary>
    Rootdir,

    /// <summary>An image of a CD.</summary>
    Iso,

    /// <summary>A template that containers are made from.</summary>
    Vztmpl,

    /// <summary>A backup.</summary>
    Backup,

    /// <summary>A snippet: hook scripts, cloud-init files.</summary>
    Snippets,

    /// <summary>A foreign disk or appliance, to be imported.</summary>
    Import,
}
