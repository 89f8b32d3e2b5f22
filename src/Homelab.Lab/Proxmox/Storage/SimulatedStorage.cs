namespace Homelab.Lab.Proxmox;

/// <summary>A storage of the simulated cluster.</summary>
/// <param name="name">Its name.</param>
/// <param name="type"><c>dir</c>, <c>zfspool</c>, <c>nfs</c>, <c>pbs</c>…</param>
public sealed class SimulatedStorage(string name, string type)
{
    private const long Gibi = 1024L * 1024 * 1024;

    /// <summary>Its name.</summary>
    public string Name { get; } = name;

    /// <summary>Its type.</summary>
    public string Type { get; } = type;

    /// <summary>What may lie on it: <c>images</c>, <c>iso</c>, <c>backup</c>…</summary>
    public IReadOnlyList<string> Content { get; set; } = ["images", "rootdir", "vztmpl", "iso", "backup", "snippets", "import"];

    /// <summary>Its folder, for those that have one.</summary>
    public string? Path { get; init; }

    /// <summary>True when all nodes see the same.</summary>
    public bool Shared { get; init; }

    /// <summary>The nodes that have it; all when empty.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>False when it is switched off.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>False when it is not reached.</summary>
    public bool Active { get; set; } = true;

    /// <summary>Its size in bytes.</summary>
    public long Total { get; set; } = 500 * Gibi;

    /// <summary>What is used of it, in bytes.</summary>
    public long Used { get; set; } = 50 * Gibi;

    /// <summary>What lies on it.</summary>
    public IList<SimulatedVolume> Volumes { get; } = [];

    /// <summary>Further lines of its configuration: <c>pool</c>, <c>server</c>, <c>export</c>, <c>prune-backups</c>.</summary>
    public IDictionary<string, string> Config { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal string AccessPath => "/storage/" + Name;

    internal bool IsOn(string node) => Nodes.Count == 0 || Nodes.Contains(node, StringComparer.Ordinal);
}

/// <summary>Something on a storage.</summary>
public sealed record SimulatedVolume
{
    /// <summary>Its name with the storage: <c>local:iso/debian.iso</c>.</summary>
    public required string Volid { get; init; }

    /// <summary>What it is: <c>images</c>, <c>rootdir</c>, <c>iso</c>, <c>vztmpl</c>, <c>backup</c>, <c>snippets</c>.</summary>
    public required string Content { get; init; }

    /// <summary>Its format: <c>raw</c>, <c>qcow2</c>, <c>iso</c>, <c>tzst</c>, <c>vma.zst</c>.</summary>
    public string Format { get; init; } = "raw";

    /// <summary>Its size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>What it uses, in bytes.</summary>
    public long Used { get; init; }

    /// <summary>The guest it belongs to.</summary>
    public int? Vmid { get; init; }

    /// <summary>When it was made, in seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary>The node it lies on; null on a shared storage.</summary>
    public string? Node { get; init; }

    /// <summary>What was said of a backup.</summary>
    public string? Notes { get; init; }

    /// <summary>True for a backup that is not pruned.</summary>
    public bool Protected { get; init; }

    /// <summary>For a backup: <c>qemu</c> or <c>lxc</c>.</summary>
    public string? Subtype { get; init; }

    /// <summary>For a backup: the guest's configuration then.</summary>
    public IReadOnlyDictionary<string, string>? GuestConfig { get; init; }
}
