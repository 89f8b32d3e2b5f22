using System.Text.Json;
using Homelab.Lab.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>The list of guests, and the way from a name to one of them.</summary>
public sealed class ListVmsTests
{
    [Fact]
    public async Task All_guests_of_all_nodes_come_in_one_call()
    {
        await using var bench = await StartAsync();

        var list = await bench.QueryAsync<Vm>("proxmox_list_vms", new { });

        Assert.Equal(["pve1/100 (dev)", "pve2/101 (infra)", "pve2/200 (dns)"], list.Select(static v => v.ToString()).Order());
        Assert.Single(bench.Cluster.Requests);
        var dev = list.Single(static v => v.Name == "dev");
        Assert.Equal((VmKind.Qemu, VmState.Running, 2d, 4L << 30), (dev.Kind, dev.State, dev.MaxCpu, dev.MaxMemory));
        Assert.Equal(["docker", "prod"], dev.Tags);
        Assert.Equal("home", dev.Pool);
    }

    [Theory]
    [InlineData("""{"name":"de*"}""", "dev")]
    [InlineData("""{"name":"100"}""", "dev")]
    [InlineData("""{"name":"pve2/101"}""", "infra")]
    [InlineData("""{"name":"DEV"}""", "dev")]
    [InlineData("""{"state":"stopped"}""", "infra")]
    [InlineData("""{"node":"pve2","kind":"lxc"}""", "dns")]
    [InlineData("""{"tag":"pro*"}""", "dev")]
    [InlineData("""{"pool":"home"}""", "dev")]
    [InlineData("""{"name":"x*"}""", "")]
    [InlineData("""{"name":"d*","template":true}""", "debian,dev,dns")]
    [InlineData("""{"name":"debian"}""", "debian")]
    public async Task A_list_can_be_narrowed(string input, string expected)
    {
        await using var bench = await StartAsync();

        var list = await bench.QueryAsync<Vm>("proxmox_list_vms", JsonDocument.Parse(input).RootElement);

        Assert.Equal(expected, string.Join(",", list.Select(static v => v.Name).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("dvev", "dev")]
    [InlineData("pve1/infra", "pve2/101")]
    [InlineData("999", "Known are")]
    public async Task A_name_that_is_not_there_says_what_is(string name, string hint)
    {
        await using var bench = await StartAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = name }));

        Assert.Equal((ErrorKind.NotFound, "VmNotFound"), (e.Kind, e.Id));
        Assert.Contains(hint, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_that_is_looked_at_again_is_still_in_its_pool_and_the_list_is_not_asked_again()
    {
        await using var bench = await StartAsync();

        for (var i = 0; i < 2; i++) Assert.Equal("home", (await bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = "100" })).Single().Pool);

        Assert.Equal(3, bench.Cluster.Requests.Count);
    }

    [Fact]
    public async Task A_name_that_two_guests_have_is_an_error_that_lists_both()
    {
        await using var bench = await StartAsync();
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 300, Name = "dev", Node = "pve2" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = "dev" }));

        Assert.Equal((ErrorKind.Conflict, "VmAmbiguous"), (e.Kind, e.Id));
        Assert.Contains("pve1/100 (dev), pve2/300 (dev)", e.Message, StringComparison.Ordinal);
        Assert.Equal("pve2/300 (dev)", (await bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = "pve2/dev" })).Single().ToString());
    }

    [Fact]
    public async Task A_token_that_may_see_nothing_gets_an_empty_list_and_the_error_says_so()
    {
        await using var bench = await ProxmoxBench.StartAsync(new SimulatedProxmoxOptions(), static c => "blind@pve!x=" + c.AddToken("blind@pve", "x", separated: true));
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev" });

        Assert.Empty(await bench.QueryAsync<Vm>("proxmox_list_vms", new { }));
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<VmDetail>("proxmox_vm_status", new { vm = "dev" }));
        Assert.Contains("Test-HlProxmoxToken", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Guests_of_a_node_that_is_down_are_unknown_and_the_others_are_listed()
    {
        await using var bench = await StartAsync();
        await bench.Cluster.Node("pve2").GoDownAsync();

        var list = await bench.QueryAsync<Vm>("proxmox_list_vms", new { });

        Assert.Equal(VmState.Unknown, list.Single(static v => v.Name == "dns").State);
        Assert.Equal(VmState.Running, list.Single(static v => v.Name == "dev").State);
    }

    [Fact]
    public async Task Two_thousand_guests_on_twenty_nodes_are_one_request()
    {
        await using var bench = await ProxmoxBench.StartAsync([.. Enumerable.Range(1, 20).Select(static n => $"pve{n}")]);
        for (var i = 0; i < 2000; i++) bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 1000 + i, Name = $"vm-{i}", Node = $"pve{1 + (i % 20)}", Disk = 0 });

        Assert.Equal(2000, (await bench.QueryAsync<Vm>("proxmox_list_vms", new { })).Count);
        Assert.Single(bench.Cluster.Requests);
    }

    private static async Task<ProxmoxBench> StartAsync()
    {
        var bench = await ProxmoxBench.StartAsync("pve1", "pve2");
        bench.Cluster.AddPool("home");
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 100, Name = "dev", Node = "pve1", Running = true, Memory = 4096, Cores = 2, Tags = ["docker", "prod"], Pool = "home" });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 101, Name = "infra", Node = "pve2" });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 200, Name = "dns", Node = "pve2", Kind = SimulatedGuestKind.Lxc, Running = true });
        bench.Cluster.AddGuest(new SimulatedGuestSpec { Vmid = 900, Name = "debian", Node = "pve1", Template = true });
        return bench;
    }
}
