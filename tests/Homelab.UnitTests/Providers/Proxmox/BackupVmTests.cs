using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Backups that are made: followed to their end, found on their storage, and never instead of an older one.</summary>
public sealed class BackupVmTests
{
    private const string Older = "local:backup/vzdump-qemu-100-2026_01_02-03_00_00.vma.zst";

    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(SimulatedGuestKind.Qemu, ".vma.zst")]
    [InlineData(SimulatedGuestKind.Lxc, ".tar.zst")]
    public async Task A_backup_is_made_and_found_on_its_storage_beside_the_older_ones(SimulatedGuestKind kind, string ending)
    {
        await using var bench = await StartAsync(s_dev with { Kind = kind });
        AddOlder(bench);

        var made = await bench.ChangeAsync<VmBackup>("proxmox_backup_vm", new { vm = "dev", note = @"{{guestname}}, C:\" + "\ntwo", @protected = true });

        Assert.Equal((100, "local", TaskState.Succeeded, true), (made.VmId, made.Storage, made.Task!.State, made.Protected));
        Assert.EndsWith(ending, made.VolumeId, StringComparison.Ordinal);
        var listed = (await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { vm = "dev" })).Select(static b => b.VolumeId);
        Assert.Equal([made.VolumeId, Older], listed);
        // No older one is pruned, and a note is one line whatever is in it.
        var sent = Assert.Single(bench.Cluster.Changes).Fields;
        Assert.Equal(("0", "100", "local", "snapshot", "zstd", "1"), (sent["remove"], sent["vmid"], sent["storage"], sent["mode"], sent["compress"], sent["protected"]));
        Assert.Equal(@"{{guestname}}, C:\\\ntwo", sent["notes-template"]);
    }

    [Fact]
    public async Task What_is_not_asked_for_is_not_sent()
    {
        await using var bench = await StartAsync();

        await bench.ChangeAsync<VmBackup>("proxmox_backup_vm", new { vm = "dev", mode = "stop", compress = "none" });

        var sent = Assert.Single(bench.Cluster.Changes).Fields;
        Assert.Equal(("stop", "0"), (sent["mode"], sent["compress"]));
        Assert.Equal(["compress", "mode", "remove", "storage", "vmid"], sent.Keys.Where(static k => k != "node").Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_does_not_wait_gets_the_task_and_waits_for_it_later()
    {
        await using var bench = await StartAsync();
        var hold = bench.Cluster.HoldNext("vzdump");

        var left = await bench.ChangeAsync<VmBackup>("proxmox_backup_vm", new { vm = "dev", noWait = true });
        Assert.Equal(("", TaskState.Running, "vzdump"), (left.VolumeId, left.Task!.State, left.Task.Type));
        Assert.Empty(await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { vm = "dev" }));
        var waiting = bench.QueryAsync<ProxmoxTask>("proxmox_wait_task", new { task = left.Task.Upid });
        hold.Release();

        Assert.Equal(TaskState.Succeeded, Assert.Single(await waiting).State);
        Assert.Single(await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { vm = "dev" }));
    }

    [Fact]
    public async Task A_backup_that_fails_after_it_was_taken_is_a_failure_with_the_end_of_its_log()
    {
        await using var bench = await StartAsync();
        bench.Cluster.FailNext("vzdump", "job errors");

        var e = await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" });

        Assert.Equal((ErrorKind.Failed, "ProxmoxTaskFailed"), (e.Kind, e.Id));
        Assert.Contains("job errors", e.Message, StringComparison.Ordinal);
        Assert.Empty(await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { vm = "dev" }));
        Assert.Null(bench.Cluster.Guest(100).Lock);
    }

    [Fact]
    public async Task A_backup_that_is_nowhere_to_be_seen_is_a_failure()
    {
        await using var bench = await StartAsync();
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Path = "*/storage/local/content", Status = 200, Reason = "OK", Body = """{"data":[]}""", Times = int.MaxValue });

        var e = await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" });

        Assert.Equal((ErrorKind.Failed, "BackupNotSeen"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_guest_that_was_moved_in_that_moment_is_told_instead_of_backed_up()
    {
        await using var bench = await StartAsync();
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Method = "POST", Path = "/nodes/pve/vzdump", Status = 200, Reason = "OK", Body = """{"data":"OK"}""" });

        Assert.Equal("ProxmoxNoTask", (await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" })).Id);
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(ProxmoxFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task A_lost_answer_is_settled_by_what_lies_on_the_storage(ProxmoxFaultKind kind, ChangeStatus expected)
    {
        await using var bench = await StartAsync();
        AddOlder(bench);
        bench.Cluster.TaskTime = TimeSpan.Zero;
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Method = "POST", Path = "*/vzdump" });

        if (expected == ChangeStatus.NotDone) await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" });
        else await bench.InvokeAsync("proxmox_backup_vm", new { vm = "dev" });

        Assert.Equal(expected, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_lost_answer_of_a_backup_that_still_runs_leaves_an_end_that_nobody_knows()
    {
        await using var bench = await StartAsync();
        var hold = bench.Cluster.HoldNext("vzdump");
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "POST", Path = "*/vzdump" });

        await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" });

        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
        hold.Release();
    }

    [Fact]
    public async Task A_guest_is_removed_after_its_last_backup_which_stays()
    {
        await using var bench = await StartAsync();

        var removed = await bench.ChangeAsync<VmRemoval>("proxmox_delete_vm", new { vm = "dev", backupTo = "local" });

        Assert.Equal((100, TaskState.Succeeded), (removed.Backup!.VmId, removed.Backup.Task!.State));
        Assert.Empty(bench.Cluster.Guests);
        Assert.Equal(removed.Backup.VolumeId, Assert.Single(await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { vm = "100" })).VolumeId);
        var sent = bench.Cluster.Changes[0].Fields;
        Assert.Equal(("stop", "0", "{{guestname}}, before it was removed"), (sent["mode"], sent["remove"], sent["notes-template"]));
    }

    [Fact]
    public async Task A_guest_whose_last_backup_fails_is_not_removed()
    {
        await using var bench = await StartAsync();
        bench.Cluster.FailNext("vzdump", "job errors");

        var e = await bench.FailAsync("proxmox_delete_vm", new { vm = "dev", backupTo = "local" });

        Assert.Contains("job errors", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Cluster.Changes, static r => r.Method == "DELETE");
        Assert.Equal("dev", bench.Cluster.Guest(100).Name);
    }

    [Fact]
    public async Task A_guest_that_is_started_during_its_last_backup_is_not_removed()
    {
        await using var bench = await StartAsync();
        var hold = bench.Cluster.HoldNext("vzdump");

        var removing = bench.FailAsync("proxmox_delete_vm", new { vm = "dev", backupTo = "local" });
        await Eventually.HoldsAsync("the backup runs", () => Task.FromResult(hold.Task is not null), Cancel);
        bench.Cluster.Guest(100).Run();
        hold.Release();
        var e = await removing;

        Assert.Equal((ErrorKind.Conflict, "VmRunning"), (e.Kind, e.Id));
        Assert.DoesNotContain(bench.Cluster.Changes, static r => r.Method == "DELETE");
    }

    private static async Task<ProxmoxBench> StartAsync(SimulatedGuestSpec? guest = null)
    {
        var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(guest ?? s_dev);
        return bench;
    }

    private static void AddOlder(ProxmoxBench bench) => bench.Cluster.Storages[0].Volumes.Add(new SimulatedVolume
    {
        Volid = Older,
        Content = "backup",
        Format = "vma.zst",
        Size = 1 << 20,
        Vmid = 100,
        Created = new DateTimeOffset(2026, 1, 2, 3, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        Node = bench.Cluster.Nodes[0].Name,
    });
}
