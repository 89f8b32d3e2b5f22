using System.Net;
using System.Net.Sockets;
using Homelab.Providers.Proxmox;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class FailoverTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static RawReply Version => RawReply.Data("""{"version":"9.1.9"}""");

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_node_that_cannot_be_reached_gives_way_to_the_next_for_reads_and_changes(string method)
    {
        await using var second = new RawServer(_ => Version);
        using var closed = new ClosedPort();
        using var bench = BenchOf(UrlOf(closed), second.Url);

        await AskAsync(bench, method);

        Assert.Equal(method, Assert.Single(second.Requests).Method);
        Assert.Contains("cannot be reached: connection refused", bench.Trace[0], StringComparison.Ordinal);
        Assert.Contains("-> 200", bench.Trace[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_node_that_answered_last_is_asked_first()
    {
        var down = true;
        await using var first = new RawServer(_ => down ? RawReply.Nothing : Version);
        await using var second = new RawServer(_ => Version);
        using var bench = BenchOf(first.Url, second.Url);
        await bench.VersionAsync(Cancel);
        down = false;

        await bench.VersionAsync(Cancel);

        Assert.Equal(2, second.Requests.Count);
    }

    [Fact]
    public async Task A_node_that_could_not_be_reached_is_left_aside_for_half_a_minute()
    {
        await using var closed = new RawServer(_ => Version, listens: false);
        var down = false;
        await using var second = new RawServer(_ => down ? RawReply.Nothing : Version);
        await using var third = new RawServer(_ => Version);
        using var bench = BenchOf(closed.Url, second.Url, third.Url);
        await bench.VersionAsync(Cancel);
        down = true;

        // The second is asked, then the third; not the first before it.
        await bench.VersionAsync(Cancel);
        Assert.Single(bench.Trace, static l => l.Contains("cannot be reached", StringComparison.Ordinal));
        closed.Listen();
        _time.Advance(ProxmoxNode.LeftAside + TimeSpan.FromSeconds(1));
        await third.DisposeAsync();
        await bench.VersionAsync(Cancel);

        Assert.Single(closed.Requests);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    [InlineData(595)]
    [InlineData(596)]
    public async Task A_read_that_meets_a_passing_failure_is_asked_of_the_next_node(int status)
    {
        await using var first = new RawServer(_ => RawReply.Refusal(status, "x"));
        await using var second = new RawServer(_ => Version);
        using var bench = BenchOf(first.Url, second.Url);

        await bench.VersionAsync(Cancel);

        Assert.Equal((1, 1), (first.Requests.Count, second.Requests.Count));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(403)]
    [InlineData(501)]
    public async Task A_refusal_is_an_answer_and_no_other_node_is_asked(int status)
    {
        await using var first = new RawServer(_ => RawReply.Refusal(status, "x"));
        await using var second = new RawServer(_ => Version);
        using var bench = BenchOf(first.Url, second.Url);

        await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.VersionAsync(Cancel));

        Assert.Empty(second.Requests);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_change_that_may_have_been_heard_is_never_told_to_another_node(string method)
    {
        await using var lost = new RawServer(_ => RawReply.Nothing);
        await using var failing = new RawServer(_ => RawReply.Refusal(596, "x"));
        await using var other = new RawServer(_ => Version);

        using var first = BenchOf(lost.Url, other.Url);
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(first, method));
        using var second = BenchOf(failing.Url, other.Url);
        var f = await Assert.ThrowsAsync<ProxmoxRefusal>(() => AskAsync(second, method));

        Assert.Equal(("ProxmoxConnectionLost", false), (e.Id, e.NothingHappened));
        Assert.Equal(("ProxmoxNodeUnreachable", false), (f.Id, f.NothingHappened));
        Assert.Equal((1, 1, 0), (lost.Requests.Count, failing.Requests.Count, other.Requests.Count));
    }

    [Fact]
    public async Task Each_node_is_asked_at_most_once_and_three_in_all()
    {
        await using var a = new RawServer(_ => RawReply.Refusal(503, "x"));
        await using var b = new RawServer(_ => RawReply.Refusal(503, "x"));
        await using var c = new RawServer(_ => RawReply.Refusal(503, "x"));
        await using var d = new RawServer(_ => Version);
        using var bench = BenchOf(a.Url, b.Url, c.Url, d.Url);

        var e = await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Unavailable, 503), (e.Kind, e.Status));
        Assert.Equal((1, 1, 1, 0), (a.Requests.Count, b.Requests.Count, c.Requests.Count, d.Requests.Count));
    }

    [Fact]
    public async Task A_single_node_is_asked_three_times_with_a_growing_pause()
    {
        var asked = 0;
        await using var server = new RawServer(_ => Interlocked.Increment(ref asked) < 3 ? RawReply.Refusal(503, "x") : Version);
        using var bench = BenchOf(server.Url);

        var asking = bench.VersionAsync(Cancel);
        await _time.WaitedForAsync(TimeSpan.FromMilliseconds(250));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await _time.WaitedForAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("9.1.9", (await asking).Version);
    }

    [Fact]
    public async Task A_single_node_that_loses_the_connection_of_a_read_is_asked_again()
    {
        var down = true;
        await using var server = new RawServer(_ => Volatile.Read(ref down) ? RawReply.Nothing : Version);
        using var bench = BenchOf(server.Url);

        var asking = bench.VersionAsync(Cancel);
        await _time.WaitedForAsync(TimeSpan.FromMilliseconds(250));
        Volatile.Write(ref down, false);
        _time.Advance(TimeSpan.FromMilliseconds(250));

        Assert.Equal("9.1.9", (await asking).Version);
        Assert.Contains("was lost during GET /version.", bench.Trace[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_single_node_that_keeps_failing_is_told_with_its_last_failure()
    {
        await using var server = new RawServer(_ => RawReply.Nothing);
        using var bench = BenchOf(server.Url);

        var asking = bench.VersionAsync(Cancel);
        await _time.WaitedForAsync(TimeSpan.FromMilliseconds(250));
        _time.Advance(TimeSpan.FromMilliseconds(250));
        await _time.WaitedForAsync(TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<HomelabException>(() => asking);

        Assert.Equal((ErrorKind.Unavailable, "ProxmoxConnectionLost", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Equal(3, bench.Trace.Count);
    }

    [Fact]
    public async Task A_single_node_that_cannot_be_reached_is_told_at_once()
    {
        using var closed = new ClosedPort();
        using var bench = BenchOf(UrlOf(closed));

        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(bench, "POST"));

        Assert.Equal((ErrorKind.Unavailable, "ProxmoxUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("connection refused", e.Message, StringComparison.Ordinal);
        Assert.Contains("providers.proxmox.url", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_with_which_no_connection_comes_about_is_given_up_after_ten_seconds()
    {
        // It takes the connection, and never answers the handshake.
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        await using var second = new RawServer(_ => Version);
        using var bench = BenchOf(new Uri($"https://localhost:{((IPEndPoint)mute.LocalEndpoint).Port}"), second.Url);

        var asking = AskAsync(bench, "POST");
        using var client = await mute.AcceptTcpClientAsync(Cancel);
        Assert.NotEqual(0, await client.GetStream().ReadAsync(new byte[1], Cancel));
        _time.Advance(TimeSpan.FromSeconds(10));
        await asking;

        Assert.Contains("no connection within 10s", bench.Trace[0], StringComparison.Ordinal);
        Assert.Single(second.Requests);
    }

    [Fact]
    public async Task When_no_node_can_be_reached_each_is_named()
    {
        using var first = new ClosedPort();
        using var second = new ClosedPort();
        using var bench = BenchOf(UrlOf(first), UrlOf(second));

        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync(bench, "DELETE"));

        Assert.Equal(("ProxmoxUnreachable", true), (e.Id, e.NothingHappened));
        Assert.Contains($"localhost:{first.Number}", e.Message, StringComparison.Ordinal);
        Assert.Contains("providers.proxmox.failover[0].url", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_login_is_made_at_whichever_node_answers_and_holds_for_all()
    {
        using var closed = new ClosedPort();
        await using var second = new RawServer(static request => request.Path == "/access/ticket" ? RawReply.Data("""{"ticket":"PVE:root@pam:1::x","CSRFPreventionToken":"c"}""") : Version);
        var settings = new ProxmoxSettings
        {
            Url = UrlOf(closed),
            Failover = [new ProxmoxNodeDefinition { Url = second.Url }],
            Login = new ProxmoxLoginDefinition { User = "root@pam", Password = WireBench.Reference("PASSWORD") },
        };
        using var bench = new WireBench(settings, _time, secrets: new Secrets(("PASSWORD", "open sesame")));

        await bench.VersionAsync(Cancel);

        Assert.Equal(["/access/ticket", "/version"], second.Requests.Select(static r => r.Path));
    }

    private static Uri UrlOf(ClosedPort port) => new($"http://localhost:{port.Number}");

    private static Task AskAsync(WireBench bench, string method) =>
        method == "GET" ? bench.VersionAsync(Cancel) : bench.Wire.ChangeAsync(new HttpMethod(method), $"/nodes/{"pve"}/qemu/{100}/status/start", ProxmoxForm.Empty, Cancel);

    private WireBench BenchOf(params Uri[] nodes) => new(
        new ProxmoxSettings { Url = nodes[0], Failover = [.. nodes.Skip(1).Select(static n => new ProxmoxNodeDefinition { Url = n })], Token = WireBench.Reference("TOKEN") },
        _time);
}
