using System.IO.Enumeration;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What need not be as it was recorded, and why. Each entry is used, or the test that reads it fails.</summary>
internal static class LegitimateDifferences
{
    /// <summary>Exchanges that cannot be replayed: recording, line, why.</summary>
    internal static IReadOnlyList<(string Recording, string Request, string Reason)> NotReplayed { get; } =
    [
        ("08-lxc", "PUT /api2/json/nodes/pve/lxc/210/config cores=2&mp0=*", "The recording's machine could not change AppArmor profiles, so a container took no mount point while it ran."),
    ];

    /// <summary>Recordings that are not replayed yet: their routes are still to come.</summary>
    internal static IReadOnlyList<string> NotYet { get; } = ["01-auth", "02-errors", "03-nodes-cluster", "04-storage", "12-tasks"];

    /// <summary>Parts of answers that may differ: recording, request and place with wildcards, why.</summary>
    internal static IReadOnlyList<(string Recording, string Request, string At, string Reason)> Parts { get; } =
    [
        ("05-qemu-lifecycle", "GET */cloudinit/dump*", "data", "The hash of a password has salt."),
        ("05-qemu-lifecycle", "GET */cluster/resources*", "data?vmid=110?.status", "The recording shows the lag of this list; here nothing lags unless it is told to."),
        ("05-qemu-lifecycle", "GET */cluster/resources*", "data?vmid=200?.maxdisk", "While a container runs, its size is what its file system measures."),
        ("08-lxc", "GET *", "data*.maxdisk", "While a container runs, its size is what its file system measures."),
        ("08-lxc", "GET */lxc/210/interfaces", "data?name=eth0?.*", "The recording's network gave another address than was configured, and the other follows from a card's own."),
        ("08-lxc", "GET */tasks/*resize*/log*", "*", "The recording's machine could not grow a mounted file system."),
        ("08-lxc", "GET */tasks/*vzclone*/log*", "*", "The recording's machine could not mount a disk twice, and said so at length."),
    ];

    internal static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);
}
