namespace Homelab.Lab.Proxmox;

/// <summary>The whole API, put together.</summary>
internal static class AllRoutes
{
    internal static IEnumerable<SimulatedRoute> Of() =>
    [
        .. VersionRoutes.All,
        .. TaskRoutes.All,
        .. GuestRoutes.All,
    ];
}
