using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Guests are started, shut down, switched off and restarted, and nothing of it counts before it was seen.</summary>
public sealed class PowerTests
{
    [Theory]
    [InlineData(SimulatedGuestKind.Qemu)]
    [InlineData(SimulatedGuestKind.Lxc)]
    public async Task A_guest_is_started_and_seen_to_run(SimulatedGuestKind kind)
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Kind = kind });

        var vm = await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev" });

        Assert.Equal(VmState.Running, vm.State);
        Assert.Equal(TaskState.Succeeded, vm.Task!.State);
        Assert.NotNull(bench.Cluster.Guest(100).Pid);
    }

    [Theory]
    [InlineData("proxmox_start_vm", true)]
    [InlineData("proxmox_shutdown_vm", false)]
    [InlineData("proxmox_stop_vm", false)]
    public async Task What_is_so_already_is_left_as_it_is(string operation, bool running)
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = running });

        var vm = await bench.ChangeAsync<VmDetail>(operation, new { vm = "100" });

        Assert.Null(vm.Task);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData("proxmox_shutdown_vm", SimulatedGuestKind.Qemu)]
    [InlineData("proxmox_shutdown_vm", SimulatedGuestKind.Lxc)]
    [InlineData("proxmox_stop_vm", SimulatedGuestKind.Qemu)]
    [InlineData("proxmox_stop_vm", SimulatedGuestKind.Lxc)]
    public async Task A_guest_is_brought_down_and_seen_to_be_off(string operation, SimulatedGuestKind kind)
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true, Kind = kind });

        Assert.Equal(VmState.Stopped, (await bench.ChangeAsync<VmDetail>(operation, new { vm = "dev" })).State);
        Assert.Null(bench.Cluster.Guest(100).Pid);
    }

    [Theory]
    [InlineData(SimulatedGuestKind.Qemu)]
    [InlineData(SimulatedGuestKind.Lxc)]
    public async Task A_restart_is_done_when_another_process_runs_it(SimulatedGuestKind kind)
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true, Kind = kind });
        bench.Cluster.RebootGap = TimeSpan.FromMilliseconds(150);
        var before = bench.Cluster.Guest(100).Pid;

        var vm = await bench.ChangeAsync<VmDetail>("proxmox_reboot_vm", new { vm = "dev" });

        Assert.Equal(VmState.Running, vm.State);
        Assert.NotEqual(before, (int)vm.Pid!);
    }

    [Fact]
    public async Task A_guest_that_does_not_listen_is_switched_off_and_started_where_that_is_asked_for()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true, HasAcpi = false });
        var before = bench.Cluster.Guest(100).Pid;

        var e = await bench.FailAsync("proxmox_reboot_vm", new { vm = "dev", timeout = "1s" });
        Assert.Equal(ErrorKind.Failed, e.Kind);

        var vm = await bench.ChangeAsync<VmDetail>("proxmox_reboot_vm", new { vm = "dev", timeout = "1s", forceStop = true });
        Assert.Equal(VmState.Running, vm.State);
        Assert.NotEqual(before, (int)vm.Pid!);
    }

    [Fact]
    public async Task A_stopped_guest_is_restarted_only_where_that_is_asked_for()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });

        var e = await bench.FailAsync("proxmox_reboot_vm", new { vm = "dev" });
        Assert.Equal((ErrorKind.Conflict, "VmNotRunning"), (e.Kind, e.Id));
        Assert.Contains("-StartIfStopped", e.Message, StringComparison.Ordinal);

        Assert.Equal(VmState.Running, (await bench.ChangeAsync<VmDetail>("proxmox_reboot_vm", new { vm = "dev", startIfStopped = true })).State);
    }

    [Theory]
    [InlineData("proxmox_start_vm")]
    [InlineData("proxmox_shutdown_vm")]
    [InlineData("proxmox_stop_vm")]
    [InlineData("proxmox_reboot_vm")]
    public async Task A_locked_guest_is_a_conflict_and_nothing_is_asked_for(string operation)
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true });
        bench.Cluster.Guest(100).Lock = "backup";

        var e = await bench.FailAsync(operation, new { vm = "dev" });

        Assert.Equal((ErrorKind.Conflict, "VmLocked"), (e.Kind, e.Id));
        Assert.Contains("backup", e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_template_is_not_started()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 900, Name = "debian", Template = true });
        Assert.Equal("VmIsTemplate", (await bench.FailAsync("proxmox_start_vm", new { vm = "debian" })).Id);
    }

    [Fact]
    public async Task A_task_that_fails_after_the_request_was_taken_is_a_failure_with_its_reason()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });
        bench.Cluster.FailNext("qmstart", "start failed: org.freedesktop.systemd1.UnitExists");

        var e = await bench.FailAsync("proxmox_start_vm", new { vm = "dev" });

        Assert.Equal((ErrorKind.Failed, "ProxmoxTaskFailed"), (e.Kind, e.Id));
        Assert.Contains("UnitExists", e.Message, StringComparison.Ordinal);
        Assert.Contains("Get-HlTask", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_does_not_wait_gets_the_running_task()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });
        bench.Cluster.HoldNext("qmstart");

        var vm = await bench.ChangeAsync<VmDetail>("proxmox_start_vm", new { vm = "dev", noWait = true });

        Assert.Equal((VmState.Stopped, TaskState.Running, "qmstart"), (vm.State, vm.Task!.State, vm.Task.Type));
    }

    [Fact]
    public async Task A_guest_under_high_availability_is_waited_for_beyond_its_task()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true, HaManaged = true });

        var vm = await bench.ChangeAsync<VmDetail>("proxmox_shutdown_vm", new { vm = "dev" });

        Assert.Equal(VmState.Stopped, vm.State);
        Assert.Equal("hastop", vm.Task!.Type);
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_a_look()
    {
        await using var bench = await StartAsync(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Running = true });
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostBefore, Method = "POST" });

        var e = await bench.FailAsync("proxmox_stop_vm", new { vm = "dev" });

        Assert.Equal(ErrorKind.Unavailable, e.Kind);
        Assert.Equal(ChangeStatus.NotDone, bench.Store.Changes.Single().Status);
        Assert.NotNull(bench.Cluster.Guest(100).Pid);
    }

    [Fact]
    public async Task A_token_that_is_revoked_in_the_middle_leaves_an_unknown_end()
    {
        var token = "";
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), c => token = "root@pam!mid=" + c.AddToken("root@pam", "mid"));
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });
        bench.Cluster.HoldNext("qmstart");
        var starting = bench.FailAsync("proxmox_start_vm", new { vm = "dev" });
        await Eventually.HoldsAsync("the task is followed", () => Task.FromResult(bench.Cluster.Requests.Any(static r => r.Path.Contains("/tasks/", StringComparison.Ordinal))), TestContext.Current.CancellationToken);

        bench.Cluster.Revoke("root@pam!mid");
        var e = await starting;

        Assert.Equal("OutcomeUnknown", e.Id);
        Assert.Contains("The token is unknown, expired or revoked", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(token, e.Message, StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
    }

    private static async Task<ProxmoxBench> StartAsync(SimulatedGuestSpec guest)
    {
        var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(guest);
        return bench;
    }
}
