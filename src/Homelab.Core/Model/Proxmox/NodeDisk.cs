namespace Homelab;

/// <summary>A disk of a node, and how its own SMART diagnosis judges it.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/disks/list</c>.</remarks>
public sealed record NodeDisk
{
    /// <summary>Its node.</summary>
    public required string Node { get; init; }

    /// <summary>Its device: <c>/dev/sda</c>, <c>/dev/nvme0n1</c>.</summary>
    public required string Path { get; init; }

    /// <summary>What its SMART diagnosis says of it.</summary>
    public required DiskHealth Health { get; init; }

    /// <summary>How much of its rated life is used up: 0 to 1. Null where it does not tell, as hard disks never do.</summary>
    public double? Wear { get; init; }

    /// <summary>What kind of disk, in Proxmox' word: <c>hdd</c>, <c>ssd</c>, <c>nvme</c>, <c>usb</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Its maker.</summary>
    public string Vendor { get; init; } = "";

    /// <summary>Its model.</summary>
    public string Model { get; init; } = "";

    /// <summary>Its serial number.</summary>
    public string Serial { get; init; } = "";

    /// <summary>Its size, bytes.</summary>
    public long Size { get; init; }

    /// <summary>What it is used for, in Proxmox' word: <c>LVM</c>, <c>ZFS</c>, <c>partitions</c>, <c>mounted</c>. Empty when it is not used.</summary>
    public string UsedFor { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Path}@{Node}";
}

/// <summary>What the SMART diagnosis of a disk says.</summary>
public enum DiskHealth
{
    /// <summary>It tells nothing, as virtual disks and those behind a RAID controller. Never counts as healthy.</summary>
    Unknown,

    /// <summary>It says that it has failed or is about to.</summary>
    Failed,

    /// <summary>It finds nothing wrong.</summary>
    Passed,
}
