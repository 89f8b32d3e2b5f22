using System.Net;
using System.Net.Sockets;
using Homelab.Lab.Services;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

public sealed class CheckPortTests
{
    [Theory]
    [InlineData(false, ProbeStatus.Up, PortState.Open, "connected")]
    [InlineData(true, ProbeStatus.Down, PortState.Refused, "connection refused")]
    public async Task A_port_is_open_or_refused(bool refuse, ProbeStatus verdict, PortState state, string detail)
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        if (refuse) service.Fault = ServiceFault.Refuse;
        var result = Assert.Single(await AskAsync(new { address = service.Endpoint.ToString(), timeout = "20s" }));
        Assert.Equal((verdict, state, detail), (result.Status, result.Port, result.Detail));
    }

    [Fact]
    public async Task A_host_that_nobody_knows_says_nothing_of_its_ports()
    {
        var result = Assert.Single(await AskAsync(new { address = "nothing.invalid:22", timeout = "20s" }));
        Assert.Equal((ProbeStatus.Unknown, PortState.Unknown), (result.Status, result.Port));
    }

    [Fact]
    public async Task Several_ports_of_several_hosts_are_checked_at_once()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        await using var closed = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        closed.Fault = ServiceFault.Refuse;
        int[] ports = [service.Endpoint.Port, closed.Endpoint.Port];
        var results = await AskAsync(new { address = new[] { "127.0.0.1", "localhost", $"127.0.0.1:{ports[0]}" }, port = ports, timeout = "20s" });
        Assert.Equal(
            new[] { ($"127.0.0.1:{ports[0]}", PortState.Open), ($"127.0.0.1:{ports[0]}", PortState.Open), ($"127.0.0.1:{ports[1]}", PortState.Refused), ($"localhost:{ports[0]}", PortState.Open), ($"localhost:{ports[1]}", PortState.Refused) }.Order(),
            results.Select(static r => (r.Address, r.Port!.Value)).Order());
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\nmore", "SSH-2.0-OpenSSH_9.2")]
    [InlineData("220 \u001b[31mmail\u202e ready\n", "220  [31mmail ready")]
    [InlineData("no line", "no line")]
    [InlineData("", "")]
    public async Task What_a_server_says_first_is_told_in_one_clean_line(string says, string banner)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = ServeAsync(listener, says);
        var result = Assert.Single(await AskAsync(new { address = listener.LocalEndpoint.ToString(), banner = true, timeout = "20s" }));
        await serving;
        Assert.Equal((PortState.Open, banner), (result.Port, result.Banner));
    }

    [Fact]
    public async Task A_server_that_waits_for_us_is_open_without_a_word()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var time = new ManualTime();
        var asking = new NetworkLab { Time = time }.AskAsync<ProbeResult>("network_check_port", new { address = listener.LocalEndpoint.ToString(), banner = true, timeout = "3s" });
        await time.WaitedForAsync(TimeSpan.FromSeconds(1));
        time.Advance(TimeSpan.FromSeconds(1));
        var result = Assert.Single(await asking);
        Assert.Equal((ProbeStatus.Up, PortState.Open, ""), (result.Status, result.Port, result.Banner));
    }

    [Theory]
    [InlineData("")]
    [InlineData("nas")]
    [InlineData("nas:")]
    [InlineData("nas:0")]
    [InlineData("nas:65536")]
    [InlineData("nas:-1")]
    [InlineData("nas:22:22")]
    [InlineData("[::1]")]
    [InlineData("[nas]:22")]
    [InlineData("[::1:22")]
    [InlineData("na s:22")]
    [InlineData("::1")]
    public async Task What_is_no_address_is_refused(string address)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(new { address }));
        Assert.Equal((ErrorKind.Invalid, "AddressInvalid"), (e.Kind, e.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65_536)]
    public async Task What_is_no_port_is_refused(int port)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(new { address = "nas", port = new[] { 22, port } }));
        Assert.Equal((ErrorKind.Invalid, "PortInvalid"), (e.Kind, e.Id));
    }

    private static Task<IReadOnlyList<ProbeResult>> AskAsync(object input) => new NetworkLab().AskAsync<ProbeResult>("network_check_port", input);

    private static async Task ServeAsync(TcpListener listener, string says)
    {
        using var client = await listener.AcceptTcpClientAsync(NetworkLab.Token);
        await client.GetStream().WriteAsync(System.Text.Encoding.UTF8.GetBytes(says), NetworkLab.Token);
    }
}
