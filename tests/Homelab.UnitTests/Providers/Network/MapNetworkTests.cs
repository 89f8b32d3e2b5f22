using Homelab.Lab.Services;
using Homelab.Providers.Network;

namespace Homelab.UnitTests.Providers.Network;

public sealed class MapNetworkTests
{
    [Fact]
    public void The_seeds_homelab_is_drawn_as_a_tree()
    {
        var lab = new LabDefinition
        {
            Hosts = Hosts(("infra", "10.0.0.3", "pve"), ("pve", "10.0.0.2", null), ("dev", "10.0.0.4", "pve"), ("desktop", "10.0.0.9", null), ("monitoring", "10.0.0.5", "pve")),
            Services = Services(
                ("gitea", new ServiceDefinition { Container = new ContainerRef("gitea@dev"), Tier = ServiceTier.Critical }),
                ("llama", new ServiceDefinition { Check = new CheckDefinition { Http = new Uri("http://10.0.0.9:8080/health") } }),
                ("dns", new ServiceDefinition { Check = new CheckDefinition { Dns = new DnsCheckDefinition { Server = "10.0.0.3", Name = "a" } } }),
                ("elsewhere", new ServiceDefinition())),
        };
        Assert.Equal(
            """
            pve
            ├─ infra
            │  └─ dns
            ├─ dev
            │  └─ gitea
            └─ monitoring
            desktop
            └─ llama
            elsewhere
            """.Split('\n').Select(static l => l.TrimEnd('\r')),
            NetworkTree.Of(lab).Select(static e => e.ToString()));
        var gitea = NetworkTree.Of(lab).Single(static e => e.Name == "gitea");
        Assert.Equal((NetworkMapKind.Service, "dev", 2, "critical"), (gitea.Kind, gitea.Parent, gitea.Depth, gitea.Role));
    }

    [Fact]
    public void What_runs_on_itself_or_on_nothing_stands_at_the_top()
    {
        var entries = NetworkTree.Of(new LabDefinition { Hosts = Hosts(("a", "", "b"), ("b", "", "a"), ("c", "", "nowhere")) });
        Assert.Equal(["a", "b", "c"], entries.Where(static e => e.Depth == 0).Select(static e => e.Name));
    }

    [Fact]
    public void A_service_behind_an_address_of_two_hosts_is_on_neither()
    {
        var lab = new LabDefinition
        {
            Hosts = Hosts(("a", "127.0.0.1", null), ("b", "127.0.0.1", null)),
            Services = Services(("web", new ServiceDefinition { Check = new CheckDefinition { Tcp = "127.0.0.1:80" } })),
        };
        Assert.Null(NetworkTree.Of(lab).Single(static e => e.Name == "web").Parent);
    }

    [Fact]
    public async Task Hosts_are_pinged_and_services_checked_in_the_order_of_the_tree()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        await using var down = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        down.Fault = ServiceFault.Refuse;
        var lab = new NetworkLab(("web", new CheckDefinition { Http = service.Url }), ("broken", new CheckDefinition { Tcp = down.Endpoint.ToString() }), ("unchecked", null))
        {
            Hosts = Hosts(("vm", "127.0.0.2", "pve"), ("pve", "127.0.0.1", null), ("paper", "", null)),
        };
        var entries = await lab.AskAsync<NetworkMapEntry>("network_map", new { timeout = "20s" });
        Assert.Equal(
            [("pve", ProbeStatus.Up), ("vm", ProbeStatus.Up), ("web", ProbeStatus.Up), ("broken", ProbeStatus.Down), ("paper", null), ("unchecked", (ProbeStatus?)null)],
            entries.Select(static e => (e.Name, e.Status)));
        Assert.Equal("tcp: connection refused", entries[3].Detail);
        Assert.Equal(("the lab file gives no address", "the lab file gives no check"), (entries[4].Detail, entries[5].Detail));
    }

    [Fact]
    public async Task Without_a_probe_nobody_is_asked()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        var lab = new NetworkLab(("web", new CheckDefinition { Http = service.Url })) { Hosts = Hosts(("pve", "127.0.0.1", null)) };
        var entries = await lab.AskAsync<NetworkMapEntry>("network_map", new { noProbe = true });
        Assert.All(entries, static e => Assert.Equal((null, null, "not asked"), (e.Status, e.Latency, e.Detail)));
        Assert.Equal(0, service.Connections);
    }

    private static Dictionary<string, HostDefinition> Hosts(params (string Name, string Address, string? On)[] hosts) =>
        hosts.ToDictionary(static h => h.Name, static h => new HostDefinition { Address = h.Address, On = h.On }, StringComparer.Ordinal);

    private static Dictionary<string, ServiceDefinition> Services(params (string Name, ServiceDefinition Service)[] services) =>
        services.ToDictionary(static s => s.Name, static s => s.Service, StringComparer.Ordinal);
}
