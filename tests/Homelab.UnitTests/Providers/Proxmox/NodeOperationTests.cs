using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class NodeOperationTests
{
    [Fact]
    public async Task Disks_say_how_they_are_and_how_worn()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var disks = bench.Cluster.Nodes[0].Disks;
        disks.Add(new SimulatedDisk("/dev/nvme0n1", "Samsung", "S1", 1000, Type: "nvme", Wearout: 88, Used: "ZFS"));
        disks.Add(new SimulatedDisk("/dev/sda", "WD", "S2", 2000, "FAILED!", "hdd", Wearout: null));
        disks.Add(new SimulatedDisk("/dev/sdb", "QEMU", "S3", 3000, "UNKNOWN", Wearout: null));

        var seen = await bench.QueryAsync<NodeDisk>("proxmox_list_disks", new { });

        Assert.Equal([DiskHealth.Passed, DiskHealth.Failed, DiskHealth.Unknown], seen.Select(static d => d.Health));
        Assert.Equal([0.12, null, null], seen.Select(static d => d.Wear));
        Assert.Equal(("/dev/nvme0n1", "pve", "nvme", "ZFS", "S1"), (seen[0].Path, seen[0].Node, seen[0].Type, seen[0].UsedFor, seen[0].Serial));
    }

    [Fact]
    public async Task A_node_that_is_down_does_not_hide_the_others_and_is_not_hidden_itself()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.Node("pve1").Disks.Add(new SimulatedDisk("/dev/sda", "WD", "S1", 1000));
        await bench.Cluster.Node("pve2").GoDownAsync();
        var seen = new List<object>();

        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var item in bench.Gate.QueryAsync(new GateRequest { Operation = "proxmox_list_disks", Caller = ProxmoxBench.Person }, TestContext.Current.CancellationToken)) seen.Add(item);
        });

        Assert.Equal("/dev/sda@pve1", Assert.Single(seen).ToString());
        Assert.Equal((ErrorKind.Unavailable, "NodeOffline", "pve2"), (e.Kind, e.Id, e.Target));
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "tank:0:Degraded mirror-0:1:Degraded sda:2:Online sdb:2:Unavail")]
    public async Task ZFS_pools_tell_their_devices_in_detail(bool detailed, string devices)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.Nodes[0].Zpools.Add(new SimulatedZpool("tank", "DEGRADED", 1000, 400) { Members = [("sda", "ONLINE"), ("sdb", "UNAVAIL")], Fragmentation = 12 });

        var pool = Assert.Single(await bench.QueryAsync<ZfsPool>("proxmox_list_zfs", new { detailed }));

        Assert.Equal(("tank", ZfsHealth.Degraded, 1000, 400, 600, 0.12), (pool.Name, pool.Health, pool.Size, pool.Allocated, pool.Free, pool.Fragmentation));
        Assert.Equal(devices, string.Join(' ', pool.Devices.Select(static d => $"{d.Name}:{d.Depth}:{d.Health}")));
        Assert.Equal(detailed, pool.Errors == "No known data errors");
        Assert.Equal(detailed, pool.Action.Length > 0);
    }

    [Fact]
    public async Task A_ZFS_pool_that_is_not_there_is_an_error()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ZfsPool>("proxmox_list_zfs", new { pool = "tank" }));

        Assert.Equal("ZfsPoolNotFound", e.Id);
    }

    [Fact]
    public async Task Pools_are_listed_with_their_members()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddPool("prod", "what must run");
        bench.Cluster.AddPool("empty");
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Pool = "prod" });

        var pools = await bench.QueryAsync<VmPool>("proxmox_list_pools", new { });

        Assert.Equal(["empty", "prod"], pools.Select(static p => p.Name));
        Assert.Equal("what must run", pools[1].Comment);
        var member = Assert.Single(pools[1].Members);
        Assert.Equal((100, "dev", "qemu", "pve"), (member.VmId, member.Name, member.Type, member.Node));
        Assert.Equal("PoolNotFound", (await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<VmPool>("proxmox_list_pools", new { pool = "prd" }))).Id);
    }

    [Fact]
    public async Task High_availability_tells_what_should_be_and_what_is()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Node = "pve2", HaManaged = true, Running = true });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "db" });
        Answer(bench, "*/cluster/ha/rules", """{"data":[{"rule":"prefer-pve2","resources":"vm:100,vm:107"},{"rule":"off","resources":"vm:100","disable":1}]}""");

        var resource = Assert.Single(await bench.QueryAsync<HaResource>("proxmox_ha_status", new { }));

        Assert.Equal(("vm:100", 100, "started", "started", "pve2"), (resource.Sid, resource.VmId, resource.State, resource.Wanted, resource.Node));
        Assert.Equal(["prefer-pve2"], resource.Rules);
        Assert.Empty(await bench.QueryAsync<HaResource>("proxmox_ha_status", new { vm = "db" }));
    }

    [Fact]
    public async Task High_availability_before_9_knows_groups_in_place_of_rules()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Path = "*/cluster/ha/rules", Status = 501, Reason = "Method 'GET /cluster/ha/rules' not implemented", Body = """{"data":null}""" });
        Answer(bench, "*/cluster/ha/resources", """{"data":[{"sid":"vm:100","group":"west"},{}]}""");

        var resource = Assert.Single(await bench.QueryAsync<HaResource>("proxmox_ha_status", new { }));

        Assert.Equal(("west", "", "started", 1), (resource.Group, resource.State, resource.Wanted, resource.MaxRestart));
        Assert.Empty(resource.Rules);
    }

    [Fact]
    public async Task Updates_tell_whether_the_node_has_to_restart()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.Nodes[0].Updates.Add(new SimulatedUpdate("proxmox-kernel-6.14", "6.14.8-1", "6.14.8-2", "Proxmox"));
        bench.Cluster.Nodes[0].Updates.Add(new SimulatedUpdate("openssl", "3.5.1", "3.5.4"));

        var updates = await bench.QueryAsync<NodeUpdate>("proxmox_pending_updates", new { });

        Assert.Equal([("openssl", "3.5.1", "3.5.4", false), ("proxmox-kernel-6.14", "6.14.8-1", "6.14.8-2", true)], updates.Select(static u => (u.Package, u.OldVersion, u.Version, u.NeedsReboot)));
    }

    [Fact]
    public async Task Updates_without_their_right_are_denied_with_the_way_out()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c =>
        {
            c.AddUser("ops@pve");
            c.Allow(new SimulatedAcl("/", "user", "ops@pve", "PVEAuditor"));
            return "ops@pve!t=" + c.AddToken("ops@pve", "t");
        });

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<NodeUpdate>("proxmox_pending_updates", new { }));

        Assert.Equal(ErrorKind.Denied, e.Kind);
        Assert.Contains("Sys.Modify is missing on /nodes/pve", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxmox_list_disks", "*/disks/list")]
    [InlineData("proxmox_list_zfs", "*/disks/zfs")]
    [InlineData("proxmox_pending_updates", "*/apt/update")]
    [InlineData("proxmox_list_pools", "*/pools")]
    [InlineData("proxmox_ha_status", "*/cluster/ha/resources")]
    [InlineData("proxmox_list_storage", "*/cluster/resources")]
    [InlineData("proxmox_list_storage_content", "*/content")]
    [InlineData("proxmox_list_nodes", "*/nodes")]
    public async Task Entries_with_nothing_in_them_are_no_trouble(string operation, string path)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        Answer(bench, path, """{"data":[{}]}""");

        Assert.Empty(await bench.QueryAsync<object>(operation, new { }));
    }

    private static void Answer(ProxmoxBench bench, string path, string body)
    {
        foreach (var node in bench.Cluster.Nodes) node.Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Path = path, Status = 200, Reason = "OK", Body = body });
    }
}
