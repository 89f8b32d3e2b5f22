namespace Homelab.Lab.Proxmox;

/// <summary>The parameters that stand in paths, by their names.</summary>
internal static class PathParameters
{
    private const string UserPattern = @"(?^:[A-Za-z][A-Za-z0-9\.\-_]+)";

    internal static SimulatedParameter Node { get; } = SimulatedParameter.Text("node", "pve-node").Must();

    internal static SimulatedParameter Vmid { get; } = SimulatedParameter.Whole("vmid", 100, 999999999).Must() with { Format = "pve-vmid" };

    /// <exception cref="ArgumentException">None is known by that name: the route declares its own.</exception>
    internal static SimulatedParameter Of(string name) => name switch
    {
        "node" => Node,
        "vmid" => Vmid,
        "storage" => SimulatedParameter.Text(name, "pve-storage-id").Must(),
        "snapname" => SimulatedParameter.Text(name, "pve-configid").Must() with { MaxLength = 40 },
        "pos" => SimulatedParameter.Whole(name, 0),
        "userid" => SimulatedParameter.Text(name, "pve-userid").Must() with { MaxLength = 64 },
        "tokenid" => SimulatedParameter.Text(name).Must() with { Pattern = UserPattern },
        "realm" => SimulatedParameter.Text(name, "pve-realm").Must() with { MaxLength = 32 },
        "roleid" => SimulatedParameter.Text(name, "pve-roleid").Must(),
        "groupid" => SimulatedParameter.Text(name, "pve-groupid").Must(),
        "poolid" => SimulatedParameter.Text(name, "pve-poolid").Must(),
        "sid" => SimulatedParameter.Text(name, "pve-ha-resource-or-vm-id").Must(),
        "iface" => SimulatedParameter.Text(name, "pve-iface").Must() with { MinLength = 2, MaxLength = 20 },
        "rule" => SimulatedParameter.Text(name, "pve-configid").Must(),
        "upid" or "volume" => SimulatedParameter.Text(name).Must(),
        _ => throw new ArgumentException($"There is no path parameter '{name}'; declare it with the route.", nameof(name)),
    };
}
