namespace Homelab.Lab.Proxmox;

/// <summary>The names that disks can have in a configuration.</summary>
internal static class DiskNames
{
    /// <summary>Those of a VM.</summary>
    internal static IReadOnlyList<string> Machine { get; } = [.. Numbered("ide", 4), .. Numbered("scsi", 31), .. Numbered("virtio", 16), .. Numbered("sata", 6), "efidisk0", "tpmstate0"];

    /// <summary>Those of a container.</summary>
    internal static IReadOnlyList<string> Container { get; } = ["rootfs", .. Numbered("mp", 256)];

    /// <summary>Those of what was detached.</summary>
    internal static IReadOnlyList<string> Unused { get; } = [.. Numbered("unused", 256)];

    private static IEnumerable<string> Numbered(string stem, int count) => Enumerable.Range(0, count).Select(i => stem + GuestCalls.Id(i));
}
