using System.Net;
using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Lab.Proxmox;

/// <summary>What guests do beyond the recordings: at the right moment, with locks, on other nodes, and for those who may.</summary>
public sealed class SimulatedGuestTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_runs_only_when_its_start_task_has_ended()
    {
        await using var cluster = await StartAsync();
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        using var root = ProxmoxCaller.Root(cluster);
        var hold = cluster.HoldNext("qmstart");

        var task = (await root.PostAsync("/nodes/a/qemu/100/status/start")).Data!.ToString();

        Assert.Equal("stopped", guest.State);
        hold.Release();
        Assert.Equal("OK", await root.EndAsync(task));
        Assert.Equal("running", guest.State);
    }

    [Fact]
    public async Task A_reboot_task_ends_before_the_guest_is_back()
    {
        var time = new ManualTime();
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["a"], Time = time, TaskTime = TimeSpan.FromSeconds(1), RebootGap = TimeSpan.FromSeconds(2) }, Cancel);
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Running = true });
        using var root = ProxmoxCaller.Root(cluster);
        await root.PostAsync("/nodes/a/qemu/100/status/reboot");

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("OK", cluster.AllTasks[^1].ExitStatus);
        Assert.Equal("stopped", guest.State);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("running", guest.State);
    }

    [Theory]
    [InlineData(false, "VM quit/powerdown failed - got timeout", "running")]
    [InlineData(true, "OK", "stopped")]
    public async Task A_guest_that_does_not_answer_is_waited_for_and_only_then_forced(bool force, string exitStatus, string state)
    {
        var time = new ManualTime();
        await using var cluster = await SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["a"], Time = time }, Cancel);
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Running = true, HasAcpi = false });
        using var root = ProxmoxCaller.Root(cluster);
        await root.PostAsync("/nodes/a/qemu/100/status/shutdown", ("timeout", "30"), ("forceStop", force ? "1" : "0"));

        time.Advance(TimeSpan.FromSeconds(29));
        Assert.True(cluster.AllTasks[^1].Running);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((exitStatus, state), (cluster.AllTasks[^1].ExitStatus, guest.State));
    }

    [Fact]
    public async Task A_shutdown_of_what_the_cluster_keeps_up_ends_before_the_guest_is_down()
    {
        await using var cluster = await StartAsync();
        cluster.RebootGap = TimeSpan.FromHours(1);
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Running = true, HaManaged = true });
        using var root = ProxmoxCaller.Root(cluster);

        var task = (await root.PostAsync("/nodes/a/qemu/100/status/shutdown")).Data!.ToString();

        Assert.Contains(":hastop:100:", task, StringComparison.Ordinal);
        Assert.Equal("OK", await root.EndAsync(task));
        Assert.Equal("running", guest.State);
    }

    [Theory]
    [InlineData("1", "network,disk,usb,memory", "2048", true)]
    [InlineData("1", "network,disk,usb,memory", "512", false)]
    [InlineData("1", "network,disk,usb", "2048", false)]
    [InlineData("1", "1", "2048", false)]
    [InlineData("0", "network,disk,usb,memory", "2048", false)]
    public async Task Memory_is_plugged_into_a_running_guest_only_where_it_was_made_for_that(string numa, string hotplug, string memory, bool atOnce)
    {
        await using var cluster = await StartAsync();
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Memory = 1024, Running = true });
        (guest.Config["numa"], guest.Config["hotplug"]) = (numa, hotplug);
        using var root = ProxmoxCaller.Root(cluster);

        await root.PutAsync("/nodes/a/qemu/100/config", ("memory", memory));

        Assert.Equal((atOnce ? memory : "1024", !atOnce), (guest.Config["memory"], guest.Pending.ContainsKey("memory")));
        guest.Crash();
        guest.StartByHand();
        Assert.Equal(memory, guest.Config["memory"]);
    }

    [Fact]
    public async Task A_guest_is_locked_while_it_is_backed_up_and_free_afterwards()
    {
        await using var cluster = await StartAsync();
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Running = true });
        using var root = ProxmoxCaller.Root(cluster);
        var hold = cluster.HoldNext("vzdump");

        var task = (await root.PostAsync("/nodes/a/vzdump", ("vmid", "100"), ("storage", "local"), ("compress", "zstd"), ("notes-template", "{{guestname}} on {{node}}"))).Data!.ToString();

        Assert.Equal("500 VM is locked (backup)", (await root.PutAsync("/nodes/a/qemu/100/config", ("cores", "2"))).Line);
        hold.Release();
        Assert.Equal("OK", await root.EndAsync(task));
        Assert.Null(guest.Lock);
        var archive = cluster.Storages[0].Volumes.Single(static v => v.Content == "backup");
        Assert.EndsWith(".vma.zst", archive.Volid, StringComparison.Ordinal);
        Assert.Equal("web on a", archive.Notes);
    }

    [Fact]
    public async Task A_backup_is_restored_under_another_number()
    {
        await using var cluster = await StartAsync();
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Memory = 777 });
        using var root = ProxmoxCaller.Root(cluster);
        await root.EndAsync((await root.PostAsync("/nodes/a/vzdump", ("vmid", "100"), ("storage", "local"))).Data!.ToString());
        var archive = cluster.Storages[0].Volumes.Single(static v => v.Content == "backup").Volid;

        Assert.Equal("500 unable to restore VM 100 - VM 100 already exists on node 'a'", (await root.PostAsync("/nodes/a/qemu", ("vmid", "100"), ("archive", archive))).Line);
        Assert.Equal("OK", await root.EndAsync((await root.PostAsync("/nodes/a/qemu", ("vmid", "105"), ("archive", archive), ("unique", "1"))).Data!.ToString()));

        Assert.Equal(777, (int)(await root.GetAsync("/nodes/a/qemu/105/status/current")).Data!["maxmem"]!.GetValue<long>() / 1024 / 1024);
        Assert.NotEqual(cluster.Guest(100).Config["net0"], cluster.Guest(105).Config["net0"]);
    }

    [Fact]
    public async Task A_failed_task_leaves_no_lock_and_no_half_made_guest()
    {
        await using var cluster = await StartAsync();
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        using var root = ProxmoxCaller.Root(cluster);
        cluster.FailNext("qmsnapshot", "no space left");
        cluster.FailNext("qmclone", "no space left");

        Assert.Equal("no space left", await root.EndAsync((await root.PostAsync("/nodes/a/qemu/100/snapshot", ("snapname", "before"))).Data!.ToString()));
        Assert.Equal("no space left", await root.EndAsync((await root.PostAsync("/nodes/a/qemu/100/clone", ("newid", "101"))).Data!.ToString()));

        Assert.Null(guest.Lock);
        Assert.Empty(guest.Snapshots);
        Assert.DoesNotContain(cluster.Guests, static g => g.Vmid == 101);
    }

    [Fact]
    public async Task A_running_guest_moves_with_its_disks_only_when_told_to()
    {
        await using var cluster = await StartAsync();
        var guest = cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Node = "a", Running = true });
        using var root = ProxmoxCaller.Root(cluster);

        Assert.Equal("500 can't migrate running VM without --online", (await root.PostAsync("/nodes/a/qemu/100/migrate", ("target", "b"))).Line);
        var stays = await root.EndAsync((await root.PostAsync("/nodes/a/qemu/100/migrate", ("target", "b"), ("online", "1"))).Data!.ToString());
        Assert.StartsWith("Problem found while scanning volumes", stays, StringComparison.Ordinal);
        Assert.Equal("OK", await root.EndAsync((await root.PostAsync("/nodes/a/qemu/100/migrate", ("target", "b"), ("online", "1"), ("with-local-disks", "1"))).Data!.ToString()));

        Assert.Equal(("b", "running", null), (guest.Node.Name, guest.State, guest.Lock));
        Assert.Equal("500 Configuration file 'nodes/a/qemu-server/100.conf' does not exist", (await root.GetAsync("/nodes/a/qemu/100/config")).Line);
        Assert.Equal(HttpStatusCode.OK, (await root.GetAsync("/nodes/b/qemu/100/config")).Status);
    }

    [Fact]
    public async Task An_agents_command_is_told_about_once()
    {
        await using var cluster = await StartAsync();
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Agent = true, Running = true });
        using var root = ProxmoxCaller.Root(cluster);

        var pid = (await root.PostAsync("/nodes/a/qemu/100/agent/exec", ("command", "echo"), ("command", "hello"))).Data!["pid"]!.ToString();

        Assert.Equal("hello\n", (await root.GetAsync($"/nodes/a/qemu/100/agent/exec-status?pid={pid}")).Data!["out-data"]!.ToString());
        Assert.Equal("500 Agent error: PID ld does not exist", (await root.GetAsync($"/nodes/a/qemu/100/agent/exec-status?pid={pid}")).Line);
    }

    [Theory]
    [InlineData(false, true, true, "500 No QEMU guest agent configured")]
    [InlineData(true, false, true, "500 VM 100 is not running")]
    [InlineData(true, true, false, "500 QEMU guest agent is not running")]
    [InlineData(true, true, true, "200 OK")]
    public async Task An_agent_must_be_configured_running_and_answering(bool configured, bool running, bool answers, string expected)
    {
        await using var cluster = await StartAsync();
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web", Agent = configured, Running = running }).AgentAnswers = answers;
        using var root = ProxmoxCaller.Root(cluster);

        Assert.Equal(expected, (await root.PostAsync("/nodes/a/qemu/100/agent/ping")).Line);
    }

    [Fact]
    public async Task Rules_of_a_firewall_are_added_at_the_top_moved_and_removed()
    {
        await using var cluster = await StartAsync();
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        using var root = ProxmoxCaller.Root(cluster);
        const string Rules = "/nodes/a/qemu/100/firewall/rules";
        foreach (var port in (string[])["22", "80", "443"]) await root.PostAsync(Rules, ("type", "in"), ("action", "ACCEPT"), ("proto", "tcp"), ("dport", port));

        await root.PutAsync(Rules + "/0", ("moveto", "2"));

        Assert.Equal(["80", "443", "22"], (await root.GetAsync(Rules)).Data!.AsArray().Select(static r => r!["dport"]!.ToString()));
        Assert.Equal(HttpStatusCode.OK, (await root.DeleteAsync(Rules + "/1")).Status);
        Assert.Equal("500 no rule at position 2", (await root.GetAsync(Rules + "/2")).Line);
    }

    [Fact]
    public async Task A_change_takes_the_privilege_of_each_line()
    {
        await using var cluster = await StartAsync();
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        cluster.AddRole("MemoryOnly", "VM.Audit", "VM.Config.Memory");
        cluster.AddUser("ops@pve");
        cluster.Allow(new SimulatedAcl("/vms/100", "user", "ops@pve", "MemoryOnly"));
        using var ops = new ProxmoxCaller(cluster, "ops@pve!t=" + cluster.AddToken("ops@pve", "t"));

        Assert.Equal("200 OK", (await ops.PutAsync("/nodes/a/qemu/100/config", ("memory", "1024"))).Line);
        Assert.Equal("403 Permission check failed (/vms/100, VM.Config.CPU)", (await ops.PutAsync("/nodes/a/qemu/100/config", ("memory", "2048"), ("cores", "4"))).Line);
        Assert.Equal("1024", cluster.Guest(100).Config["memory"]);
        Assert.Equal("403 Permission check failed (/vms/100, VM.PowerMgmt)", (await ops.PostAsync("/nodes/a/qemu/100/status/start")).Line);
    }

    [Fact]
    public async Task A_list_has_only_what_the_caller_may_see()
    {
        await using var cluster = await StartAsync();
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "web" });
        cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "db" });
        using var token = new ProxmoxCaller(cluster, "root@pam!t=" + cluster.AddToken("root@pam", "t", separated: true, ("/vms/101", "PVEAuditor")));

        Assert.Equal([101], (await token.GetAsync("/nodes/a/qemu")).Data!.AsArray().Select(static g => g!["vmid"]!.GetValue<int>()));
        Assert.Equal("403 Permission check failed (/vms/100, VM.Audit)", (await token.GetAsync("/nodes/a/qemu/100/config")).Line);
    }

    private static Task<SimulatedProxmox> StartAsync() => SimulatedProxmox.StartAsync(new SimulatedProxmoxOptions { Nodes = ["a", "b"], TaskTime = TimeSpan.FromMilliseconds(5) }, Cancel);
}
