using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class SuspendTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev", Running = true };

    [Fact]
    public async Task A_guest_is_paused_and_goes_on()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        Assert.Equal(VmState.Paused, (await bench.ChangeAsync<VmDetail>("proxmox_suspend_vm", new { vm = "dev" })).State);
        Assert.Equal(VmState.Running, (await bench.ChangeAsync<VmDetail>("proxmox_resume_vm", new { vm = "dev" })).State);
    }

    [Fact]
    public async Task A_guest_is_hibernated_and_wakes()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var off = await bench.ChangeAsync<VmDetail>("proxmox_suspend_vm", new { vm = "dev", toDisk = true });
        Assert.Equal((VmState.Stopped, "suspended"), (off.State, off.Lock));
        Assert.Equal(VmState.Running, (await bench.ChangeAsync<VmDetail>("proxmox_resume_vm", new { vm = "dev" })).State);
    }

    [Fact]
    public async Task Pausing_a_paused_guest_and_resuming_one_that_runs_changes_nothing()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        await bench.ChangeAsync<VmDetail>("proxmox_resume_vm", new { vm = "dev" });
        Assert.Empty(bench.Cluster.Changes);

        await bench.ChangeAsync<VmDetail>("proxmox_suspend_vm", new { vm = "dev" });
        await bench.ChangeAsync<VmDetail>("proxmox_suspend_vm", new { vm = "dev" });

        Assert.Single(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData("proxmox_suspend_vm")]
    [InlineData("proxmox_resume_vm")]
    [InlineData("proxmox_reset_vm")]
    public async Task A_guest_that_is_off_cannot_be_suspended_resumed_or_reset(string operation)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Running = false });

        var e = await bench.FailAsync(operation, new { vm = "dev" });

        Assert.Equal((ErrorKind.Conflict, "VmNotRunning"), (e.Kind, e.Id));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData("proxmox_suspend_vm")]
    [InlineData("proxmox_resume_vm")]
    [InlineData("proxmox_reset_vm")]
    public async Task A_container_cannot_be_suspended_resumed_or_reset(string operation)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 200, Name = "web", Kind = SimulatedGuestKind.Lxc, Running = true });

        Assert.Equal((ErrorKind.Invalid, "VmIsContainer"), await bench.FailAsync(operation, new { vm = "web" }) is var e ? (e.Kind, e.Id) : default);
    }

    [Fact]
    public async Task A_reset_is_one_task_and_leaves_it_running()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var after = await bench.ChangeAsync<VmDetail>("proxmox_reset_vm", new { vm = "dev" });

        Assert.Equal((VmState.Running, "qmreset"), (after.State, after.Task!.Type));
    }

    [Fact]
    public async Task Of_a_reset_nobody_can_tell_later_whether_it_happened()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "POST" });

        var e = await bench.FailAsync("proxmox_reset_vm", new { vm = "dev" });

        Assert.Equal("OutcomeUnknown", e.Id);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_pause_that_fails_as_a_task_is_a_failure()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("qmpause", "got timeout");

        Assert.Equal("ProxmoxTaskFailed", (await bench.FailAsync("proxmox_suspend_vm", new { vm = "dev" })).Id);
    }

    [Fact]
    public async Task A_pause_of_which_the_answer_is_lost_is_settled_by_a_look()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "POST" });
        bench.Cluster.TaskTime = TimeSpan.Zero;

        await bench.InvokeAsync("proxmox_suspend_vm", new { vm = "dev" });

        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
    }
}
