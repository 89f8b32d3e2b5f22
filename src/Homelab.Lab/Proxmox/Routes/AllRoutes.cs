namespace Homelab.Lab.Proxmox;

/// <summary>The whole API, put together.</summary>
internal static class AllRoutes
{
    internal static IEnumerable<SimulatedRoute> Of() =>
    [
        .. VersionRoutes.All,
        .. ClusterRoutes.All,
        .. ClusterFirewallRoutes.All,
        .. ResourceRoutes.All,
        .. NodeRoutes.All,
        .. NodeSystemRoutes.All,
        .. NodeHardwareRoutes.All,
        .. NetworkRoutes.All,
        .. AptRoutes.All,
        .. ConfigRoutes.All,
        .. BulkRoutes.All,
        .. HaRoutes.All,
        .. TaskRoutes.All,
        .. GuestRoutes.All,
        .. AccessRoutes.All,
        .. LoginRoutes.All,
        .. UserRoutes.All,
        .. PoolRoutes.All,
        .. StorageConfigRoutes.All,
        .. StorageRoutes.All,
        .. StorageContentRoutes.All,
        .. StorageFileRoutes.All,
    ];
}
