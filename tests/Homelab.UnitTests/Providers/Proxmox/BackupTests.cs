using Homelab.Lab.Proxmox;
using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Backups of guests: listed over all storages, and put back.</summary>
public sealed class BackupTests
{
    private const string Volume = "local:backup/vzdump-qemu-100-2026_11_20-03_00_00.vma.zst";
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    [Fact]
    public async Task Backups_are_listed_over_all_storages_and_a_shared_one_once()
    {
        await using var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3, node: "pve1");
        var nas = bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Content = ["backup"] });
        Put(bench, nas, "nas:backup/vzdump-lxc-101-2026_11_20-04_00_00.tar.zst", 101, hour: 4);
        bench.Cluster.AddStorage(new SimulatedStorage("isos", "dir") { Content = ["iso"] });

        var all = await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { });

        Assert.Equal([(100, VmKind.Qemu, "local", "pve1"), (101, VmKind.Lxc, "nas", "pve1")], all.Select(static b => (b.VmId, b.Kind!.Value, b.Storage, b.Node)));
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 3, 0, 0, TimeSpan.Zero), all[0].CreatedAt);
    }

    [Fact]
    public async Task The_newest_of_each_guest_is_picked_and_a_guest_that_is_gone_is_found_by_its_number()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var local = bench.Cluster.Storages[0];
        Put(bench, local, Volume, 100, hour: 3);
        Put(bench, local, "local:backup/vzdump-qemu-100-2026_11_20-05_00_00.vma.zst", 100, hour: 5);
        Put(bench, local, "local:backup/vzdump-qemu-102-2026_11_20-04_00_00.vma.zst", 102, hour: 4);

        var latest = await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { latest = true });
        var gone = await bench.QueryAsync<VmBackup>("proxmox_list_backups", new { vm = "102" });

        Assert.Equal([(100, 5), (102, 4)], latest.Select(static b => (b.VmId, b.CreatedAt!.Value.Hour)));
        Assert.Equal(102, Assert.Single(gone).VmId);
    }

    [Fact]
    public async Task A_storage_that_is_not_reached_is_told_after_what_could_be_read()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);
        bench.Cluster.AddStorage(new SimulatedStorage("zz-nas", "nfs") { Shared = true, Content = ["backup"] });
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Answer, Path = "/nodes/pve/storage/zz-nas/content", Reason = "storage 'zz-nas' is not online", Times = int.MaxValue });
        var seen = new List<VmBackup>();

        var e = await Assert.ThrowsAnyAsync<HomelabException>(async () =>
        {
            var request = new GateRequest { Operation = "proxmox_list_backups", Caller = ProxmoxBench.Person };
            await foreach (var item in bench.Gate.QueryAsync(request, TestContext.Current.CancellationToken)) seen.Add((VmBackup)item);
        });

        Assert.Equal((ErrorKind.Unavailable, "BackupsIncomplete"), (e.Kind, e.Id));
        Assert.Contains("zz-nas", e.Message, StringComparison.Ordinal);
        Assert.Single(seen);
    }

    [Fact]
    public void What_a_storage_does_not_tell_is_taken_from_the_name_or_left_open()
    {
        var file = BackupReader.Read("pve", "local", new BackupWire { VolumeId = Volume });
        var server = BackupReader.Read("pve", "pbs", new BackupWire { VolumeId = "pbs:backup/ct/103/2026-11-20T03:00:00Z", Encrypted = "ab:cd", Verification = new VerificationWire { State = "ok" } });
        var odd = BackupReader.Read("pve", "local", new BackupWire { VolumeId = "local:backup/mine.vma" });

        Assert.Equal((100, VmKind.Qemu, (DateTimeOffset?)null), (file.VmId, file.Kind!.Value, file.CreatedAt));
        Assert.Equal((103, VmKind.Lxc, true, "ok"), (server.VmId, server.Kind!.Value, server.Encrypted, server.Verification));
        Assert.Equal((0, null), (odd.VmId, odd.Kind));
    }

    [Theory]
    [InlineData("pve1/local:backup/vzdump-qemu-100-x.vma", "pve1", "local", "local:backup/vzdump-qemu-100-x.vma")]
    [InlineData("pbs:backup/vm/100/2026-11-20T03:00:00Z", null, "pbs", "pbs:backup/vm/100/2026-11-20T03:00:00Z")]
    public void A_reference_knows_storage_and_node(string text, string? node, string storage, string volume)
    {
        var reference = new BackupRef(text);

        Assert.Equal((node, storage, volume), (reference.Node, reference.Storage, reference.VolumeId));
        Assert.Equal(reference, new BackupRef(reference.ToString()));
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("local:")]
    [InlineData("local:backup/a b")]
    public void What_is_no_volume_is_no_reference(string text) => Assert.Throws<FormatException>(() => new BackupRef(text));

    [Fact]
    public async Task A_backup_becomes_a_new_guest_beside_the_old_one()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);

        var made = await bench.ChangeAsync<VmDetail>("proxmox_restore_backup", new { backup = Volume, name = "dev-check", unique = true, start = true });

        Assert.Equal((101, "dev-check", VmState.Running, "qmrestore"), (made.Id, made.Name, made.State, made.Task!.Type));
        Assert.Equal("dev", bench.Cluster.Guest(100).Name);
        Assert.Contains(bench.Cluster.Changes, static r => r.Fields.GetValueOrDefault("unique") == "1" && !r.Fields.ContainsKey("force"));
    }

    [Fact]
    public async Task A_guest_is_overwritten_only_when_it_is_named_and_off()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        var guest = bench.Cluster.AddGuest(s_dev with { Running = true, Memory = 1024 });
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);

        var running = await bench.FailAsync("proxmox_restore_backup", new { backup = Volume, overwrite = "dev" });
        var restored = await bench.ChangeAsync<VmDetail>("proxmox_restore_backup", new { backup = Volume, overwrite = "dev", forceStop = true });

        Assert.Equal((ErrorKind.Conflict, "VmRunning"), (running.Kind, running.Id));
        Assert.Equal((100, VmState.Stopped), (restored.Id, restored.State));
        Assert.Equal("512", guest.Config["memory"]);
        Assert.Equal("vm:dev@pve", bench.Store.Changes[^1].Target);
    }

    [Fact]
    public async Task A_protected_guest_is_not_overwritten()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev with { Protection = true });
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);

        Assert.Equal("VmProtected", (await bench.FailAsync("proxmox_restore_backup", new { backup = Volume, overwrite = "dev" })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_backup_that_is_not_there_and_a_taken_number_are_told_before()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);

        Assert.Equal("BackupNotFound", (await bench.FailAsync("proxmox_restore_backup", new { backup = "local:backup/vzdump-qemu-9-x.vma" })).Id);
        Assert.Equal("VmIdTaken", (await bench.FailAsync("proxmox_restore_backup", new { backup = Volume, id = 100 })).Id);
        Assert.Equal("InputInvalid", (await bench.FailAsync("proxmox_restore_backup", new { backup = Volume, id = 101, overwrite = "dev" })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_restore_that_is_not_waited_for_is_left_with_its_task_and_takes_no_name()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);
        var hold = bench.Cluster.HoldNext("qmrestore");

        var named = await bench.FailAsync("proxmox_restore_backup", new { backup = Volume, name = "x", noWait = true });
        var left = await bench.ChangeAsync<VmDetail>("proxmox_restore_backup", new { backup = Volume, noWait = true });

        Assert.Equal(("InputInvalid", TaskState.Running), (named.Id, left.Task!.State));
        hold.Release();
    }

    [Theory]
    [InlineData(ProxmoxFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(ProxmoxFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task A_lost_overwrite_is_settled_by_its_task(ProxmoxFaultKind kind, ChangeStatus status)
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions { TaskTime = TimeSpan.Zero });
        bench.Cluster.AddGuest(s_dev);
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = kind, Method = "POST", Path = "/nodes/pve/qemu" });

        if (status == ChangeStatus.NotDone) await bench.FailAsync("proxmox_restore_backup", new { backup = Volume, overwrite = "dev" });
        else await bench.InvokeAsync("proxmox_restore_backup", new { backup = Volume, overwrite = "dev" });

        Assert.Equal(status, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_failed_restore_is_a_failure_with_its_word()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        Put(bench, bench.Cluster.Storages[0], Volume, 100, hour: 3);
        bench.Cluster.FailNext("qmrestore", "unexpected end of archive");

        var e = await bench.FailAsync("proxmox_restore_backup", new { backup = Volume });

        Assert.Equal("ProxmoxTaskFailed", e.Id);
        Assert.Contains("unexpected end of archive", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_a_node_has_several_storages_for_backups_one_must_be_named()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.AddStorage(new SimulatedStorage("nas", "nfs") { Shared = true, Content = ["backup"] });
        bench.Cluster.AddStorage(new SimulatedStorage("isos", "dir") { Content = ["iso"] });

        Assert.Contains("local, nas", (await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" })).Message, StringComparison.Ordinal);
        Assert.Equal("StorageNotFound", (await bench.FailAsync("proxmox_backup_vm", new { vm = "dev", storage = "isos" })).Id);
        Assert.Equal("StorageNotFound", (await bench.FailAsync("proxmox_backup_vm", new { vm = "dev", storage = "nope" })).Id);
        Assert.Empty(bench.Cluster.Changes);
    }

    private static void Put(ProxmoxBench bench, SimulatedStorage storage, string volume, int vmid, int hour, string? node = null) => storage.Volumes.Add(new SimulatedVolume
    {
        Volid = volume,
        Content = "backup",
        Format = "vma.zst",
        Size = 1 << 20,
        Vmid = vmid,
        Created = new DateTimeOffset(2026, 11, 20, hour, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        Node = storage.Shared ? null : node ?? bench.Cluster.Nodes[0].Name,
        GuestConfig = new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = "dev", ["memory"] = "512", ["cores"] = "1" },
    });
}
