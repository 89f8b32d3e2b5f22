namespace Homelab.Lab.Proxmox;

/// <summary>What a simulated guest is made from.</summary>
public sealed record SimulatedGuestSpec
{
    /// <summary>Its number, from 100.</summary>
    public required int Vmid { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The node it is on; the first when null.</summary>
    public string? Node { get; init; }

    /// <summary>A virtual machine or a container.</summary>
    public SimulatedGuestKind Kind { get; init; } = SimulatedGuestKind.Qemu;

    /// <summary>Memory in MiB.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>Processor cores.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>The size of its one disk in GiB; 0 for none.</summary>
    public int Disk { get; init; } = 8;

    /// <summary>The storage of its disk.</summary>
    public string Storage { get; init; } = "local";

    /// <summary>Its tags, sorted as the API sorts them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The pool it is in.</summary>
    public string? Pool { get; init; }

    /// <summary>True for a template.</summary>
    public bool Template { get; init; }

    /// <summary>True when it may not be removed.</summary>
    public bool Protection { get; init; }

    /// <summary>True when the guest agent is switched on in its configuration and runs inside.</summary>
    public bool Agent { get; init; }

    /// <summary>True when it runs from the beginning.</summary>
    public bool Running { get; init; }

    /// <summary>True when the cluster keeps it up.</summary>
    public bool HaManaged { get; init; }

    /// <summary>False for one that does not end when it is asked to.</summary>
    public bool HasAcpi { get; init; } = true;

    /// <summary>True when it starts with its node.</summary>
    public bool OnBoot { get; init; }

    /// <summary>Further lines of its configuration.</summary>
    public IReadOnlyDictionary<string, string> Config { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>What a guest is.</summary>
public enum SimulatedGuestKind
{
    /// <summary>A virtual machine.</summary>
    Qemu,

    /// <summary>A container.</summary>
    Lxc,
}
