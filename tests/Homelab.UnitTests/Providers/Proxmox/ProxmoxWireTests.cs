using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

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
}
