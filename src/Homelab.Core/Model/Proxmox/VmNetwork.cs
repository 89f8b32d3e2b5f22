namespace Homelab;

/// <summary>A network interface as a guest's configuration has it; what addresses it really has is in <see cref="GuestInterface"/>.</summary>
public sealed record VmNetwork
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Its name in the configuration: <c>net0</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>What kind of adapter the guest sees: <c>virtio</c>, <c>e1000</c>; <c>veth</c> for containers.</summary>
    public string Model { get; init; } = "";

    /// <summary>Its MAC address.</summary>
    public string Mac { get; init; } = "";

    /// <summary>The bridge it is attached to; empty where it is not.</summary>
    public string Bridge { get; init; } = "";

    /// <summary>The VLAN that its packets are tagged with; null for none.</summary>
    public int? Tag { get; init; }

    /// <summary>True when Proxmox' firewall looks at its packets.</summary>
    public bool Firewall { get; init; }

    /// <summary>True when its cable is pulled.</summary>
    public bool LinkDown { get; init; }

    /// <summary>Everything else that is set for it, by its key: <c>ip</c>, <c>gw</c>, <c>name</c>, <c>mtu</c>, <c>rate</c>.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Interface;
}
