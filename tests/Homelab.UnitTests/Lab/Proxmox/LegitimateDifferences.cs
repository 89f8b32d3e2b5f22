using System.IO.Enumeration;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What need not be as it was recorded, and why. Each entry is used, or the test that reads it fails.</summary>
internal static class LegitimateDifferences
{
    /// <summary>Exchanges that cannot be replayed: recording, line, why.</summary>
    internal static IReadOnlyList<(string Recording, string Request, string Reason)> NotReplayed { get; } =
    [
        ("02-errors", "GET */agent/exec-status*", "The guest agent's commands are still to come."),
        ("08-lxc", "PUT /api2/json/nodes/pve/lxc/210/config cores=2&mp0=*", "The recording's machine could not change AppArmor profiles, so a container took no mount point while it ran."),
    ];

    /// <summary>Parts of answers that may differ: recording, request and place with wildcards, why.</summary>
    internal static IReadOnlyList<(string Recording, string Request, string At, string Reason)> Parts { get; } =
    [
        ("03-nodes-cluster", "GET */status", "data.current-kernel.*", "What the recording's machine was made of."),
        ("03-nodes-cluster", "GET */status", "data.cpuinfo.*", "What the recording's machine was made of."),
        ("03-nodes-cluster", "GET */status", "data.kversion", "What the recording's machine was made of."),
        ("03-nodes-cluster", "GET */status", "data.memory.available", "What the recording's machine was made of."),
        ("03-nodes-cluster", "GET */services", "data?service=*", "What the recording's machine ran: no systemd, and daemons that were started by hand."),
        ("03-nodes-cluster", "GET */services/*/state", "data.unit-state", "What the recording's machine ran: no systemd, and daemons that were started by hand."),
        ("03-nodes-cluster", "GET */apt/versions", "data?Package=*", "Which packages there are, and the vendor's long words about them."),
        ("03-nodes-cluster", "GET */certificates/info", "data?0?.public-key-*", "Keys are elliptic here: RSA takes a second to make."),
        ("03-nodes-cluster", "GET */certificates/info", "data?1?.public-key-*", "Keys are elliptic here: RSA takes a second to make."),
        ("03-nodes-cluster", "GET */rrddata*", "data*", "How long the recording's machine had been up, and how much it had to do."),
        ("03-nodes-cluster", "GET */syslog*", "*", "What the recording's machine had written before."),
        ("03-nodes-cluster", "GET */qemu/machines", "data?id=*", "A few of the machine types stand for all."),
        ("03-nodes-cluster", "GET */qemu/cpu", "data?name=*", "A few of the processors stand for all."),
        ("03-nodes-cluster", "GET */hardware/pci", "data?id=*", "One device stands for all."),
        ("03-nodes-cluster", "GET */cluster/resources*", "data?*.maxdisk", "While a container runs, its size is what its file system measures."),
        ("03-nodes-cluster", "GET */cluster/tasks", "data", "What had run before the recording began."),
        ("03-nodes-cluster", "GET */cluster/log*", "data?id=*", "What had been written before the recording began."),
        ("03-nodes-cluster", "GET */tasks/*aptupdate*/log*", "*", "The recording's machine reached no mirror."),
        ("04-storage", "GET */tasks/*imgcopy*/log*", "data?n=??.t", "An upload's temporary name is drawn by lot."),
        ("04-storage", "GET */tasks/*download*/log*", "data?n=2?.t", "The line tells the time."),
        ("12-tasks", "GET /api2/json/cluster/tasks", "data?3?.saved", "Perl does not tell 1 from \"1\", and did not here."),
        ("12-tasks", "GET */tasks/*qmshutdown*/log", "data?n=1?.t", "The recording's task was asking the guest agent when it was interrupted."),
        ("12-tasks", "GET */tasks/*/log?download=1", "header Content-Disposition", "The file's name tells the time."),
        ("12-tasks", "GET */tasks/*startall*/log*", "*", "Another process held the guest's lock in the recording."),
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
