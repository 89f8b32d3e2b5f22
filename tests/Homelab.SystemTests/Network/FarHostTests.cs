using System.Globalization;

namespace Homelab.SystemTests.Network;

/// <summary>Hosts at the other end of a real link: they are there, they go, they swallow what is sent to them, they come back.</summary>
public sealed class FarHostTests
{
    // Under load an answer takes long; what must be waited out does not have to be.
    private const string Patient = "1m";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("icmp", "icmp", false)]
    [InlineData("tcp", "tcp:22", false)]
    [InlineData("auto", "icmp", false)]
    [InlineData("icmp", "icmp", true)]
    [InlineData("tcp", "tcp:22", true)]
    public async Task A_host_is_seen_by_each_way(string method, string via, bool six)
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        var reading = await PingAsync(new { host = six ? host.Address6 : host.Address, method, timeout = Patient });
        Assert.Equal((ProbeStatus.Up, 1, 1), (reading.Status, reading.Sent, reading.Received));
        // Each of its ports refuses, and any of them may be the first.
        Assert.StartsWith(via[..3], reading.Via, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("icmp")]
    [InlineData("tcp")]
    [InlineData("auto")]
    public async Task A_host_whose_link_goes_down_is_down_within_the_time_and_up_when_it_comes_back(string method)
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        Assert.Equal(ProbeStatus.Up, (await PingAsync(new { host = host.Address, method, timeout = Patient })).Status);
        await host.LinkAsync(up: false, Cancellation);
        var started = TimeProvider.System.GetTimestamp();
        var down = await PingAsync(new { host = host.Address, method, timeout = "1s" });
        Assert.Equal((ProbeStatus.Down, "", 0), (down.Status, down.Via, down.Received));
        // The kernel itself gives a connection up after two minutes.
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(100), "It was waited for much longer than was asked for.");
        await host.LinkAsync(up: true, Cancellation);
        Assert.Equal(ProbeStatus.Up, (await PingAsync(new { host = host.Address, method, timeout = Patient })).Status);
    }

    [Fact]
    public async Task A_host_that_swallows_everything_is_down_and_its_ports_are_filtered_and_not_refused()
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        var port = new { address = host.Address + ":22", timeout = Patient };
        Assert.Equal((ProbeStatus.Down, PortState.Refused), await PortAsync(port));
        await host.SwallowAsync(swallow: true, Cancellation);
        Assert.Equal((ProbeStatus.Down, PortState.Filtered), await PortAsync(port with { timeout = "500ms" }));
        var down = await PingAsync(new { host = host.Address, timeout = "500ms", count = 3 });
        Assert.Equal((ProbeStatus.Down, "no answer within 500ms", 3, 0, 100.0), (down.Status, down.Detail, down.Sent, down.Received, down.Loss));
        await host.SwallowAsync(swallow: false, Cancellation);
        Assert.Equal((ProbeStatus.Down, PortState.Refused), await PortAsync(port));
        Assert.Equal(ProbeStatus.Up, (await PingAsync(new { host = host.Address, timeout = Patient })).Status);

        static async Task<(ProbeStatus, PortState?)> PortAsync(object input)
        {
            var result = Assert.Single(await NetworkBench.AskAsync<ProbeResult>("network_check_port", input));
            return (result.Status, result.Port);
        }
    }

    [Fact]
    public async Task A_host_that_keeps_silent_on_echoes_is_seen_by_its_ports()
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        await host.IgnoreEchoesAsync(Cancellation);
        Assert.Equal(ProbeStatus.Down, (await PingAsync(new { host = host.Address, method = "icmp", timeout = "500ms" })).Status);
        var up = await PingAsync(new { host = host.Address, timeout = Patient });
        Assert.Equal(ProbeStatus.Up, up.Status);
        Assert.StartsWith("tcp:", up.Via, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_hosts_of_which_half_are_silent_take_as_long_as_one()
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        var network = host.Address[..(host.Address.LastIndexOf('.') + 1)];
        // 2 to 51 are the host's; behind 52 to 101 there is nobody.
        foreach (var n in Enumerable.Range(3, 49)) await host.InsideAsync(Cancellation, "addr", "add", string.Create(CultureInfo.InvariantCulture, $"{network}{n}/24"), "dev", "far");
        var hosts = Enumerable.Range(2, 100).Select(n => string.Create(CultureInfo.InvariantCulture, $"{network}{n}")).ToArray();
        var started = TimeProvider.System.GetTimestamp();
        var readings = await NetworkBench.AskAsync<HostReading>("network_ping", new { host = hosts, timeout = "10s" });
        Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(250), "They were asked one after the other.");
        Assert.Equal(hosts[..50].Order(StringComparer.Ordinal), readings.Where(static r => r.Status is ProbeStatus.Up).Select(static r => r.Host).Order(StringComparer.Ordinal));
        Assert.Equal(50, readings.Count(static r => r.Status is ProbeStatus.Down));
    }

    [Fact]
    public async Task A_route_that_leads_nowhere_is_down_at_once()
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        var nowhere = host.Address[..(host.Address.LastIndexOf('.') + 1)] + "200";
        await using var route = await host.BlackholeAsync(nowhere, Cancellation);
        var reading = await PingAsync(new { host = nowhere, timeout = Patient });
        Assert.Equal((ProbeStatus.Down, "no route to the host"), (reading.Status, reading.Detail));
        var port = Assert.Single(await NetworkBench.AskAsync<ProbeResult>("network_check_port", new { address = nowhere + ":22", timeout = Patient }));
        Assert.Equal((ProbeStatus.Down, PortState.Unreachable), (port.Status, port.Port));
    }

    [Fact]
    public async Task The_map_tells_which_hosts_are_up()
    {
        await using var host = await FarHost.CreateAsync(Cancellation);
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
            {
                ["pve"] = new() { Address = host.Address, Role = "hypervisor" },
                ["dev"] = new() { Address = host.Address6, On = "pve" },
                ["gone"] = new() { Address = host.Address[..(host.Address.LastIndexOf('.') + 1)] + "77", On = "pve" },
            },
        };
        var map = await NetworkBench.AskAsync<NetworkMapEntry>("network_map", new { timeout = "10s" }, lab);
        Assert.Equal([("pve", ProbeStatus.Up), ("├─ dev", ProbeStatus.Up), ("└─ gone", (ProbeStatus?)ProbeStatus.Down)], map.Select(static e => (e.ToString(), e.Status)));
    }

    private static async Task<HostReading> PingAsync(object input) => Assert.Single(await NetworkBench.AskAsync<HostReading>("network_ping", input));
}
