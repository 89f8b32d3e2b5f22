using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ClusterOperationTests
{
    private const long Gibi = 1L << 30;

    [Fact]
    public async Task A_cluster_that_is_well_says_so_with_all_it_has()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Node = "pve1", Running = true });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "db", Node = "pve2" });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 900, Name = "base", Template = true });
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Total = 8 * Gibi, Used = 2 * Gibi });

        var status = Assert.Single(await bench.QueryAsync<ClusterStatus>("proxmox_status", new { }));

        Assert.True(status.Ok, string.Join(' ', status.Problems));
        Assert.Equal(("home", true, 2, 2, 1, 2), (status.Name, status.Quorate, status.NodesOnline, status.Nodes, status.GuestsRunning, status.Guests));
        Assert.Equal([("pve1", true, "192.168.100.10"), ("pve2", true, "192.168.100.11")], status.Members.Select(static m => (m.Name, m.Online, m.Address)));
        Assert.Equal(("9.1.9", 16d, 128 * Gibi), (status.Version, status.MaxCpu, status.MaxMemory));
        Assert.Equal((2 * 500 * Gibi) + (8 * Gibi), status.MaxStorage);
    }

    [Fact]
    public async Task A_node_that_is_down_makes_the_cluster_not_well()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        await bench.Cluster.Node("pve3").GoDownAsync();

        var status = Assert.Single(await bench.QueryAsync<ClusterStatus>("proxmox_status", new { }));

        Assert.False(status.Ok);
        Assert.Contains("Node pve3 is not online.", status.Problems);
        Assert.Equal((true, 2, 3), (status.Quorate, status.NodesOnline, status.Nodes));
    }

    [Fact]
    public async Task A_single_node_needs_no_majority()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var status = Assert.Single(await bench.QueryAsync<ClusterStatus>("proxmox_status", new { }));

        Assert.Equal(("pve", true, true), (status.Name, status.Ok, status.Quorate));
    }

    [Fact]
    public async Task A_lost_majority_is_told()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        await bench.Cluster.Node("pve2").GoDownAsync();

        var status = Assert.Single(await bench.QueryAsync<ClusterStatus>("proxmox_status", new { }));

        Assert.False(status.Quorate);
        Assert.Contains("Cluster home has no majority of its nodes: nothing can be changed.", status.Problems);
    }

    [Fact]
    public async Task Nodes_are_listed_with_what_they_say_of_themselves()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");

        var nodes = await bench.QueryAsync<ClusterNode>("proxmox_list_nodes", new { });

        Assert.Equal([("pve1", true, ""), ("pve2", true, "")], nodes.Select(static n => (n.Name, n.Online, n.Problem)));
        Assert.All(nodes, static n => Assert.Equal(("9.1.9", 8d, 64 * Gibi, 3), (n.Version, n.MaxCpu, n.MaxMemory, n.Load.Count)));
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_listed_as_such()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        await bench.Cluster.Node("pve2").GoDownAsync();
        bench.Cluster.Node("pve1").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Unreachable, Path = "*/nodes/pve3/status", Times = int.MaxValue });
        bench.Cluster.Node("pve3").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Unreachable, Path = "*/nodes/pve3/status", Times = int.MaxValue });

        var nodes = await bench.QueryAsync<ClusterNode>("proxmox_list_nodes", new { });

        Assert.Equal([("pve1", true), ("pve2", false), ("pve3", false)], nodes.Select(static n => (n.Name, n.Online)));
        Assert.Contains("the cluster does not see it", nodes[1].Problem, StringComparison.Ordinal);
        Assert.Contains("cannot reach its node pve3", nodes[2].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_may_not_be_asked_is_online_all_the_same()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c => "ops@pve!t=" + c.AddToken("ops@pve", "t"));

        var node = Assert.Single(await bench.QueryAsync<ClusterNode>("proxmox_list_nodes", new { }));

        Assert.True(node.Online);
        Assert.Contains("Sys.Audit is missing on /nodes/pve", node.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_named_with_the_nearest()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1");

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ClusterNode>("proxmox_list_nodes", new { node = "pve2" }));

        Assert.Equal("NodeNotFound", e.Id);
        Assert.Contains("pve1", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shared_storage_is_listed_once_and_others_for_each_node()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Content = ["backup", "iso"], Total = 8 * Gibi, Used = 2 * Gibi });

        var storages = await bench.QueryAsync<ProxmoxStorage>("proxmox_list_storage", new { });

        Assert.Equal([("local", "pve1"), ("local", "pve2"), ("nas", "pve1")], storages.Select(static s => (s.Name, s.Node)));
        var nas = storages[2];
        Assert.Equal((true, StorageState.Available, "nfs", 0.25), (nas.Shared, nas.State, nas.Type, nas.UsedFraction));
        Assert.Equal(["pve1", "pve2"], nas.Nodes);
        Assert.Equal(["backup", "iso"], nas.Content);
    }

    [Fact]
    public async Task A_storage_that_is_not_reached_is_not_available_and_makes_the_cluster_not_well()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Active = false });

        var nas = Assert.Single(await bench.QueryAsync<ProxmoxStorage>("proxmox_list_storage", new { storage = "nas" }));
        var status = Assert.Single(await bench.QueryAsync<ClusterStatus>("proxmox_status", new { }));

        Assert.NotEqual(StorageState.Available, nas.State);
        Assert.Equal((0, 0d), (nas.Size, nas.UsedFraction));
        Assert.Contains("Storage nas", Assert.Single(status.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storages_that_may_not_be_seen_are_explained()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c => "ops@pve!t=" + c.AddToken("ops@pve", "t"));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ProxmoxStorage>("proxmox_list_storage", new { storage = "local" }));

        Assert.Equal("StorageNotFound", e.Id);
        Assert.Contains("Test-HlProxmoxToken", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""", "local:100/vm-100-disk-0.qcow2 local:backup/vzdump-qemu-100.vma.zst local:iso/debian.iso")]
    [InlineData("""{"content":"iso"}""", "local:iso/debian.iso")]
    [InlineData("""{"vm":"dev","content":"backup"}""", "local:backup/vzdump-qemu-100.vma.zst")]
    [InlineData("""{"vm":"999"}""", "")]
    [InlineData("""{"storage":"pve/local","content":"iso"}""", "local:iso/debian.iso")]
    public async Task What_lies_on_storages_can_be_narrowed(string input, string expected)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var local = bench.Cluster.Storages[0];
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:iso/debian.iso", Content = "iso", Format = "iso", Size = 700, Created = 1_795_219_576 });
        local.Volumes.Add(new SimulatedVolume { Volid = "local:backup/vzdump-qemu-100.vma.zst", Content = "backup", Format = "vma.zst", Size = 300, Vmid = 100, Notes = "keep", Protected = true });

        var volumes = await bench.QueryAsync<StorageVolume>("proxmox_list_storage_content", System.Text.Json.JsonDocument.Parse(input).RootElement);

        Assert.Equal(expected.Split('.')[0].Length == 0 ? [] : expected.Split(' '), volumes.Select(static v => v.Volume));
        if (volumes.FirstOrDefault(static v => v.Content == VolumeContent.Iso) is { } iso) Assert.Equal((700, DateTimeOffset.FromUnixTimeSeconds(1_795_219_576)), (iso.Size, iso.CreatedAt));
    }

    [Fact]
    public async Task A_storage_that_is_down_does_not_hide_the_others_and_is_not_hidden_itself()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.Storages[0].Volumes.Add(new SimulatedVolume { Volid = "local:iso/debian.iso", Content = "iso" });
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Active = false });
        var seen = new List<object>();

        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var item in bench.Gate.QueryAsync(new GateRequest { Operation = "proxmox_list_storage_content", Caller = ProxmoxBench.Person }, TestContext.Current.CancellationToken)) seen.Add(item);
        });

        Assert.Equal("local:iso/debian.iso", Assert.Single(seen).ToString());
        Assert.Equal(("StorageUnavailable", "nas"), (e.Id, e.Target));
    }
}
