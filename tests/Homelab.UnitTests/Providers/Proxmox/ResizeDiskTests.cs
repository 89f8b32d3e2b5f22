using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ResizeDiskTests
{
    private const long GiB = 1L << 30;

    private static readonly SimulatedGuestSpec s_dev = new() { Vmid = 100, Name = "dev" };

    [Fact]
    public async Task A_disk_grows_by_an_amount()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var disk = await bench.ChangeAsync<VmDisk>("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", grow = "2GiB" });

        Assert.Equal(10 * GiB, disk.Size);
    }

    [Fact]
    public async Task What_is_written_down_is_a_size_so_that_doing_it_twice_is_doing_it_once()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.TaskTime = TimeSpan.Zero;
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "PUT" });

        await bench.InvokeAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", grow = "2GiB" });
        var disk = await bench.ChangeAsync<VmDisk>("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", size = "10GiB" });

        Assert.Equal(10 * GiB, disk.Size);
        Assert.Contains($"\"size\":{10 * GiB}", bench.Store.Changes[0].Input, StringComparison.Ordinal);
        Assert.Single(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_resize_that_still_runs_when_its_answer_is_lost_stays_unknown()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.HoldNext("resize");
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostAfter, Method = "PUT" });

        Assert.Equal("OutcomeUnknown", (await bench.FailAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", grow = "2GiB" })).Id);
    }

    [Fact]
    public async Task A_lost_resize_that_did_not_happen_is_known_not_to_have()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.Nodes[0].Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.LostBefore, Method = "PUT" });

        await bench.FailAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", grow = "2GiB" });

        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_disk_never_shrinks()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", size = "4GiB" });

        Assert.Equal((ErrorKind.Invalid, "VmDiskShrinks"), (e.Kind, e.Id));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_disk_that_is_not_there_is_not_found_and_the_nearest_is_named()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        var e = await bench.FailAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi1", grow = "1GiB" });

        Assert.Equal((ErrorKind.NotFound, "VmDiskNotFound"), (e.Kind, e.Id));
        Assert.Contains("scsi0", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData(1L << 30, 1L << 30)]
    [InlineData(1000L, null)]
    [InlineData(null, -1048576L)]
    public async Task Either_a_size_or_an_amount_in_whole_mebibytes(long? size, long? grow)
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);

        Assert.IsType<InputException>(await bench.FailAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", size, grow }));
    }

    [Fact]
    public async Task A_task_that_fails_is_a_failure()
    {
        await using var bench = await ProxmoxBench.StartAsync();
        bench.Cluster.AddGuest(s_dev);
        bench.Cluster.FailNext("resize", "storage is full");

        var e = await bench.FailAsync("proxmox_resize_disk", new { vm = "dev", disk = "scsi0", grow = "1GiB" });

        Assert.Equal("ProxmoxTaskFailed", e.Id);
    }
}
