namespace Homelab;

/// <summary>A snapshot of a guest: a moment of its disks, and of its memory where that was kept, to which it can return.</summary>
/// <remarks>Proxmox API: an entry of <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/snapshot</c>.</remarks>
public sealed record VmSnapshot : IMayLeaveTask
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Its name, unique within the guest.</summary>
    public required string Name { get; init; }

    /// <summary>What somebody wrote about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>The snapshot that it was made after; null when it was the first.</summary>
    public string? Parent { get; init; }

    /// <summary>How many snapshots it was made after: 0 for a first one.</summary>
    public int Depth { get; init; }

    /// <summary>When it was made, UTC, by the node's clock. Null while it is being made.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>True when the memory was kept too: a return to it goes on running where it was.</summary>
    public bool WithMemory { get; init; }

    /// <summary>True when the guest's present state came after this snapshot: it is the last one made or returned to.</summary>
    public bool IsParentOfCurrent { get; init; }

    /// <summary>The task by which it was made or removed; null in what was only read.</summary>
    public ProxmoxTask? Task { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} of {Vm}";
}
