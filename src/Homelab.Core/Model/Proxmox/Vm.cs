namespace Homelab;

/// <summary>A guest of Proxmox VE: a virtual machine or a system container (LXC), as the whole cluster is listed.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/resources?type=vm</c>. The node refreshes these figures about every ten seconds; what must be true now is in <see cref="VmDetail"/>.
/// </remarks>
public record Vm
{
    /// <summary>Its VMID, unique in the cluster.</summary>
    public required int Id { get; init; }

    /// <summary>Its name; <c>VM 100</c> or <c>CT 100</c> where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The node it lives on.</summary>
    public required string Node { get; init; }

    /// <summary>Virtual machine or container.</summary>
    public required VmKind Kind { get; init; }

    /// <summary>What it is doing.</summary>
    public required VmState State { get; init; }

    /// <summary>Processor time used now, as a fraction of <see cref="MaxCpu"/>: 0 to 1.</summary>
    public double Cpu { get; init; }

    /// <summary>Processors it may use. Not always whole: a container may be limited to one and a half.</summary>
    public double MaxCpu { get; init; }

    /// <summary>Memory in use, bytes.</summary>
    public long Memory { get; init; }

    /// <summary>Memory it may use, bytes.</summary>
    public long MaxMemory { get; init; }

    /// <summary>Space in use on its root disk, bytes. Always 0 for virtual machines: Proxmox does not look into their disks.</summary>
    public long Disk { get; init; }

    /// <summary>Size of its root disk, bytes.</summary>
    public long MaxDisk { get; init; }

    /// <summary>How long it has been running; zero when it does not.</summary>
    public TimeSpan Uptime { get; init; }

    /// <summary>Its tags, in order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The pool it belongs to; null when none, or when the list was not asked for pools.</summary>
    public string? Pool { get; init; }

    /// <summary>Why Proxmox keeps it locked: <c>backup</c>, <c>migrate</c>, <c>snapshot</c>, <c>suspended</c>. Null when it is not.</summary>
    public string? Lock { get; init; }

    /// <summary>What the high-availability manager wants of it: <c>started</c>, <c>stopped</c>, <c>error</c>. Null when it is not managed.</summary>
    public string? HaState { get; init; }

    /// <summary>True when it is a template: it can be cloned, never started.</summary>
    public bool Template { get; init; }

    /// <inheritdoc/>
    // Sealed: a derived record would otherwise print all its members.
    public sealed override string ToString() => new VmRef(this).ToString();
}

/// <summary>What kind of guest it is; the words are those of the API's paths.</summary>
public enum VmKind
{
    /// <summary>A virtual machine (QEMU/KVM).</summary>
    Qemu,

    /// <summary>A system container (LXC).</summary>
    Lxc,
}

/// <summary>What Proxmox says a guest is doing.</summary>
public enum VmState
{
    /// <summary>Its node does not answer, or used a word we do not know. Never counts as running.</summary>
    Unknown,

    /// <summary>It does not run. A hibernated one is stopped and has the lock <c>suspended</c>.</summary>
    Stopped,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is there, but its processors stand still: paused, or halted by an error of its disk.</summary>
    Paused,
}
