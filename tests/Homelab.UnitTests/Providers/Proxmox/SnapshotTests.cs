using Homelab.Lab.Proxmox;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Snapshots of guests: listed as a tree, made, returned to, removed.</summary>
public sealed class SnapshotTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    [Fact]
    public async Task A_snapshot_is_made_and_seen()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var guest = bench.Cluster.AddGuest(s_dev);

        var made = await bench.ChangeAsync<VmSnapshot>("proxmox_create_snapshot", new { vm = "dev", name = "before", description = "before 12.1" });

        Assert.Equal(("before", "before 12.1", "pve/100 (dev)", true, false), (made.Name, made.Description, made.Vm.ToString(), made.IsParentOfCurrent, made.WithMemory));
        Assert.Equal(TaskState.Succeeded, made.Task!.State);
        Assert.Single(guest.Snapshots);
        Assert.Equal("Make snapshot 'other' of guest dev@pve", (await PlanAsync(bench, new { vm = "100", name = "other" })).Intent.ToString());
    }

    [Fact]
    public async Task Snapshots_are_listed_as_a_tree_and_current_is_none_of_them()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        foreach (var name in new[] { "first", "second" }) await MakeAsync(bench, name);
        await bench.ChangeAsync<VmDetail>("proxmox_rollback_snapshot", new { vm = "dev", name = "first" });
        await MakeAsync(bench, "third");

        var all = await bench.QueryAsync<VmSnapshot>("proxmox_list_snapshots", new { vm = "dev" });

        Assert.Equal([("first", 0, null), ("second", 1, "first"), ("third", 1, "first")], all.Select(static s => (s.Name, s.Depth, s.Parent)));
        Assert.Equal("third", Assert.Single(all, static s => s.IsParentOfCurrent).Name);
    }

    [Fact]
    public void Parents_that_are_missing_or_go_round_in_a_circle_lose_no_snapshot()
    {
        var grown = SnapshotTree.Grow(
            new VmRef("dev"),
            [new() { Name = "a", Parent = "b", SnapTime = 1 }, new() { Name = "b", Parent = "a" }, new() { Name = "c", Parent = "gone" }, new() { Name = "d" }, new() { Name = null }, new() { Name = "current", Parent = "c" }]);

        Assert.Equal(["a", "b", "c", "d"], grown.Select(static s => s.Name).Order(StringComparer.Ordinal));
        Assert.True(grown.Single(static s => s.Name == "c").IsParentOfCurrent);
        Assert.Null(grown.Single(static s => s.Name == "d").CreatedAt);
    }

    [Fact]
    public async Task An_exact_name_that_is_not_there_is_told_with_the_nearest_and_a_pattern_yields_nothing()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        await MakeAsync(bench, "before");

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.QueryAsync<VmSnapshot>("proxmox_list_snapshots", new { vm = "dev", name = "befor" }));

        Assert.Equal("SnapshotNotFound", e.Id);
        Assert.Contains("Did you mean 'before'?", e.Message, StringComparison.Ordinal);
        Assert.Empty(await bench.QueryAsync<VmSnapshot>("proxmox_list_snapshots", new { vm = "dev", name = "x*" }));
    }

    [Theory]
    [InlineData("before", "SnapshotExists")]
    [InlineData("current", "InputInvalid")]
    [InlineData("1bad", "InputInvalid")]
    public async Task A_name_that_cannot_be_had_is_told_before_anything_is_asked_for(string name, string id)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        await MakeAsync(bench, "before");
        bench.Cluster.ForgetRequests();

        Assert.Equal(id, (await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_container_on_a_storage_without_snapshots_is_told_so_before()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Kind = SimulatedGuestKind.Lxc });

        Assert.Equal("SnapshotNotSupported", (await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task Memory_is_kept_of_what_runs_alone()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var guest = bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "ram", withMemory = true });
        guest.StartByHand();
        var made = await bench.ChangeAsync<VmSnapshot>("proxmox_create_snapshot", new { vm = "dev", name = "ram", withMemory = true });

        Assert.Equal("VmNotRunning", e.Id);
        Assert.True(made.WithMemory);
    }

    [Fact]
    public async Task A_task_that_fails_after_it_was_taken_is_a_failure_with_its_word()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("qmsnapshot", "storage 'local' is full");

        var e = await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" });

        Assert.Equal((ErrorKind.Failed, "ProxmoxTaskFailed"), (e.Kind, e.Id));
        Assert.Contains("storage 'local' is full", e.Message, StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_locked_guest_is_a_conflict()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev).Lock = "backup";

        Assert.Equal((ErrorKind.Conflict, "VmLocked"), await KindAsync(bench, "proxmox_create_snapshot", new { vm = "dev", name = "before" }));
    }

    [Fact]
    public async Task A_token_without_the_right_is_denied_with_what_it_lacks()
    {
        await using var bench = await ProxmoxBench.StartAsync(
            new SimulatedProxmoxOptions(),
            static c => "root@pam!look=" + c.AddToken("root@pam", "look", separated: true, ("/", "PVEAuditor")));
        bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" });

        Assert.Equal((ErrorKind.Denied, "ProxmoxDenied"), (e.Kind, e.Id));
        Assert.Contains("VM.Snapshot", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_down_is_told_as_that()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddGuest(s_dev with { Node = "pve2" });
        await bench.Cluster.Node("pve2").GoDownAsync();

        Assert.Equal(ErrorKind.Unavailable, (await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" })).Kind);
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(ProxmoxFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task A_lost_answer_is_settled_by_the_list(ProxmoxFaultKind kind, ChangeStatus status)
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { TaskTime = TimeSpan.Zero });
        var guest = bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Method = "POST", Path = "*/snapshot" });

        if (status == ChangeStatus.NotDone) await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" });
        else await bench.InvokeAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" });

        Assert.Equal(status, Assert.Single(bench.Store.Changes).Status);
        Assert.Equal(status == ChangeStatus.Succeeded ? 1 : 0, guest.Snapshots.Count);
        Assert.Single(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_lost_answer_whose_task_still_runs_stays_unknown()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        var hold = bench.Cluster.HoldNext("qmsnapshot");
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "POST", Path = "*/snapshot" });

        Assert.Equal("OutcomeUnknown", (await bench.FailAsync("proxmox_create_snapshot", new { vm = "dev", name = "before" })).Id);
        hold.Release();
    }

    [Fact]
    public async Task Not_waiting_leaves_the_task_running()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        var hold = bench.Cluster.HoldNext("qmsnapshot");

        var made = await bench.ChangeAsync<VmSnapshot>("proxmox_create_snapshot", new { vm = "dev", name = "before", noWait = true });

        Assert.Equal(TaskState.Running, made.Task!.State);
        hold.Release();
    }

    [Fact]
    public async Task A_return_stops_the_guest_unless_it_is_to_start()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var guest = bench.Cluster.AddGuest(s_dev with { Running = true });
        await MakeAsync(bench, "before");

        var stopped = await bench.ChangeAsync<VmDetail>("proxmox_rollback_snapshot", new { vm = "dev", name = "before" });
        var started = await bench.ChangeAsync<VmDetail>("proxmox_rollback_snapshot", new { vm = "dev", name = "before", start = true });

        Assert.Equal((VmState.Stopped, VmState.Running), (stopped.State, started.State));
        Assert.Equal("qmrollback", started.Task!.Type);
        Assert.Equal("before", guest.ParentSnapshot);
    }

    [Theory]
    [InlineData("proxmox_rollback_snapshot")]
    [InlineData("proxmox_delete_snapshot")]
    public async Task A_snapshot_that_is_not_there_is_told_before(string operation)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        Assert.Equal((ErrorKind.NotFound, "SnapshotNotFound"), await KindAsync(bench, operation, new { vm = "dev", name = "before" }));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(ProxmoxFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task A_lost_return_is_settled_by_its_task_even_when_the_guest_was_there_already(ProxmoxFaultKind kind, ChangeStatus status)
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { TaskTime = TimeSpan.Zero });
        bench.Cluster.AddGuest(s_dev);
        await MakeAsync(bench, "before");
        await bench.ChangeAsync<VmDetail>("proxmox_rollback_snapshot", new { vm = "dev", name = "before" });
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Method = "POST", Path = "*/rollback" });

        if (status == ChangeStatus.NotDone) await bench.FailAsync("proxmox_rollback_snapshot", new { vm = "dev", name = "before" });
        else await bench.InvokeAsync("proxmox_rollback_snapshot", new { vm = "dev", name = "before" });

        Assert.Equal(status, bench.Store.Changes[^1].Status);
    }

    [Fact]
    public async Task A_snapshot_is_removed_and_seen_to_be_gone()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var guest = bench.Cluster.AddGuest(s_dev);
        await MakeAsync(bench, "before");

        var gone = await bench.ChangeAsync<VmSnapshot>("proxmox_delete_snapshot", new { vm = "dev", name = "before" });

        Assert.Equal(("before", "qmdelsnapshot"), (gone.Name, gone.Task!.Type));
        Assert.Empty(guest.Snapshots);
    }

    [Fact]
    public async Task A_lost_removal_is_settled_by_the_list()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { TaskTime = TimeSpan.Zero });
        bench.Cluster.AddGuest(s_dev);
        await MakeAsync(bench, "before");
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "DELETE" });

        await bench.InvokeAsync("proxmox_delete_snapshot", new { vm = "dev", name = "before" });

        Assert.Equal(ChangeStatus.Succeeded, bench.Store.Changes[^1].Status);
    }

    private static Task<VmSnapshot> MakeAsync(ProxmoxBench bench, string name) => bench.ChangeAsync<VmSnapshot>("proxmox_create_snapshot", new { vm = "dev", name });

    private static async Task<(ErrorKind Kind, string Id)> KindAsync(ProxmoxBench bench, string operation, object input)
    {
        var e = await bench.FailAsync(operation, input);
        return (e.Kind, e.Id);
    }

    private static Task<GateOutcome.Planned> PlanAsync(ProxmoxBench bench, object input) =>
        bench.Gate.ExplainAsync(new GateRequest { Operation = "proxmox_create_snapshot", Json = System.Text.Json.JsonSerializer.SerializeToElement(input), Caller = ProxmoxBench.Person }, TestContext.Current.CancellationToken);
}
