namespace Homelab;

/// <summary>A pool of Proxmox VE: guests and storages that share rights.</summary>
/// <remarks>Proxmox API: <c>GET /pools</c>, <c>GET /pools?poolid=</c>.</remarks>
public sealed record VmPool
{
    /// <summary>Its name; of a pool within another <c>outer/inner</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What was written to it.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Its guests and storages that can be seen.</summary>
    public IReadOnlyList<PoolMember> Members { get; init; } = [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A guest or storage of a pool.</summary>
public sealed record PoolMember
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, in Proxmox' word: <c>qemu</c>, <c>lxc</c>, <c>storage</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The node it is on.</summary>
    public string Node { get; init; } = "";

    /// <summary>The VMID of a guest; null of a storage.</summary>
    public int? VmId { get; init; }

    /// <inheritdoc/>
    public override string ToString() => VmId is { } id ? $"{id} ({Name})" : Name;
}
