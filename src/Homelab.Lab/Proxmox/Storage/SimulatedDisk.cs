namespace Homelab.Lab.Proxmox;

/// <summary>A disk of a node.</summary>
/// <param name="Device">Where: <c>/dev/sda</c>.</param>
/// <param name="Model">What it calls itself.</param>
/// <param name="Serial">Its number.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Health">What it says of itself: <c>PASSED</c>, <c>FAILED</c>, <c>UNKNOWN</c>.</param>
/// <param name="Type"><c>ssd</c>, <c>hdd</c> or <c>nvme</c>.</param>
/// <param name="Wearout">What is left of its life in percent; null when it does not say.</param>
/// <param name="Used">What uses it: <c>ZFS</c>, <c>LVM</c>; null for nothing.</param>
public sealed record SimulatedDisk(string Device, string Model, string Serial, long Size, string Health = "PASSED", string Type = "ssd", int? Wearout = 97, string? Used = null);

/// <summary>A ZFS pool of a node.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Health"><c>ONLINE</c>, <c>DEGRADED</c>, <c>FAULTED</c>.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Allocated">What is used of it, in bytes.</param>
public sealed record SimulatedZpool(string Name, string Health, long Size, long Allocated)
{
    /// <summary>Its disks and how each is: device, state.</summary>
    public IReadOnlyList<(string Device, string State)> Members { get; init; } = [("sda", "ONLINE"), ("sdb", "ONLINE")];

    /// <summary>What the last scrub found.</summary>
    public string Scan { get; init; } = "scrub repaired 0B in 00:12:08 with 0 errors on Sun Nov  8 00:36:09 2026";

    /// <summary>Data errors.</summary>
    public string Errors { get; init; } = "No known data errors";

    /// <summary>How broken up its free space is, in percent.</summary>
    public int Fragmentation { get; init; } = 4;
}

/// <summary>An update that waits for a node.</summary>
/// <param name="Package">The package.</param>
/// <param name="OldVersion">The version it has.</param>
/// <param name="Version">The version that waits.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Title">What the package is.</param>
public sealed record SimulatedUpdate(string Package, string OldVersion, string Version, string Origin = "Debian", string Title = "");
