using System.Text.Json.Nodes;
using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>A cluster with something of everything that can be asked for.</summary>
internal static class PopulatedCluster
{
    internal const string Volume = "local:backup/vzdump-qemu-100-2026_03_04-03_00_00.vma.zst";

    private const long Gibi = 1L << 30;

    /// <summary>Starts one in which tasks end at once.</summary>
    internal static async Task<ProxmoxBench> StartAsync(TimeProvider time)
    {
        var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2"], Time = time, TaskTime = TimeSpan.Zero, RebootGap = TimeSpan.Zero });
        var cluster = bench.Cluster;
        AddHardware(cluster);
        cluster.AddPool("prod", "what must not fail");
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Node = "pve1", Running = true, Agent = true, Pool = "prod", Tags = ["lab", "web"], HaManaged = true });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "db", Node = "pve2", Kind = SimulatedGuestKind.Lxc, Running = true });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 102, Name = "off", Node = "pve1" });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 103, Name = "on", Node = "pve2", Running = true });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 900, Name = "debian", Node = "pve1", Template = true });
        cluster.Guest(100).Pending["cores"] = "4";
        cluster.FirewallOf(100).Add(new JsonObject { ["type"] = "in", ["action"] = "ACCEPT", ["enable"] = 1, ["dport"] = "443", ["proto"] = "tcp" });
        cluster.Storages[0].Volumes.Add(new SimulatedVolume
        {
            Volid = Volume,
            Content = "backup",
            Format = "vma.zst",
            Size = Gibi,
            Vmid = 100,
            Created = time.GetUtcNow().ToUnixTimeSeconds(),
            Node = "pve1",
            Subtype = "qemu",
            Notes = "before the upgrade",
            GuestConfig = cluster.Guest(100).Config.ToDictionary(StringComparer.Ordinal),
        });
        var hour = time.GetUtcNow().AddHours(-1).ToUnixTimeSeconds();
        cluster.AddPastTask("vzdump", "100", "job errors", hour, hour + 60);
        cluster.AddPastTask("qmstart", "100", "OK", hour, hour + 2);
        await bench.ChangeAsync<VmSnapshot>("proxmox_create_snapshot", new { vm = "off", name = "before", description = "the upgrade" });
        cluster.HoldNext("vzdump");
        await bench.ChangeAsync<VmBackup>("proxmox_backup_vm", new { vm = "on", storage = "nas", noWait = true });
        return bench;
    }

    private static void AddHardware(SimulatedProxmox cluster)
    {
        cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Content = ["backup", "iso"], Total = 8 * Gibi, Used = 2 * Gibi });
        cluster.AddStorage(new SimulatedStorage("tank", "zfspool") { Content = ["images", "rootdir"], Nodes = ["pve2"] });
        cluster.AddStorage(new SimulatedStorage("gone", "cifs") { Shared = true, Content = ["iso"], Active = false });
        var node = cluster.Node("pve1");
        node.Disks.Add(new SimulatedDisk("/dev/sda", "Samsung SSD 870", "S5Y1", 1000 * Gibi, Used: "ZFS"));
        node.Disks.Add(new SimulatedDisk("/dev/sdb", "WDC WD40", "WX1", 4000 * Gibi, Health: "UNKNOWN", Type: "hdd", Wearout: null));
        node.Zpools.Add(new SimulatedZpool("rpool", "DEGRADED", 900 * Gibi, 100 * Gibi));
        node.Updates.Add(new SimulatedUpdate("pve-manager", "9.1.8", "9.1.9", "Proxmox", "Proxmox Virtual Environment Management Tools"));
    }
}
