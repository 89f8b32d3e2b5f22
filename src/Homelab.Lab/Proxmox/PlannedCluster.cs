namespace Homelab.Lab.Proxmox;

/// <summary>Fills a simulated cluster with the guests of the plan, what they need, and the crowd.</summary>
internal static class PlannedCluster
{
    private const string User = "homelab@pve";
    private const string TokenName = "lab";

    // As New-HlProxmoxTokenScript -Level Manage writes it: everything that the product can do, and no more: no command inside guests, no users, no nodes' power.
    private static readonly string[] s_rights =
    [
        "VM.Audit", "VM.GuestAgent.Audit", "Datastore.Audit", "Pool.Audit", "VM.PowerMgmt", "VM.Snapshot", "VM.Backup", "VM.Allocate", "VM.Clone", "VM.Migrate",
        "VM.Config.CDROM", "VM.Config.CPU", "VM.Config.Cloudinit", "VM.Config.Disk", "VM.Config.HWType", "VM.Config.Memory", "VM.Config.Network", "VM.Config.Options", "Datastore.AllocateSpace", "SDN.Use",
    ];

    private static readonly string[] s_paths = ["/vms", "/storage", "/pool", "/sdn/zones"];

    /// <summary>Starts the cluster, and gives the token that opens it: <c>user@realm!id=secret</c>.</summary>
    internal static async Task<(SimulatedProxmox Cluster, string Token)> StartAsync(SimulatedCrowd crowd, CancellationToken cancellationToken)
    {
        var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { ClusterName = "thinmint", Nodes = [.. HomelabPlan.Nodes, .. crowd.PlannedNodes] }, cancellationToken);
        cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Path = "/mnt/pve/nas", Content = ["backup", "iso", "images", "rootdir", "vztmpl"], Total = 8L << 40, Used = 3L << 40 });
        cluster.AddPool("homelab");
        foreach (var node in cluster.Nodes) Equip(node);
        foreach (var guest in HomelabPlan.Guests) cluster.AddGuest(SpecOf(guest));
        crowd.Settle(cluster);
        cluster.AddRole("HlSystem", "Sys.Audit");
        cluster.AddRole("HlManage", s_rights);
        var secret = cluster.AddToken(User, TokenName, separated: false);
        cluster.Allow(new SimulatedAcl("/", "user", User, "HlSystem"));
        foreach (var path in s_paths) cluster.Allow(new SimulatedAcl(path, "user", User, "HlManage"));
        return (cluster, $"{User}!{TokenName}={secret}");
    }

    // Two disks in a mirror each, one of them near its end.
    private static void Equip(SimulatedNode node)
    {
        node.Disks.Add(new SimulatedDisk("/dev/sda", "Samsung SSD 870", $"S6PT-{node.Name}-1", 2L << 40, Used: "ZFS"));
        node.Disks.Add(new SimulatedDisk("/dev/sdb", "Samsung SSD 870", $"S6PT-{node.Name}-2", 2L << 40, Wearout: 12, Used: "ZFS"));
        node.Zpools.Add(new SimulatedZpool("rpool", "ONLINE", 2L << 40, 1L << 39));
        node.Updates.Add(new SimulatedUpdate("pve-manager", "9.1.9", "9.1.11", "Proxmox", "Proxmox Virtual Environment Management Tools"));
    }

    private static SimulatedGuestSpec SpecOf(PlannedGuest guest) => new()
    {
        Vmid = guest.Id,
        Name = guest.Name,
        Node = guest.Node,
        Kind = guest.Kind is VmKind.Qemu ? SimulatedGuestKind.Qemu : SimulatedGuestKind.Lxc,
        Memory = guest.MemoryMiB,
        Cores = guest.Cores,
        Running = guest.Running,
        Template = guest.Template,
        Agent = guest.Kind is VmKind.Qemu && guest.Running,
        OnBoot = guest.Running,
        Tags = guest.Tags,
        Pool = "homelab",
        Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["description"] = guest.Purpose },
    };
}
