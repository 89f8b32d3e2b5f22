using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class TaskOperationTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    [Fact]
    public async Task The_latest_task_comes_first()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });
        await bench.ChangeAsync<VmDetail>("proxmox_stop_vm", new { vm = "dev" });

        var tasks = await bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { vm = "dev" });

        Assert.Equal(["qmstart", "qmstop"], tasks.Select(static t => t.Type).Order(StringComparer.Ordinal));
        Assert.All(tasks, static t => Assert.Equal(("100", "pve", TaskState.Succeeded, "root@pam!test"), (t.Subject, t.Node, t.State, t.User)));
        Assert.Equal(tasks.OrderByDescending(static t => t.StartedAt).Select(static t => t.Upid), tasks.Select(static t => t.Upid));
    }

    [Fact]
    public async Task Tasks_of_every_node_are_listed()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "web", Node = "pve2" });
        await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });
        await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "web" });

        var all = await bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { });
        var one = await bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { node = "pve2" });

        Assert.Equal(["pve1", "pve2"], all.Select(static t => t.Node).Order(StringComparer.Ordinal));
        Assert.Equal("101", Assert.Single(one).Subject);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_an_error_after_what_the_others_told()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(s_dev);
        await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });
        foreach (var node in bench.Cluster.Nodes) node.Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Unreachable, Path = "/nodes/pve2/tasks", Times = int.MaxValue });

        var told = new List<ProxmoxTask>();
        var e = await Assert.ThrowsAnyAsync<HomelabException>(async () =>
        {
            var request = new GateRequest { Operation = "proxmox_list_tasks", Caller = ProxmoxBench.Person };
            await foreach (var item in bench.Gate.QueryAsync(request, TestContext.Current.CancellationToken)) told.Add((ProxmoxTask)item);
        });

        Assert.Equal((ErrorKind.Unavailable, "ProxmoxNodeUnreachable"), (e.Kind, e.Id));
        Assert.Single(told);
    }

    [Theory]
    [InlineData("proxmox_task_status")]
    [InlineData("proxmox_wait_task")]
    public async Task A_task_that_its_node_does_not_know_is_not_found(string operation)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        const string Never = "UPID:pve:000010C4:0006078F:6B00E49D:qmstart:110:root@pam:";

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<ProxmoxTask>(operation, new { task = Never }));

        Assert.Equal((ErrorKind.NotFound, "ProxmoxTaskNotFound", Never), (e.Kind, e.Id, e.Target));
        Assert.Contains("Get-HlTask -Node pve", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_known_to_be_off_is_not_asked()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddGuest(s_dev);
        await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });
        await bench.Cluster.Node("pve3").GoDownAsync();

        Assert.Single(await bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { }));
    }

    [Fact]
    public async Task Failed_ones_are_told_apart_and_come_with_their_log()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("qmstart", "start failed: no memory");
        await bench.FailAsync("proxmox_start_vm", new { vm = "dev" });
        await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });

        var failed = Assert.Single(await bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { failed = true, log = true, type = "qm*", since = "1h" }));

        Assert.Equal((TaskState.Failed, "start failed: no memory"), (failed.State, failed.ExitStatus));
        Assert.Contains(failed.Log, static l => l.Contains("no memory", StringComparison.Ordinal));
        Assert.Equal(failed.Upid, Assert.Single(await bench.QueryAsync<ProxmoxTask>("proxmox_task_status", new { task = failed.Upid })).Upid);
    }

    [Fact]
    public async Task Running_and_failed_at_once_is_a_mistake()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var e = await Assert.ThrowsAsync<InputException>(() => bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { running = true, failed = true }));

        Assert.Equal("failed", Assert.Single(e.Problems).Field);
    }

    [Fact]
    public async Task Waiting_ends_with_the_task()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        var hold = bench.Cluster.HoldNext("qmstart");
        var left = (await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev", noWait = true })).Task!;
        Assert.Equal(left.Upid, Assert.Single(await bench.QueryAsync<ProxmoxTask>("proxmox_list_tasks", new { running = true })).Upid);

        var waiting = bench.QueryAsync<ProxmoxTask>("proxmox_wait_task", new { task = left.Upid });
        hold.Release();

        Assert.Equal(TaskState.Succeeded, Assert.Single(await waiting).State);
    }

    [Fact]
    public async Task A_task_that_failed_is_an_error_of_whoever_waits_unless_that_is_allowed()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("qmstart", "start failed: no memory");
        await bench.FailAsync("proxmox_start_vm", new { vm = "dev" });
        var upid = Assert.Single(bench.Cluster.AllTasks).Upid;

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<ProxmoxTask>("proxmox_wait_task", new { task = upid }));
        var seen = Assert.Single(await bench.QueryAsync<ProxmoxTask>("proxmox_wait_task", new { task = upid, allowFailure = true }));

        Assert.Equal((ErrorKind.Failed, "ProxmoxTaskFailed"), (e.Kind, e.Id));
        Assert.Equal(TaskState.Failed, seen.State);
        Assert.NotEmpty(seen.Log);
    }

    [Fact]
    public async Task Waiting_for_too_long_is_an_error_and_leaves_the_task_alone()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.HoldNext("qmstart");
        var left = (await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev", noWait = true })).Task!;

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<ProxmoxTask>("proxmox_wait_task", new { task = left.Upid, timeout = "1s" }));

        Assert.Equal((ErrorKind.Timeout, "ProxmoxTaskTimeout"), (e.Kind, e.Id));
        Assert.True(Assert.Single(bench.Cluster.AllTasks).Running);
    }

    [Fact]
    public async Task A_task_that_runs_is_stopped_and_seen_to_have_ended()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.HoldNext("qmstart");
        var left = (await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev", noWait = true })).Task!;

        var ended = await bench.ChangeAsync<ProxmoxTask>("proxmox_stop_task", new { task = left.Upid });

        Assert.Equal((TaskState.Failed, "unexpected status"), (ended.State, ended.ExitStatus));
        Assert.Single(bench.Cluster.Changes, static c => c.Method == "DELETE");
    }

    [Fact]
    public async Task Stopping_a_task_that_has_ended_changes_nothing()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        var task = (await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" })).Task!;

        var ended = await bench.ChangeAsync<ProxmoxTask>("proxmox_stop_task", new { task = task.Upid });

        Assert.Equal(TaskState.Succeeded, ended.State);
        Assert.DoesNotContain(bench.Cluster.Changes, static c => c.Method == "DELETE");
    }

    [Fact]
    public async Task A_stop_of_which_the_answer_is_lost_is_settled_by_a_look()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.HoldNext("qmstart");
        var left = (await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev", noWait = true })).Task!;
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "DELETE" });

        var outcome = await bench.InvokeAsync("proxmox_stop_task", new { task = left.Upid });

        Assert.IsType<GateOutcome.Done>(outcome);
        Assert.Equal(ChangeStatus.Succeeded, bench.Store.Changes[^1].Status);
    }

    [Fact]
    public async Task What_protects_a_guest_protects_its_tasks()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), lab: static l => l with { Access = new AccessPolicy { Mcp = Level.Manage }, Policy = new GatePolicy { Protected = ["100"] } });
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.HoldNext("qmstart");
        var left = (await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev", noWait = true })).Task!;

        var outcome = await bench.InvokeAsync("proxmox_stop_task", new { task = left.Upid }, new Caller(Face.Mcp, "model"));

        Assert.Equal(Requirement.AskTwice, Assert.IsType<GateOutcome.Waiting>(outcome).Decision.Verdict);
    }
}
