using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Guests that are copied, made, moved and removed.</summary>
public sealed class GuestLifeTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    [Fact]
    public async Task A_guest_is_copied_in_full_under_the_next_free_number()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var made = await bench.ChangeAsync<VmDetail>("proxmox_clone_vm", new { vm = "dev", name = "dev-2" });

        Assert.Equal((101, "dev-2", VmState.Stopped, "qmclone"), (made.Id, made.Name, made.State, made.Task!.Type));
        Assert.Equal("1", Assert.Single(bench.Cluster.Changes).Fields["full"]);
    }

    [Fact]
    public async Task A_template_is_copied_linked_unless_a_full_copy_is_asked_for()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Template = true });

        await bench.ChangeAsync<VmDetail>("proxmox_clone_vm", new { vm = "dev", name = "a" });
        await bench.ChangeAsync<VmDetail>("proxmox_clone_vm", new { vm = "dev", name = "b", full = true });
        var storage = await bench.FailAsync("proxmox_clone_vm", new { vm = "dev", name = "c", storage = "local" });

        Assert.Equal(["0", "1"], bench.Cluster.Changes.Select(static r => r.Fields["full"]));
        Assert.Equal("InputInvalid", storage.Id);
    }

    [Fact]
    public async Task A_number_or_name_that_is_taken_is_a_conflict_that_names_the_holder()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var number = await bench.FailAsync("proxmox_clone_vm", new { vm = "dev", id = 100 });
        var name = await bench.FailAsync("proxmox_clone_vm", new { vm = "dev", name = "DEV" });

        Assert.Equal(("VmIdTaken", "VmNameTaken"), (number.Id, name.Id));
        Assert.Contains("pve/100 (dev)", number.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(ProxmoxFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task A_lost_copy_is_settled_by_the_number_that_was_chosen_before(ProxmoxFaultKind kind, ChangeStatus status)
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { TaskTime = TimeSpan.Zero });
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Method = "POST", Path = "*/clone" });

        if (status == ChangeStatus.NotDone) await bench.FailAsync("proxmox_clone_vm", new { vm = "dev", name = "dev-2" });
        else await bench.InvokeAsync("proxmox_clone_vm", new { vm = "dev", name = "dev-2" });

        Assert.Equal(status, Assert.Single(bench.Store.Changes).Status);
        Assert.DoesNotContain("101", bench.Store.Changes[0].Input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_is_made_with_what_was_asked_for()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var made = await bench.ChangeAsync<VmDetail>("proxmox_create_vm", new { name = "web-2", storage = "local", disk = "4GiB", memory = "1GiB", core = 2, vlan = 20, tag = new[] { "web", "prod" }, start = true });

        Assert.Equal((100, "web-2", VmState.Running), (made.Id, made.Name, made.State));
        Assert.Equal(["prod", "web"], made.Tags.Order(StringComparer.Ordinal));
        var config = bench.Cluster.Guest(100).Config;
        Assert.Equal(("1024", "2"), (config["memory"], config["cores"]));
        Assert.Contains("tag=20", config["net0"], StringComparison.Ordinal);
        Assert.Contains("size=4G", config["scsi0"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_is_made_without_the_nodes_root_and_its_password_is_written_nowhere()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.Storages[0].Volumes.Add(new SimulatedVolume { Volid = "local:vztmpl/alpine-3.22.tar.zst", Content = "vztmpl", Format = "tzst", Node = "pve" });

        var made = await bench.ChangeAsync<VmDetail>("proxmox_create_vm", new { name = "dns-2", kind = "lxc", storage = "local", disk = "1GiB", template = "local:vztmpl/alpine-3.22.tar.zst", ip = "10.0.0.5/24", gateway = "10.0.0.1", password = "env:PROXMOX_TOKEN" });

        Assert.Equal((VmKind.Lxc, "dns-2", "vzcreate"), (made.Kind, made.Name, made.Task!.Type));
        var config = bench.Cluster.Guest(100).Config;
        Assert.Equal(("1", "nesting=1"), (config["unprivileged"], config["features"]));
        Assert.Contains("ip=10.0.0.5/24", config["net0"], StringComparison.Ordinal);
        Assert.True(bench.Cluster.Changes[0].Fields.ContainsKey("password"));
        Assert.Contains("env:PROXMOX_TOKEN", bench.Store.Changes[0].Input, StringComparison.Ordinal);
        Assert.DoesNotContain("root@pam!test", bench.Store.Changes[0].Input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_copy_that_is_not_waited_for_is_left_with_its_task()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        var hold = bench.Cluster.HoldNext("qmclone");

        var made = await bench.ChangeAsync<VmDetail>("proxmox_clone_vm", new { vm = "dev", name = "dev-2", noWait = true });

        Assert.Equal((101, TaskState.Running), (made.Id, made.Task!.State));
        hold.Release();
    }

    [Fact]
    public async Task What_cannot_be_said_of_a_kind_is_told_all_at_once()
    {
        await using var bench = await ProxmoxBench.StartAsync();

        var e = Assert.IsType<InputException>(await bench.FailAsync("proxmox_create_vm", new { name = "ct", kind = "lxc", storage = "local", iso = "local:iso/x.iso", bridge = "vmbr0,firewall=0", gateway = "10.0.0.1" }));

        Assert.Equal(["template", "iso", "gateway", "bridge"], e.Problems.Select(static p => p.Field));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task On_which_of_several_nodes_must_be_said()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");

        Assert.Equal("NodeAmbiguous", (await bench.FailAsync("proxmox_create_vm", new { name = "web", storage = "local" })).Id);
        Assert.Equal("pve2", (await bench.ChangeAsync<VmDetail>("proxmox_create_vm", new { name = "web", storage = "local", disk = "1GiB", node = "pve2" })).Node);
    }

    [Fact]
    public async Task A_machine_moves_and_is_seen_on_the_other_node()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true });
        var guest = bench.Cluster.AddGuest(s_dev with { Storage = "nas", Running = true });

        var moved = await bench.ChangeAsync<VmDetail>("proxmox_migrate_vm", new { vm = "dev", targetNode = "pve2" });
        bench.Cluster.ForgetRequests();
        var again = await bench.ChangeAsync<VmDetail>("proxmox_migrate_vm", new { vm = "dev", targetNode = "pve2" });

        Assert.Equal(("pve2", VmState.Running, "qmigrate"), (moved.Node, moved.State, moved.Task!.Type));
        Assert.Equal("pve2", guest.Node.Name);
        Assert.Equal("pve2", again.Node);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_move_under_high_availability_is_followed_beyond_the_end_of_its_task()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2", "pve3");
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true });
        bench.Cluster.AddGuest(s_dev with { Storage = "nas", Running = true, HaManaged = true });

        var moved = await bench.ChangeAsync<VmDetail>("proxmox_migrate_vm", new { vm = "dev", targetNode = "pve2" });

        Assert.Equal(("pve2", VmState.Running, "hamigrate"), (moved.Node, moved.State, moved.Task!.Type));
    }

    [Fact]
    public async Task Disks_of_the_node_alone_stand_in_the_way_unless_they_come_along()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_migrate_vm", new { vm = "dev", targetNode = "pve2" });
        var moved = await bench.ChangeAsync<VmDetail>("proxmox_migrate_vm", new { vm = "dev", targetNode = "pve2", withLocalDisk = true });

        Assert.Equal((ErrorKind.Conflict, "VmCannotMove"), (e.Kind, e.Id));
        Assert.Contains("-WithLocalDisk", e.Message, StringComparison.Ordinal);
        Assert.Equal("pve2", moved.Node);
    }

    [Fact]
    public async Task A_move_that_fails_on_its_way_is_a_failure()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(s_dev with { Disk = 0 });
        bench.Cluster.FailNext("qmigrate", "migration aborted");

        Assert.Contains("migration aborted", (await bench.FailAsync("proxmox_migrate_vm", new { vm = "dev", targetNode = "pve2" })).Message, StringComparison.Ordinal);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_stopped_guest_is_removed_and_its_number_is_free_again()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var gone = await bench.ChangeAsync<VmRemoval>("proxmox_delete_vm", new { vm = "dev" });

        Assert.Equal(("pve/100 (dev)", true, "qmdestroy"), (gone.Vm.ToString(), gone.Purged, gone.Task!.Type));
        Assert.Empty(bench.Cluster.Guests);
        Assert.Equal(("1", "0"), (bench.Cluster.Changes[0].Fields["purge"], bench.Cluster.Changes[0].Fields["destroy-unreferenced-disks"]));
    }

    [Fact]
    public async Task A_guest_that_runs_or_is_protected_is_never_removed()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Running = true });
        bench.Cluster.AddGuest(s_dev with { Vmid = 101, Name = "safe", Protection = true });

        Assert.Equal("VmRunning", (await bench.FailAsync("proxmox_delete_vm", new { vm = "dev" })).Id);
        Assert.Equal("VmProtected", (await bench.FailAsync("proxmox_delete_vm", new { vm = "safe" })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task Who_had_its_rights_by_the_pool_still_sees_that_the_guest_is_gone()
    {
        await using var bench = await ProxmoxBench.StartAsync(
            new SimulatedProxmoxOptions(),
            static c =>
            {
                c.AddPool("lab");
                return "root@pam!pool=" + c.AddToken("root@pam", "pool", separated: true, ("/pool/lab", "PVEVMAdmin"));
            });
        bench.Cluster.AddGuest(s_dev with { Pool = "lab" });

        Assert.Equal("dev", (await bench.ChangeAsync<VmRemoval>("proxmox_delete_vm", new { vm = "dev" })).Vm.Name);
    }

    [Fact]
    public async Task A_template_with_linked_copies_stays_and_the_reason_is_told()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Template = true });
        bench.Cluster.FailNext("qmdestroy", "base volume 'local:100/base-100-disk-0.qcow2' is still in use by linked cloned");

        Assert.Contains("still in use", (await bench.FailAsync("proxmox_delete_vm", new { vm = "dev" })).Message, StringComparison.Ordinal);
        Assert.Single(bench.Cluster.Guests);
    }

    [Fact]
    public async Task A_lost_removal_is_settled_by_its_number()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { TaskTime = TimeSpan.Zero });
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "DELETE" });

        await bench.InvokeAsync("proxmox_delete_vm", new { vm = "dev" });

        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
    }
}
