namespace Homelab;

/// <summary>A network interface as the guest itself sees it, with the addresses it has.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/qemu/{vmid}/agent/network-get-interfaces</c>, <c>GET /nodes/{node}/lxc/{vmid}/interfaces</c>.</remarks>
public sealed record GuestInterface
{
    /// <summary>The guest.</summary>
    public required VmRef Vm { get; init; }

    /// <summary>Its name in the guest: <c>eth0</c>, <c>ens18</c>.</summary>
    public required string Interface { get; init; }

    /// <summary>Its MAC address; empty where it has none.</summary>
    public string Mac { get; init; } = "";

    /// <summary>Its addresses with the length of their prefix: <c>192.168.1.20/24</c>, <c>fe80::1/64</c>.</summary>
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Bytes received; null where the guest does not tell.</summary>
    public long? Received { get; init; }

    /// <summary>Bytes sent; null where the guest does not tell.</summary>
    public long? Sent { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Interface;
}
