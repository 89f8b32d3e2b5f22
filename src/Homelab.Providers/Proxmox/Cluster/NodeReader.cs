namespace Homelab.Providers.Proxmox;

/// <summary>Nodes, from what the API says to what we know.</summary>
internal static class NodeReader
{
    /// <summary>A node as the cluster lists it.</summary>
    internal static ClusterNode Read(NodeWire wire) => new()
    {
        Name = wire.Node!,
        Online = NodeDirectory.IsOnline(wire),
        Cpu = wire.Cpu ?? 0,
        MaxCpu = wire.MaxCpu ?? 0,
        Memory = wire.Memory ?? 0,
        MaxMemory = wire.MaxMemory ?? 0,
        Disk = wire.Disk ?? 0,
        MaxDisk = wire.MaxDisk ?? 0,
        Uptime = TimeSpan.FromSeconds(wire.Uptime ?? 0),
        Fingerprint = wire.Fingerprint ?? "",
    };

    /// <summary>The same node, with what it says of itself.</summary>
    internal static ClusterNode Join(ClusterNode listed, NodeStatusWire wire) => listed with
    {
        Cpu = wire.Cpu ?? listed.Cpu,
        MaxCpu = wire.CpuInfo?.Cpus ?? listed.MaxCpu,
        CpuModel = wire.CpuInfo?.Model ?? "",
        Load = wire.Load ?? [],
        Memory = wire.Memory?.Used ?? listed.Memory,
        MaxMemory = wire.Memory?.Total ?? listed.MaxMemory,
        Swap = wire.Swap?.Used ?? 0,
        MaxSwap = wire.Swap?.Total ?? 0,
        Disk = wire.RootFs?.Used ?? listed.Disk,
        MaxDisk = wire.RootFs?.Total ?? listed.MaxDisk,
        Uptime = wire.Uptime is { } uptime ? TimeSpan.FromSeconds(uptime) : listed.Uptime,
        Version = VersionOf(wire.PveVersion),
        Kernel = wire.Kernel?.Release ?? (wire.KernelText?.Split(' ') is [_, var release, ..] ? release : ""),
    };

    /// <summary>The same node, of which less is known than should be.</summary>
    internal static ClusterNode Join(ClusterNode listed, HomelabException why) => listed with
    {
        // That it may not be asked says nothing against it.
        Online = why.Kind is not (ErrorKind.Unavailable or ErrorKind.Timeout),
        Problem = why.What,
    };

    // pve-manager/9.1.9/ee7bad0a3d1546c9
    private static string VersionOf(string? text) => text?.Split('/') is [_, var version, ..] ? version : text ?? "";
}
