namespace Homelab;

/// <summary>A disk or CD drive of a virtual machine, or a mount point of a container.</summary>
public sealed record VmDisk
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Its name: <c>scsi0</c>, <c>rootfs</c>, <c>mp1</c>; <c>unused0</c> where it is attached to nothing.</summary>
    public required string Disk { get; init; }

    /// <summary>What it is attached to: <c>scsi</c>, <c>virtio</c>, <c>sata</c>, <c>ide</c>, <c>efidisk</c>, <c>tpmstate</c>, <c>rootfs</c>, <c>mp</c>, <c>unused</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>Its number there; 0 where there is only one.</summary>
    public int Index { get; init; }

    /// <summary>The storage that its volume is on; empty for a device or folder of the node, and for an empty drive.</summary>
    public string Storage { get; init; } = "";

    /// <summary>Its volume on that storage, or the path on the node; empty for an empty drive.</summary>
    public string Volume { get; init; } = "";

    /// <summary>Its size, bytes; null where the configuration does not say.</summary>
    public long? Size { get; init; }

    /// <summary>True for a CD drive.</summary>
    public bool Cdrom { get; init; }

    /// <summary>Where a container sees it; empty for virtual machines.</summary>
    public string Mount { get; init; } = "";

    /// <summary>Everything else that is set for it, by its key: <c>discard</c>, <c>ssd</c>, <c>backup</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Disk;
}
