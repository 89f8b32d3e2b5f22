namespace Homelab.Lab.Proxmox;

/// <summary>Everything about VMs and containers.</summary>
internal static class GuestRoutes
{
    internal static IEnumerable<SimulatedRoute> All =>
    [
        .. GuestReadRoutes.All,
        .. QemuPowerRoutes.All,
        .. LxcPowerRoutes.All,
        .. GuestConfigRoutes.All,
        .. GuestSnapshotRoutes.All,
        .. QemuCreateRoutes.All,
        .. LxcCreateRoutes.All,
        .. GuestRemoveRoutes.All,
        .. GuestDiskRoutes.All,
        .. GuestCloneRoutes.All,
        .. GuestMigrateRoutes.All,
        .. GuestFirewallRoutes.All,
        .. QemuConsoleRoutes.All,
        .. AgentRoutes.All,
        .. BackupRoutes.All,
    ];
}
