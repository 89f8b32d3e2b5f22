using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Homelab.Lab.Services;
using Homelab.Providers.Network;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

public sealed class PingHostsTests
{
    [Fact]
    public async Task A_host_with_an_open_port_is_up_by_it()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        var reading = await AskAsync(new { host = "127.0.0.1", port = service.Endpoint.Port });
        Assert.Equal((ProbeStatus.Up, $"tcp:{service.Endpoint.Port}", 1, 1), (reading.Status, reading.Via, reading.Sent, reading.Received));
        Assert.NotNull(reading.Latency);
    }

    [Fact]
    public async Task A_host_that_refuses_a_connection_is_up()
    {
        using var closed = new ClosedPort();
        var reading = await AskAsync(new { host = "127.0.0.1", port = closed.Number, timeout = "20s" });
        Assert.Equal(ProbeStatus.Up, reading.Status);
        Assert.Contains("refuses connections, so the host is up", reading.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task An_echo_is_sent_without_any_other_program_where_this_process_may(string host)
    {
        var family = IPAddress.Parse(host).AddressFamily;
        using (var socket = IcmpSocket.Open(family)) Assert.SkipWhen(socket is null, "This process may not send ICMP echoes, and so cannot show that it does.");
        Assert.SkipWhen(family == AddressFamily.InterNetworkV6 && !Socket.OSSupportsIPv6, "This machine has no IPv6.");
        var reading = await AskAsync(new { host, method = "icmp", count = 3, timeout = "20s" });
        Assert.Equal((ProbeStatus.Up, "icmp", 3, 3, 0.0), (reading.Status, reading.Via, reading.Sent, reading.Received, reading.Loss));
        Assert.True(reading.Min <= reading.Latency && reading.Latency <= reading.Max);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_unknown_and_not_asked_again()
    {
        var reading = await AskAsync(new { host = "nothing.invalid", count = 5, timeout = "20s" });
        Assert.Equal((ProbeStatus.Unknown, "the host's name cannot be resolved", 1, 0, ""), (reading.Status, reading.Detail, reading.Sent, reading.Received, reading.Via));
        Assert.Null(reading.Latency);
    }

    [Fact]
    public async Task Without_a_name_every_host_of_the_lab_with_an_address_is_asked()
    {
        var readings = await Lab().AskAsync<HostReading>("network_ping", new { method = "tcp", timeout = "20s" });
        Assert.Equal([("a", "127.0.0.1", ProbeStatus.Up), ("b", "127.0.0.2", ProbeStatus.Up)], readings.OrderBy(static r => r.Host, StringComparer.Ordinal).Select(static r => (r.Host, r.Address, r.Status)));
    }

    [Theory]
    [InlineData("A", "a")]
    [InlineData("?", "a,b")]
    [InlineData("a*", "a")]
    [InlineData("127.0.0.3", "127.0.0.3")]
    [InlineData("x*", "")]
    public async Task A_host_is_found_by_name_pattern_or_address(string text, string hosts)
    {
        var readings = await Lab().AskAsync<HostReading>("network_ping", new { host = text, method = "tcp", timeout = "20s" });
        Assert.Equal(hosts, string.Join(',', readings.Select(static r => r.Host).Order(StringComparer.Ordinal)));
    }

    [Theory]
    [InlineData("without", "HostHasNoAddress")]
    [InlineData("no host", "AddressInvalid")]
    [InlineData("", "AddressInvalid")]
    public async Task What_cannot_be_asked_is_told_before_anything_is_asked(string host, string id)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => Lab().AskAsync<HostReading>("network_ping", new { host = new[] { "a", host } }));
        Assert.Equal((ErrorKind.Invalid, id), (e.Kind, e.Id));
    }

    [Fact]
    public async Task An_echo_has_no_port()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(static () => AskAsync(new { host = "127.0.0.1", method = "icmp", port = 22 }));
        Assert.Equal((ErrorKind.Invalid, "PortNeedsTcp"), (e.Kind, e.Id));
    }

    [Fact]
    public void The_ports_of_the_lab_file_come_before_the_usual_ones()
    {
        var host = new HostDefinition { Address = "10.0.0.5", Ssh = new SshDefinition { User = "u", Port = 2222 }, Docker = new DockerEndpointDefinition { Url = "tcp://10.0.0.5:2376" } };
        Assert.Equal([2222, 2376, 22, 443, 80], PingTarget.Of("a", host).Ports);
        Assert.Equal([22, 443, 80], PingTarget.Of("a", new HostDefinition { Docker = new DockerEndpointDefinition { Url = "unix:///var/run/docker.sock" } }).Ports);
    }

    [Fact]
    public async Task A_hundred_hosts_are_asked_at_once()
    {
        var hosts = Enumerable.Range(1, 100).Select(static n => string.Create(CultureInfo.InvariantCulture, $"127.0.1.{n}")).ToArray();
        var readings = await new NetworkLab().AskAsync<HostReading>("network_ping", new { host = hosts, timeout = "20s" });
        Assert.Equal(100, readings.Count(static r => r.Status is ProbeStatus.Up));
        Assert.Equal(hosts.Order(StringComparer.Ordinal), readings.Select(static r => r.Host).Order(StringComparer.Ordinal));
    }

    private static async Task<HostReading> AskAsync(object input) => Assert.Single(await new NetworkLab().AskAsync<HostReading>("network_ping", input));

    private static NetworkLab Lab() => new()
    {
        Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal)
        {
            ["a"] = new() { Address = "127.0.0.1" },
            ["b"] = new() { Address = "127.0.0.2" },
            ["without"] = new(),
        },
    };
}
