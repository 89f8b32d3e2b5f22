using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

/// <summary>Nodes that go away, that are slow and that hang, in the middle of things.</summary>
public sealed class NodeFaultTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev", Node = "pve2" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_node_that_goes_down_in_the_middle_of_a_list_gives_way_to_the_next_and_is_listed_as_down()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.Node("pve1").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Hang, Path = "/nodes/*/status", Times = int.MaxValue });

        var asking = bench.QueryAsync<ClusterNode>("proxmox_list_nodes", new { });
        await ReachAsync(bench, "all three are asked for", static r => r.Count(static r => r.Path.EndsWith("/status", StringComparison.Ordinal)) == 3);
        await bench.Cluster.Node("pve1").GoDownAsync();
        var nodes = await asking;

        Assert.Equal([("pve1", false), ("pve2", true), ("pve3", true)], nodes.Select(static n => (n.Name, n.Online)));
        Assert.Contains("cannot reach its node pve1", nodes[0].Problem, StringComparison.Ordinal);
        Assert.All(nodes.Skip(1), static n => Assert.Equal("9.1.9", n.Version));
    }

    [Fact]
    public async Task A_task_is_followed_to_its_end_by_another_node()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddGuest(s_dev);
        var hold = bench.Cluster.HoldNext("qmstart");

        var starting = bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });
        await ReachAsync(bench, "the task is followed", static r => r.Any(IsOfTask));
        await bench.Cluster.Node("pve1").GoDownAsync();
        await ReachAsync(bench, "another node is asked for it", static r => r.Any(static r => r.Node != "pve1" && IsOfTask(r)));
        hold.Release();

        Assert.Equal((VmState.Running, TaskState.Succeeded), ((await starting).State, (await starting).Task!.State));
        Assert.Single(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_task_whose_own_node_goes_down_has_an_end_that_nobody_knows()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.HoldNext("qmstart");

        var starting = bench.FailAsync("proxmox_start_vm", new { vm = "dev" });
        await ReachAsync(bench, "the task is followed", static r => r.Any(IsOfTask));
        await bench.Cluster.Node("pve2").GoDownAsync();
        var e = await starting;

        Assert.Equal((ErrorKind.Unavailable, "OutcomeUnknown"), (e.Kind, e.Id));
        Assert.Contains("cannot reach its node pve2", e.Message, StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
    }

    [Theory]
    [InlineData("proxmox_vm_status")]
    [InlineData("proxmox_vm_config")]
    [InlineData("proxmox_vm_metrics")]
    [InlineData("proxmox_list_snapshots")]
    [InlineData("proxmox_list_firewall_rules")]
    public async Task A_guest_whose_node_is_not_reached_is_unavailable_and_not_missing(string operation)
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddGuest(s_dev);
        await bench.Cluster.Node("pve2").GoDownAsync();

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<object>(operation, new { vm = "dev" }));

        Assert.Equal((ErrorKind.Unavailable, "ProxmoxNodeUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("its node pve2", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_a_guest_whose_node_is_not_reached_was_not_done()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddGuest(s_dev);
        await bench.Cluster.Node("pve2").GoDownAsync();

        Assert.Equal("ProxmoxNodeUnreachable", (await bench.FailAsync("proxmox_start_vm", new { vm = "dev" })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_slow_node_does_not_keep_the_others_from_being_asked()
    {
        var time = new ManualTime();
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2", "pve3"], Time = time });
        bench.Cluster.Node("pve1").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Slow, Delay = TimeSpan.FromSeconds(2), Path = "/nodes/pve1/status" });

        var asking = bench.QueryAsync<ClusterNode>("proxmox_list_nodes", new { });
        await time.WaitedForAsync(TimeSpan.FromSeconds(2));
        await ReachAsync(bench, "the others are asked meanwhile", static r => r.Any(static r => r.Path == "/nodes/pve2/status") && r.Any(static r => r.Path == "/nodes/pve3/status"));
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));

        Assert.All(await asking, static n => Assert.Equal((true, ""), (n.Online, n.Problem)));
    }

    [Fact]
    public async Task A_node_that_hangs_is_given_up_after_five_seconds_and_the_others_are_listed()
    {
        var time = new ManualTime();
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2", "pve3"], Time = time });
        bench.Cluster.Node("pve1").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Hang, Path = "/nodes/pve3/status" });
        var request = new GateRequest { Operation = "proxmox_list_nodes", Caller = ProxmoxBench.Person };
        await using var nodes = bench.Gate.QueryAsync(request, Cancel).GetAsyncEnumerator(Cancel);

        foreach (var other in (string[])["pve1", "pve2"])
        {
            Assert.True(await nodes.MoveNextAsync());
            Assert.Equal((other, true, ""), Told(nodes.Current));
        }

        await ReachAsync(bench, "the last one hangs", static r => r.Any(static r => r.Path == "/nodes/pve3/status"));
        time.Advance(TimeSpan.FromSeconds(5));

        Assert.True(await nodes.MoveNextAsync());
        var (name, online, problem) = Told(nodes.Current);
        Assert.Equal(("pve3", false), (name, online));
        Assert.Contains("did not answer GET /nodes/pve3/status within 5s", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("proxmox_status", "/cluster/status", "/cluster/resources", "/version", "/cluster/ha/status/current")]
    [InlineData("proxmox_list_nodes", "/nodes/pve1/status", "/nodes/pve2/status", "/nodes/pve3/status")]
    public async Task Whatever_is_asked_of_the_cluster_is_asked_at_once(string operation, params string[] paths)
    {
        var time = new ManualTime();
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Nodes = ["pve1", "pve2", "pve3"], Time = time });
        // Each takes its own time, by which it is known.
        var delays = paths.Select(static (_, i) => TimeSpan.FromMilliseconds(2001 + i)).ToArray();
        foreach (var (path, delay) in paths.Zip(delays)) bench.Cluster.Node("pve1").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Slow, Path = path, Delay = delay });

        var asking = bench.QueryAsync<object>(operation, new { });
        // No answer is given before all have been asked for; one after the other they would wait for ever.
        foreach (var delay in delays) await time.WaitedForAsync(delay);
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(3));

        Assert.NotEmpty(await asking);
    }

    [Fact]
    public async Task A_read_that_hangs_is_cut_by_its_deadline()
    {
        var time = new ManualTime();
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Time = time });
        bench.Cluster.AddGuest(s_dev with { Node = "pve" });
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Hang, Path = "/nodes/pve/qemu/100/status/current" });

        var asking = Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = "dev" }));
        await ReachAsync(bench, "it hangs", static r => r.Any(static r => r.Path.EndsWith("/status/current", StringComparison.Ordinal)));
        time.Advance(TimeSpan.FromSeconds(30));
        var e = await asking;

        Assert.Equal((ErrorKind.Timeout, "ProxmoxTimeout", true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task A_change_that_hangs_is_cut_by_its_deadline_and_settled_by_a_look()
    {
        var time = new ManualTime();
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { Time = time });
        bench.Cluster.AddGuest(s_dev with { Node = "pve" });
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Hang, Method = "POST" });

        var asking = bench.FailAsync("proxmox_start_vm", new { vm = "dev" });
        await ReachAsync(bench, "it hangs", static r => r.Any(static r => r.Method == "POST"));
        time.Advance(TimeSpan.FromSeconds(30));
        var e = await asking;

        Assert.Equal((ErrorKind.Timeout, "ProxmoxTimeout"), (e.Kind, e.Id));
        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Store.Changes).Status);
    }

    private static (string, bool, string) Told(object item) => item is ClusterNode node ? (node.Name, node.Online, node.Problem) : throw new InvalidOperationException($"{item} is no node.");

    private static bool IsOfTask(ProxmoxRequest request) => request.Path.Contains("/tasks/UPID", StringComparison.Ordinal);

    private static Task ReachAsync(ProxmoxBench bench, string what, Func<IReadOnlyList<ProxmoxRequest>, bool> holds) =>
        Eventually.HoldsAsync(what, () => Task.FromResult(holds(bench.Cluster.Requests)), Cancel);
}
