using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class ProxmoxWireTests
{
    private const string Version = """{"release":"9.1","version":"9.1.9","repoid":"ee7bad0a3d1546c9"}""";
    private const string Upid = "UPID:pve:00000929:000549F9:6B00E2B8:qmdelsnapshot:100:root@pam!lab:";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_is_asked_with_the_token_and_gives_the_data()
    {
        await using var server = new RawServer(_ => RawReply.Data(Version));
        using var bench = new WireBench(server);

        var version = await bench.VersionAsync(Cancel);

        Assert.Equal("9.1.9", version.Version);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("GET", "/api2/json/version", ""), (request.Method, request.Target, request.Body));
        Assert.Equal($"PVEAPIToken={WireBench.Id}={WireBench.Key}", request.Headers["Authorization"]);
        Assert.False(request.Headers.ContainsKey("Cookie"));
        Assert.Equal(WireBench.Id, bench.Wire.User);
    }

    [Fact]
    public async Task A_question_carries_its_parameters_and_every_hole_of_the_path_is_encoded()
    {
        await using var server = new RawServer(_ => RawReply.Data(Version));
        using var bench = new WireBench(server);

        await bench.Wire.GetAsync($"/nodes/{"pve"}/storage/{"local"}/content/{"local:iso/../a b.iso"}", new ProxmoxForm { { "full", true }, { "type", "a&b" } }, ProbeJson.Default.VersionProbe, Cancel);

        Assert.Equal("/api2/json/nodes/pve/storage/local/content/local%3Aiso%2F..%2Fa%20b.iso?full=1&type=a%26b", Assert.Single(server.Requests).Target);
    }

    [Fact]
    public async Task A_post_sends_its_form_as_body_and_gives_the_task()
    {
        await using var server = new RawServer(_ => RawReply.Data($"\"{Upid}\""));
        using var bench = new WireBench(server);

        var task = await bench.Wire.ChangeAsync(HttpMethod.Post, $"/nodes/{"pve"}/qemu/{100}/status/shutdown", new ProxmoxForm { { "timeout", 60 }, { "forceStop", true } }, Cancel);

        Assert.Equal(Upid, task);
        var request = Assert.Single(server.Requests);
        Assert.Equal(("POST", "/api2/json/nodes/pve/qemu/100/status/shutdown", "timeout=60&forceStop=1"), (request.Method, request.Target, request.Body));
        Assert.Equal("application/x-www-form-urlencoded", request.Headers["Content-Type"]);
    }

    [Fact]
    public async Task A_delete_sends_its_parameters_as_query_and_no_body()
    {
        await using var server = new RawServer(_ => RawReply.Data($"\"{Upid}\""));
        using var bench = new WireBench(server);

        await bench.Wire.ChangeAsync(HttpMethod.Delete, $"/nodes/{"pve"}/qemu/{100}", new ProxmoxForm { { "purge", true } }, Cancel);

        var request = Assert.Single(server.Requests);
        Assert.Equal(("DELETE", "/api2/json/nodes/pve/qemu/100?purge=1", ""), (request.Method, request.Target, request.Body));
        Assert.False(request.Headers.ContainsKey("Content-Type"));
        Assert.False(request.Headers.ContainsKey("Transfer-Encoding"));
    }

    [Fact]
    public async Task A_change_that_is_done_at_once_gives_no_task()
    {
        await using var server = new RawServer(_ => RawReply.Data("null"));
        using var bench = new WireBench(server);

        Assert.Null(await bench.Wire.ChangeAsync(HttpMethod.Put, $"/nodes/{"pve"}/qemu/{100}/config", new ProxmoxForm { { "cores", 2 } }, Cancel));
    }

    [Fact]
    public async Task A_post_may_answer_with_more_than_a_task()
    {
        await using var server = new RawServer(_ => RawReply.Data("""{"pid":4711}"""));
        using var bench = new WireBench(server);

        var answer = await bench.Wire.PostAsync($"/nodes/{"pve"}/qemu/{100}/agent/exec", new ProxmoxForm { { "command", ["uname", "-a"] } }, ProbeJson.Default.PidProbe, Cancel);

        Assert.Equal(4711, answer.Pid);
        Assert.Equal("command=uname&command=-a", Assert.Single(server.Requests).Body);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_change_on_a_kept_connection_that_dies_is_sent_once(string method)
    {
        await using var server = new RawServer(static request => request.Method == "GET" ? RawReply.Data(Version) : RawReply.Nothing);
        using var bench = new WireBench(server);
        // A kept connection is what SocketsHttpHandler would send again on.
        await bench.VersionAsync(Cancel);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Wire.ChangeAsync(new HttpMethod(method), $"/nodes/{"pve"}/qemu/{100}", ProxmoxForm.Empty, Cancel));

        Assert.Equal(["GET", method], server.Requests.Select(static r => r.Method));
        Assert.Equal((1, 1), (server.Requests[0].Connection, server.Requests[1].Connection));
        Assert.Equal((ErrorKind.Unavailable, "ProxmoxConnectionLost", false), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("whether it took effect is not known", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delete_says_that_it_has_no_body()
    {
        await using var server = new RawServer(_ => RawReply.Data("null"));
        using var bench = new WireBench(server);

        await bench.Wire.ChangeAsync(HttpMethod.Delete, $"/pools/{"x"}", ProxmoxForm.Empty, Cancel);

        // Proxmox takes a length of zero as none, and refuses any other.
        Assert.Equal("0", Assert.Single(server.Requests).Headers["Content-Length"]);
    }

    [Fact]
    public async Task A_change_that_is_never_answered_times_out_and_may_have_happened()
    {
        var time = new ManualTime();
        var received = new TaskCompletionSource();
        await using var server = new RawServer(_ =>
        {
            received.SetResult();
            return RawReply.Silence;
        });
        using var bench = new WireBench(time, server);

        var change = bench.Wire.ChangeAsync(HttpMethod.Post, $"/nodes/{"pve"}/qemu/{100}/status/start", ProxmoxForm.Empty, Cancel);
        await received.Task;
        time.Advance(TimeSpan.FromSeconds(30));
        var e = await Assert.ThrowsAsync<HomelabException>(() => change);

        Assert.Equal((ErrorKind.Timeout, "ProxmoxTimeout", false), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("within 30s", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_may_be_given_more_time()
    {
        var time = new ManualTime();
        var received = new TaskCompletionSource();
        var thought = new TaskCompletionSource();
        await using var server = new RawServer(_ =>
        {
            received.SetResult();
            return RawReply.Data(Version) with { Until = thought.Task };
        });
        using var bench = new WireBench(time, server);

        var asking = bench.Wire.GetAsync($"/nodes/{"pve"}/apt/update", ProxmoxForm.Empty, ProbeJson.Default.VersionProbe, TimeSpan.FromMinutes(2), Cancel);
        await received.Task;
        time.Advance(TimeSpan.FromSeconds(119));
        thought.SetResult();

        Assert.Equal("9.1.9", (await asking).Version);
    }

    [Fact]
    public async Task A_caller_that_leaves_is_cancelled_and_nothing_else()
    {
        var received = new TaskCompletionSource();
        await using var server = new RawServer(_ =>
        {
            received.SetResult();
            return RawReply.Silence;
        });
        using var bench = new WireBench(server);
        using var leaving = new CancellationTokenSource();

        var asking = bench.VersionAsync(leaving.Token);
        await received.Task;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_refused_token_is_not_shown_and_asked_about_once()
    {
        await using var server = new RawServer(_ => RawReply.Refusal(401, "Authentication failed!"));
        using var bench = new WireBench(server);

        var e = await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Denied, "ProxmoxLoginRefused"), (e.Kind, e.Id));
        Assert.Contains(WireBench.Id, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(WireBench.Key, e.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Each_request_is_one_line_of_the_trace_without_any_secret()
    {
        await using var server = new RawServer(_ => RawReply.Data(Version));
        using var bench = new WireBench(server);
        var query = new ProxmoxForm { { "type", "vm" } };
        query.AddSecret("password", new Secret("open sesame"));

        await bench.Wire.GetAsync($"/cluster/resources", query, ProbeJson.Default.VersionProbe, Cancel);
        await bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", query, Cancel);

        Assert.Equal(2, bench.Trace.Count);
        Assert.Matches($"^proxmox localhost:{server.Port}: GET /cluster/resources\\?type=vm&password=\\*\\*\\* -> 200 in [0-9]+\\.[0-9] ms$", bench.Trace[0]);
        Assert.Matches($"^proxmox localhost:{server.Port}: POST /pools -> 200 in [0-9]+\\.[0-9] ms$", bench.Trace[1]);
        Assert.Equal("/api2/json/cluster/resources?type=vm&password=open%20sesame", server.Requests[0].Target);
    }

    [Fact]
    public async Task A_wire_that_was_put_away_asks_nothing_more()
    {
        await using var server = new RawServer(_ => RawReply.Data(Version));
        var bench = new WireBench(server);
        bench.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => bench.VersionAsync(Cancel));
        Assert.Empty(server.Requests);
    }
}
