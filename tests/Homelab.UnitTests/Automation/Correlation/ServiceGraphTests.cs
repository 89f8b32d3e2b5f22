using Homelab.Automation.Correlation;

namespace Homelab.UnitTests.Automation.Correlation;

public sealed class ServiceGraphTests
{
    [Fact]
    public void What_the_file_names_is_needed()
    {
        var graph = new ServiceGraph(GraphLab.Of(("db", new()), ("wiki", GraphLab.Needing("db"))));
        Assert.Equal([new Need("wiki", "db", NeedKind.DependsOn)], graph.NeedsOf("wiki"));
        Assert.Empty(graph.NeedsOf("db"));
    }

    [Theory]
    [InlineData("container")]
    [InlineData("unit")]
    [InlineData("host")]
    [InlineData("vm")]
    public void What_runs_on_a_machine_needs_it(string by)
    {
        var service = by switch
        {
            "container" => new ServiceDefinition { Container = new ContainerRef("wiki@dev") },
            "unit" => new ServiceDefinition { Unit = new UnitRef("wiki.service@dev") },
            "vm" => new ServiceDefinition { Vm = new VmRef("dev") },
            _ => new ServiceDefinition { Host = "dev" },
        };
        var graph = new ServiceGraph(GraphLab.Of([("dev", new())], ("wiki", service)));
        Assert.Equal([new Need("wiki", "host:dev", NeedKind.Host)], graph.NeedsOf("wiki"));
        Assert.Equal(["wiki"], graph.RunningOn("host:dev"));
    }

    [Fact]
    public void A_service_that_provides_host_stands_for_its_machine()
    {
        var graph = new ServiceGraph(GraphLab.Of(
            [("dev", new() { On = "pve" }), ("pve", new())],
            ("vm-dev", new() { Host = "dev", Vm = new VmRef("dev"), Provides = ServiceRole.Host }),
            ("wiki", GraphLab.On("dev"))));
        Assert.Equal("vm-dev", Assert.Single(graph.NeedsOf("wiki")).On);
        Assert.Equal("host:pve", Assert.Single(graph.NeedsOf("vm-dev")).On);
        Assert.False(graph.Knows("host:dev"));
    }

    [Theory]
    [InlineData("https://wiki.home.arpa/", true)]
    [InlineData("https://10.0.0.5/", false)]
    [InlineData("http://[fd00::1]:8080/", false)]
    [InlineData("http://localhost/", false)]
    public void Only_a_check_that_goes_to_a_name_needs_names(string url, bool needs)
    {
        var graph = new ServiceGraph(GraphLab.Of(("adguard", new() { Provides = ServiceRole.Dns }), ("wiki", GraphLab.Named(url))));
        Assert.Equal(needs ? [new Need("wiki", "adguard", NeedKind.Dns)] : [], graph.NeedsOf("wiki"));
    }

    [Theory]
    [InlineData("100.101.102.103", true)]
    [InlineData("192.168.1.2", false)]
    public void What_is_reached_over_the_tailnet_needs_the_vpn(string address, bool needs)
    {
        var graph = new ServiceGraph(GraphLab.Of([("dev", new() { Address = address })], ("tailscale", new() { Provides = ServiceRole.Vpn })));
        Assert.Equal(needs, graph.NeedsOf("host:dev").Any(n => n is { On: "tailscale", Kind: NeedKind.Vpn, IsHard: false }));
    }

    [Fact]
    public void What_is_reached_through_a_proxy_needs_it()
    {
        var graph = new ServiceGraph(GraphLab.Of(("traefik", new() { Provides = ServiceRole.Proxy }), ("wiki", new() { Proxy = "traefik" })));
        Assert.Equal([new Need("wiki", "traefik", NeedKind.Proxy)], graph.NeedsOf("wiki"));
    }

    [Fact]
    public void Names_that_are_resolved_on_a_machine_that_is_reached_by_name_close_no_circle()
    {
        var graph = new ServiceGraph(GraphLab.Of([("infra", new() { Address = "infra.home.arpa" })], ("adguard", new() { Host = "infra", Provides = ServiceRole.Dns })));
        Assert.Equal([new Need("host:infra", "adguard", NeedKind.Dns)], graph.Cut);
        Assert.Equal("host:infra", Assert.Single(graph.NeedsOf("adguard")).On);
    }

    [Fact]
    public void A_proxy_that_needs_what_is_behind_it_loses_the_need_that_nobody_wrote_as_one()
    {
        var graph = new ServiceGraph(GraphLab.Of(("traefik", GraphLab.Needing("authelia")), ("authelia", new() { Proxy = "traefik" })));
        Assert.Equal([new Need("authelia", "traefik", NeedKind.Proxy)], graph.Cut);
    }

    [Fact]
    public void Everything_below_is_told_nearest_first_with_the_way_to_it()
    {
        var graph = new ServiceGraph(GraphLab.Of([("dev", new())], ("db", GraphLab.On("dev")), ("api", GraphLab.Needing("db")), ("web", GraphLab.Needing("api", "db"))));
        var all = graph.AllNeedsOf("web");
        Assert.Equal(["api", "db", "host:dev"], all.Select(n => n.Name));
        Assert.Equal(["web", "db"], all[2].Way.Select(n => n.By));
    }
}
