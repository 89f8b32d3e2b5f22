using System.Net;
using System.Net.Sockets;
using Homelab.Providers.Mcp;
using Microsoft.AspNetCore.Http;

namespace Homelab.SystemTests.McpServers;

/// <summary>Other servers over HTTP: what is told of them, and who is given the login.</summary>
public sealed class HttpServerTests
{
    [Fact]
    public async Task A_server_that_answers_is_online_with_its_tools_by_category()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Tools = """[{"name":"get_vms","inputSchema":{"type":"object"}},{"name":"stop_vm","description":"Stops","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":false,"destructiveHint":true}},{"name":"frob","inputSchema":{"type":"object"}}]""";
        await using var bench = ServersBench.At(server.Url);
        var found = await bench.LookAsync();
        Assert.Equal(("one", McpServerKind.Http, McpServerState.Online, "scripted", "1.2.3", "2025-06-18"), (found.Name, found.Kind, found.State, found.Product, found.Version, found.Protocol));
        Assert.Equal((3, 3, "scripted 1.2.3; 3 tools", ""), (found.TotalTools, found.AvailableTools, found.Detail, found.Error));
        Assert.Equal(["query 1", "control 1", "uncategorised 1"], found.Categories.Select(static c => c.ToString()));
        var stop = found.Categories[1].Tools.Single();
        Assert.Equal(("stop_vm", "Stops", false, true), (stop.Name, stop.Description, stop.IsReadOnly, stop.IsDestructive));
        Assert.NotNull(found.Latency);
    }

    [Fact]
    public async Task A_check_goes_step_by_step()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var bench = new ServersBench([("one", new McpServerSettings { Url = server.Url, Health = new Uri(server.Url, "/livez") })]);
        server.Script = static async (http, _) =>
        {
            if (http.Request.Path != "/livez") return false;
            await ScriptedServer.RawAsync(http, "fine", "text/plain");
            return true;
        };
        var checks = await bench.CheckAsync();
        Assert.Equal(["connection Ok it answers", "initialize Ok it is scripted 1.2.3", "protocol Ok 2025-06-18", "ping Ok it answers", "tools Ok 1 tool", "health Ok HTTP 200"], checks.Select(static c => $"{c.Check} {c.Verdict} {c.Detail}"));
        Assert.All(checks, static c => Assert.True(((IVerdict)c).IsGood));
        Assert.Contains(server.Asked, static a => a is { Method: "GET", Path: "/livez" });
    }

    [Fact]
    public async Task The_login_goes_to_its_own_origin_with_every_request()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var other = await ScriptedServer.StartAsync();
        other.Script = static async (http, _) =>
        {
            await ScriptedServer.RawAsync(http, "fine", "text/plain");
            return true;
        };
        await using var bench = new ServersBench([("one", new McpServerSettings
        {
            Url = server.Url,
            Token = ServersBench.Reference,
            Headers = new Dictionary<string, SecretReference>(StringComparer.Ordinal) { ["X-Api-Key"] = ServersBench.Reference },
            Health = other.Url,
        })]);
        Assert.All(await bench.CheckAsync(), static c => Assert.Equal(McpVerdict.Ok, c.Verdict));
        Assert.All(server.Asked, static a => Assert.Equal($"Bearer {ServersBench.Token}{ServersBench.Token}", a.Login));
        Assert.Equal("", Assert.Single(other.Asked).Login);
    }

    [Theory]
    [InlineData(true, "refused the login (env:SOME_TOKEN) with HTTP 401")]
    [InlineData(false, "wants a login (HTTP 401) and the lab file gives none")]
    public async Task A_refused_login_is_told_as_one(bool hasToken, string says)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = static async (http, _) =>
        {
            await ScriptedServer.RawAsync(http, "{}", status: StatusCodes.Status401Unauthorized);
            return true;
        };
        await using var bench = ServersBench.At(server.Url, hasToken);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Refused, "McpServerLoginRefused", "Set providers.mcp.servers.one.token, or headers."), (found.State, found.Error, found.Fix));
        Assert.Equal(says, found.Detail);
        var checks = await bench.CheckAsync();
        Assert.Equal(["connection Ok", "initialize Failed", "protocol Unknown", "ping Unknown", "tools Unknown"], checks.Select(static c => $"{c.Check} {c.Verdict}"));
        Assert.Equal(("rights", "mcp@one", CheckStatus.Failed), Assert.Single(await bench.CheckLabAsync()) is var c ? (c.Group, c.Name, c.Status) : default);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_offline_and_hides_no_other()
    {
        await using var server = await ScriptedServer.StartAsync();
        // Held, so that nobody else begins to listen there.
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var bench = new ServersBench(
        [
            ("gone", new McpServerSettings { Url = new Uri($"http://{nobody.LocalEndPoint}/mcp") }),
            ("wrong", new McpServerSettings { Url = server.Url, Command = "node" }),
            ("locked", new McpServerSettings { Url = server.Url, Token = SecretReference.Parse("env:NO_SUCH", null) }),
            ("well", new McpServerSettings { Url = server.Url }),
        ]);
        var found = await bench.ListAsync();
        Assert.Equal(
            ["gone Offline McpServerUnreachable", "wrong Unknown McpServerInvalid", "locked Unknown SecretNotFound", "well Online "],
            found.Select(static s => $"{s.Name} {s.State} {s.Error}"));
        Assert.StartsWith("cannot be reached: Connection refused", found[0].Detail, StringComparison.Ordinal);
        Assert.Equal(["well"], (await bench.ListAsync("we*")).Select(static s => s.Name));
        Assert.Equal("McpServerNotFound", (await Assert.ThrowsAsync<HomelabException>(() => bench.ListAsync("wel"))).Id);
        Assert.Equal(["connection Failed", "initialize Unknown", "protocol Unknown", "ping Unknown", "tools Unknown"], (await bench.CheckAsync("gone")).Select(static c => $"{c.Check} {c.Verdict}"));
        Assert.Equal([CheckStatus.Failed, CheckStatus.Failed, CheckStatus.Failed, CheckStatus.Ok], (await bench.CheckLabAsync()).Select(static c => c.Status).Order());
    }

    [Fact]
    public async Task Of_a_server_that_went_away_its_tools_are_known_and_not_available()
    {
        await using var server = await ScriptedServer.StartAsync();
        await using var bench = ServersBench.At(server.Url);
        var before = await bench.LookAsync();
        server.Script = static async (http, _) =>
        {
            await ScriptedServer.RawAsync(http, "", "text/html", StatusCodes.Status503ServiceUnavailable);
            return true;
        };
        var after = await bench.LookAsync();
        Assert.Equal((McpServerState.Offline, 1, 0, before.ToolsSeenAt), (after.State, after.TotalTools, after.AvailableTools, after.ToolsSeenAt));
        Assert.Equal("get_vms", after.Categories.Single().Tools.Single().Name);
    }

    [Theory]
    [InlineData(200, McpServerState.Online, "")]
    [InlineData(204, McpServerState.Online, "")]
    [InlineData(500, McpServerState.Offline, "McpServerUnhealthy")]
    [InlineData(503, McpServerState.Offline, "McpServerUnreachable")]
    [InlineData(404, McpServerState.Offline, "McpServerUnhealthy")]
    [InlineData(403, McpServerState.Refused, "McpServerLoginRefused")]
    [InlineData(302, McpServerState.Unknown, "McpServerAnswerOdd")]
    public async Task What_speaks_no_mcp_is_asked_whether_it_lives(int status, McpServerState state, string error)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        await using var bench = new ServersBench([("gateway", new McpServerSettings { Health = server.Url, Token = ServersBench.Reference })]);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerKind.Health, state, error, 0), (found.Kind, found.State, found.Error, found.TotalTools));
        Assert.Equal(("GET", "/mcp", $"Bearer {ServersBench.Token}"), Assert.Single(server.Asked));
        Assert.Equal("health", Assert.Single(await bench.CheckAsync()).Check);
    }

    [Fact]
    public async Task A_lab_without_other_servers_says_so()
    {
        await using var bench = new ServersBench([]);
        Assert.Equal("McpServersNotConfigured", (await Assert.ThrowsAsync<HomelabException>(() => bench.ListAsync())).Id);
        Assert.Empty(await bench.CheckLabAsync());
    }

    [Fact]
    public async Task A_session_is_ended_when_it_is_not_needed_any_more()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = static (http, method) =>
        {
            if (method == "initialize") http.Response.Headers["Mcp-Session-Id"] = "s1";
            return Task.FromResult(false);
        };
        await using var bench = ServersBench.At(server.Url);
        Assert.Equal(McpServerState.Online, (await bench.LookAsync()).State);
        Assert.Equal("DELETE", server.Asked.Last().Method);
    }
}
