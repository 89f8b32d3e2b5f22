namespace Homelab;

/// <summary>How a guest is configured: what holds now, and what waits for its next start.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/{qemu|lxc}/{vmid}/pending</c>. The CLI's <c>qm pending</c>, <c>qm config --current</c>.</remarks>
public sealed record VmConfig
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Virtual machine or container.</summary>
    public required VmKind Kind { get; init; }

    /// <summary>Its name; empty where it has none.</summary>
    public string Name { get; init; } = "";

    /// <summary>Changes with every change of the configuration. Give it to a change that must not overwrite another.</summary>
    public required string Digest { get; init; }

    /// <summary>Processor cores; of a virtual machine for each socket. Null where a container may use all of its node.</summary>
    public int? Cores { get; init; }

    /// <summary>Processor sockets; null for containers.</summary>
    public int? Sockets { get; init; }

    /// <summary>How many processors' time it may use; null where that is not limited.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>Memory it may use, bytes.</summary>
    public long Memory { get; init; }

    /// <summary>The memory that ballooning may take a virtual machine down to, bytes; 0 where ballooning is off, null where it is not set.</summary>
    public long? Balloon { get; init; }

    /// <summary>Swap that a container may use, bytes; null for virtual machines.</summary>
    public long? Swap { get; init; }

    /// <summary>Its disks, CD drives and mount points, by name.</summary>
    public IReadOnlyList<VmDisk> Disks { get; init; } = [];

    /// <summary>Its network interfaces, by name.</summary>
    public IReadOnlyList<VmNetwork> Networks { get; init; } = [];

    /// <summary>True when it is started with its node.</summary>
    public bool OnBoot { get; init; }

    /// <summary>True when Proxmox refuses to delete it or its disks.</summary>
    public bool Protection { get; init; }

    /// <summary>True when it is a template.</summary>
    public bool Template { get; init; }

    /// <summary>Which system it runs, in Proxmox' word: <c>l26</c>, <c>win11</c>, <c>debian</c>.</summary>
    public string OsType { get; init; } = "";

    /// <summary>True when the guest agent is switched on. It says nothing of whether the agent runs in the guest.</summary>
    public bool Agent { get; init; }

    /// <summary>Its tags, in order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>What people wrote about it.</summary>
    public string Description { get; init; } = "";

    /// <summary>What is changed and does not hold yet: it does from the next start on.</summary>
    public IReadOnlyList<VmPendingChange> Pending { get; init; } = [];

    /// <summary>Everything else as Proxmox writes it, by its key. Secrets are masked.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Vm.ToString();
}

/// <summary>A change of a guest's configuration that waits for its next start.</summary>
/// <param name="Key">What is changed, in Proxmox' word: <c>memory</c>.</param>
/// <param name="Now">What holds until then; empty where it is not set.</param>
/// <param name="Then">What holds then; empty where it is taken away.</param>
public sealed record VmPendingChange(string Key, string Now, string Then)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {(Now.Length == 0 ? "nothing" : Now)} -> {(Then.Length == 0 ? "nothing" : Then)}";
}
