using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What the requests of a recording found when they were sent: the machine <c>pve</c> with its guests, and what happened between two requests.</summary>
internal class RecordedWorld
{
    /// <summary>What most of the recorded requests show: a token of root that has all its rights.</summary>
    internal const string Authorization = "PVEAPIToken=root@pam!lab=" + Secret;

    private const string Secret = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee";
    private const long Disk = 270_553_174_016;

    /// <summary>The world of a recording.</summary>
    internal static RecordedWorld Of(string recording) => recording switch
    {
        "03-nodes-cluster" => new NodesWorld(),
        "04-storage" => new StorageWorld(),
        "12-tasks" => new TasksWorld(),
        "05-qemu-lifecycle" => new QemuLifecycleWorld(),
        "07-snapshots" => new SnapshotsWorld(),
        "08-lxc" => new LxcWorld(),
        _ => new RecordedWorld(),
    };

    /// <summary>Sets it up.</summary>
    internal async Task<SimulatedProxmox> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { RootPassword = "proxmox123", TaskTime = TimeSpan.FromMilliseconds(5) }, cancellationToken);
        cluster.AddToken("root@pam", "lab", Secret);
        var local = cluster.Storages.Single(static s => s.Name == "local");
        local.Volumes.Add(new SimulatedVolume { Volid = "local:iso/lab-linux.iso", Content = "iso", Format = "iso", Size = 16_996_352, Used = 16_998_400, Created = 1_795_219_576 });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:vztmpl/alpine-3.22-default_20250617_amd64.tar.zst", Content = "vztmpl", Format = "tzst", Size = 3_000_000, Created = 1_795_219_576 });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web01", Memory = 256, Disk = 1, Tags = ["a", "b"], Agent = true, Running = true });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "db01", Memory = 256, Disk = 0, Running = true });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 200, Name = "ct01", Kind = SimulatedGuestKind.Lxc, Memory = 128, Disk = 1, Running = true, Config = new Dictionary<string, string>(StringComparer.Ordinal) { ["swap"] = "0" } });
        var node = cluster.Nodes[0];
        (node.Cores, node.Memory, node.RootSize, local.Total) = (2, 25_274_793_984, Disk, Disk);
        Fill(cluster);
        return cluster;
    }

    /// <summary>Adds what only this recording found.</summary>
    protected virtual void Fill(SimulatedProxmox cluster)
    {
    }

    /// <summary>Does what happened before a request.</summary>
    internal virtual void Before(SimulatedProxmox cluster, RecordedExchange exchange)
    {
    }
}
