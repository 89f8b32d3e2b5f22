using Homelab.Lab.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Backups that are made: the simulated one has no vzdump, so a task of another guest stands in for its task.</summary>
public sealed class BackupVmTests
{
    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    [Fact]
    public async Task A_backup_is_followed_and_found_on_its_storage()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Put(bench, "local:backup/vzdump-qemu-100-2026_11_20-03_00_00.vma.zst", hour: 3);
        var hold = await StandInAsync(bench);

        var running = bench.ChangeAsync<VmBackup>("proxmox_backup_vm", new { vm = "dev", note = "one\ntwo", @protected = true });
        await Eventually.HoldsAsync(
            "the backup is asked for",
            () => Task.FromResult(bench.Cluster.Changes.Any(static r => r.Path.EndsWith("/vzdump", StringComparison.Ordinal))),
            TestContext.Current.CancellationToken);
        Put(bench, "local:backup/vzdump-qemu-100-2026_11_20-04_00_00.vma.zst", hour: 4);
        hold.Release();
        var made = await running;

        Assert.Equal(("local:backup/vzdump-qemu-100-2026_11_20-04_00_00.vma.zst", TaskState.Succeeded), (made.VolumeId, made.Task!.State));
    }

    [Fact]
    public async Task A_backup_that_is_nowhere_to_be_seen_is_a_failure()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        (await StandInAsync(bench)).Release();

        var e = await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" });

        Assert.Equal((ErrorKind.Failed, "BackupNotSeen"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_guest_whose_last_backup_fails_is_not_removed()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("qmsnapshot", "job errors");
        (await StandInAsync(bench)).Release();

        var e = await bench.FailAsync("proxmox_delete_vm", new { vm = "dev", backupTo = "local" });

        Assert.Contains("job errors", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Cluster.Changes, static r => r.Method == "DELETE");
        Assert.Equal("dev", bench.Cluster.Guest(100).Name);
    }

    [Fact]
    public async Task A_guest_that_was_moved_in_that_moment_is_told_instead_of_backed_up()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        Answer(bench, "OK");

        Assert.Equal("ProxmoxNoTask", (await bench.FailAsync("proxmox_backup_vm", new { vm = "dev" })).Id);
    }

    // Runs until it is released, and is what vzdump answers with.
    private static async Task<SimulatedTaskHold> StandInAsync(ProxmoxBench bench)
    {
        bench.Cluster.AddGuest(s_dev with { Vmid = 101, Name = "other" });
        var hold = bench.Cluster.HoldNext("qmsnapshot");
        var left = await bench.ChangeAsync<VmSnapshot>("proxmox_create_snapshot", new { vm = "other", name = "held", noWait = true });
        Answer(bench, left.Task!.Upid);
        return hold;
    }

    private static void Answer(ProxmoxBench bench, string data) => bench.Cluster.Nodes[0].Fail(new ProxmoxFault
    {
        Kind = ProxmoxFaultKind.Answer,
        Method = "POST",
        Path = "/nodes/pve/vzdump",
        Status = 200,
        Reason = "OK",
        Body = $$"""{"data":"{{data}}"}""",
    });

    private static void Put(ProxmoxBench bench, string volume, int hour) => bench.Cluster.Storages[0].Volumes.Add(new SimulatedVolume
    {
        Volid = volume,
        Content = "backup",
        Format = "vma.zst",
        Size = 1 << 20,
        Vmid = 100,
        Created = new DateTimeOffset(2026, 11, 20, hour, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(),
        Node = bench.Cluster.Nodes[0].Name,
    });
}
