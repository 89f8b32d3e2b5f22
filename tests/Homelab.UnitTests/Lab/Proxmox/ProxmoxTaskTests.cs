using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Proxmox;

public sealed class ProxmoxTaskTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_task_takes_its_time_and_does_its_work_at_its_end()
    {
        await using var cluster = await StartAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        var upid = await BulkStartAsync(caller);
        Assert.Matches("^UPID:pve:[0-9A-F]{8}:[0-9A-F]{8}:[0-9A-F]{8}:bulk-start::root@pam!lab:$", upid);
        Assert.Equal(("running", "stopped"), (await StatusAsync(caller, upid), cluster.Guest(100).State));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("stopped", "running"), (await StatusAsync(caller, upid), cluster.Guest(100).State));
    }

    [Fact]
    public async Task A_task_that_shall_fail_fails_after_200_and_does_nothing()
    {
        await using var cluster = await StartAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        cluster.FailNext("bulk-start", "got timeout");
        var upid = await BulkStartAsync(caller);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("got timeout", await caller.EndAsync(upid));
        Assert.Equal("stopped", cluster.Guest(100).State);
        Assert.Equal("TASK ERROR: got timeout", cluster.AllTasks[^1].Log[^1]);
        Assert.Equal(1, (int?)(await caller.GetAsync("/nodes/pve/tasks?errors=1")).Json!["total"]);
    }

    [Fact]
    public async Task A_held_task_runs_until_it_is_released()
    {
        await using var cluster = await StartAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        var hold = cluster.HoldNext("bulk-start");
        var upid = await BulkStartAsync(caller);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("running", await StatusAsync(caller, upid));
        Assert.Equal(upid, hold.Task!.Upid);
        hold.Release();
        Assert.Equal(("OK", "running"), (await caller.EndAsync(upid), cluster.Guest(100).State));
    }

    [Fact]
    public async Task A_stopped_task_ends_with_an_unexpected_status_and_has_done_nothing()
    {
        await using var cluster = await StartAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        var upid = await BulkStartAsync(caller);
        Assert.Equal("200 OK", (await caller.DeleteAsync("/nodes/pve/tasks/" + Uri.EscapeDataString(upid))).Line);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(("unexpected status", "stopped"), (await caller.EndAsync(upid), cluster.Guest(100).State));
    }

    [Fact]
    public async Task Warnings_are_counted()
    {
        await using var cluster = await StartAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        cluster.Guest(100).Lock = "backup";
        var upid = await BulkStartAsync(caller);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("WARNINGS: 1", await caller.EndAsync(upid));
    }

    [Fact]
    public async Task Another_users_task_is_not_shown()
    {
        await using var cluster = await StartAsync();
        using var root = ProxmoxCaller.Root(cluster);
        var upid = await BulkStartAsync(root);
        using var caller = new ProxmoxCaller(cluster, "ops@pve!t=" + cluster.AddToken("ops@pve", "t"));
        Assert.Empty((await caller.GetAsync("/nodes/pve/tasks?source=all")).Data!.AsArray());
        Assert.Equal("403 Permission check failed (/nodes/pve, Sys.Audit)", (await caller.GetAsync($"/nodes/pve/tasks/{Uri.EscapeDataString(upid)}/status")).Line);
    }

    [Fact]
    public async Task A_reboot_starts_nothing_that_was_started_and_stopped_since()
    {
        await using var cluster = await StartAsync();
        using var caller = ProxmoxCaller.Root(cluster);
        var guest = cluster.Guest(100);
        cluster.RebootGap = TimeSpan.FromSeconds(2);
        guest.StartByHand();
        await caller.PostAsync("/nodes/pve/qemu/100/status/reboot");
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("stopped", guest.State);
        guest.StartByHand();
        guest.Crash();
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("stopped", guest.State);
    }

    private static async Task<string> BulkStartAsync(ProxmoxCaller caller) => (string)(await caller.PostAsync("/cluster/bulk-action/guest/start", ("vms", "100"))).Data!;

    private static async Task<string?> StatusAsync(ProxmoxCaller caller, string upid) => (string?)(await caller.GetAsync($"/nodes/pve/tasks/{Uri.EscapeDataString(upid)}/status")).Data!["status"];

    private async Task<SimulatedProxmox> StartAsync()
    {
        var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Time = _time, TaskTime = TimeSpan.FromSeconds(5) }, Cancellation);
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        return cluster;
    }
}
