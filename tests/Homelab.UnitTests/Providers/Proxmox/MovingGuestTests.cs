using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>Guests that become others, or are elsewhere, between what was looked at and what is done.</summary>
public sealed class MovingGuestTests
{
    [Fact]
    public async Task A_guest_that_was_renamed_since_it_was_decided_on_is_left_alone()
    {
        await using var bench = await StartAsync();

        var e = await bench.FailAsync("proxmox_stop_vm", new { vm = "dev" }, new Meanwhile(() => bench.Cluster.Guest(100).Config["name"] = "prod"));

        Assert.Equal((ErrorKind.Conflict, "VmRenamed", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("is now 'prod'", e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_guest_that_was_moved_since_it_was_decided_on_is_left_alone_and_told_where_it_is()
    {
        await using var bench = await StartAsync();

        var e = await bench.FailAsync("proxmox_stop_vm", new { vm = "dev" }, new Meanwhile(() => Move(bench)));

        Assert.Equal((ErrorKind.NotFound, "VmNotFound", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("It is on pve2: pve2/100 (dev).", e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Theory]
    [InlineData(SimulatedGuestKind.Qemu)]
    [InlineData(SimulatedGuestKind.Lxc)]
    public async Task A_guest_that_was_moved_is_found_anew_with_one_list(SimulatedGuestKind kind)
    {
        await using var bench = await StartAsync(kind);
        await StatusAsync(bench);
        Move(bench);
        bench.Cluster.ForgetRequests();

        Assert.Equal("pve2", (await StatusAsync(bench)).Node);
        Assert.Single(bench.Cluster.Requests, static r => r.Path == "/cluster/resources");
        Assert.Equal(3, bench.Cluster.Requests.Count);

        // And from then on it is known to be there.
        bench.Cluster.ForgetRequests();
        Assert.Equal("pve2", (await StatusAsync(bench)).Node);
        Assert.EndsWith("/status/current", Assert.Single(bench.Cluster.Requests).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_another_guest_has_by_now_is_not_taken_for_the_one_that_was_meant()
    {
        await using var bench = await StartAsync();

        var e = await bench.FailAsync("proxmox_stop_vm", new { vm = "dev" }, new Meanwhile(() =>
        {
            bench.Cluster.Remove(bench.Cluster.Guest(100));
            bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "mail", Node = "pve1", Running = true });
        }));

        Assert.Equal("VmRenamed", e.Id);
        Assert.Equal("running", bench.Cluster.Guest(100).State);
    }

    [Fact]
    public async Task A_guest_that_is_moved_while_the_list_is_old_is_not_found_rather_than_taken_for_another()
    {
        await using var bench = await StartAsync();
        bench.Cluster.ResourcesLag = TimeSpan.FromMinutes(10);
        Move(bench);

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => StatusAsync(bench));

        Assert.Equal((ErrorKind.NotFound, true), (e.Kind, e.NothingHappened));
        bench.Cluster.RefreshResources();
        Assert.Equal("pve2", (await StatusAsync(bench)).Node);
    }

    private static async Task<VmDetail> StatusAsync(ProxmoxBench bench) => Assert.Single(await bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = "100" }));

    private static void Move(ProxmoxBench bench) => bench.Cluster.Guest(100).Node = bench.Cluster.Node("pve2");

    private static async Task<ProxmoxBench> StartAsync(SimulatedGuestKind kind = SimulatedGuestKind.Qemu)
    {
        var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Node = "pve1", Running = true, Kind = kind });
        return bench;
    }
}
