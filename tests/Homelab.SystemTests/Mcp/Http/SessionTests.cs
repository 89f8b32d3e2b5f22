using System.Text.Json.Nodes;
using Homelab.Tests;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>Sessions: whose they are, and how long they live.</summary>
public sealed class SessionTests
{
    private const string List = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    // Protects from hanging only.
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2024-11-05", "2024-11-05")]
    [InlineData("2025-03-26", "2025-03-26")]
    [InlineData("2025-06-18", "2025-06-18")]
    [InlineData("2025-11-25", "2025-11-25")]
    // Nobody ever knew it: the newest that has sessions is offered.
    [InlineData("1999-01-01", "2025-11-25")]
    public async Task Each_revision_with_sessions_is_spoken(string asked, string spoken)
    {
        await using var bench = await DoorBench.OpenAsync();
        var begun = await bench.SendAsync("POST", DoorBench.Initialize(asked));
        Assert.Equal(spoken, (string?)DoorBench.Json(begun)["result"]!["protocolVersion"]);
        var session = begun.Headers["mcp-session-id"];
        Assert.Equal(202, (await bench.CallAsync(session, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", headers: $"MCP-Protocol-Version: {spoken}")).Status);
        var answer = await bench.CallAsync(session, List, headers: $"MCP-Protocol-Version: {spoken}");
        Assert.Equal((200, session, 7), (answer.Status, answer.Headers["mcp-session-id"], (int)DoorBench.Json(answer)["id"]!));
        Assert.Contains(bench.Logged("sessionBegun"), l => l.Contains($"of mcp:tester, which calls itself 'raw 1', MCP {spoken}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_has_a_session_who_was_not_understood()
    {
        await using var bench = await DoorBench.OpenAsync();
        var answer = await bench.SendAsync("POST", """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":7}}""");
        Assert.Equal((400, -32602, 1), (answer.Status, (int)JsonNode.Parse(answer.Body)!["error"]!["code"]!, (int)JsonNode.Parse(answer.Body)!["id"]!));
        Assert.DoesNotContain("mcp-session-id", answer.Headers.Keys, StringComparer.Ordinal);
        Assert.Empty(bench.Door.Sessions.Open);
    }

    [Theory]
    // It is spoken and has sessions: what was agreed upon counts.
    [InlineData("2025-06-18", "tools/list", 200)]
    [InlineData("2031-01-01", "tools/list", 400)]
    [InlineData("2025-11-25", "initialize", 400)]
    public async Task A_session_keeps_to_its_revision_and_begins_once(string revision, string method, int status)
    {
        await using var bench = await DoorBench.OpenAsync();
        var session = await bench.BeginAsync();
        var body = method == "initialize" ? DoorBench.Initialize(revision) : List;
        var answer = await bench.CallAsync(session, body, headers: $"MCP-Protocol-Version: {revision}");
        Assert.Equal((status, status == 200), (answer.Status, DoorBench.Json(answer)["result"] is not null));
        Assert.Equal(200, (await bench.CallAsync(session, List)).Status);
    }

    [Fact]
    public async Task A_client_ends_its_session_with_DELETE()
    {
        await using var bench = await DoorBench.OpenAsync();
        var session = await bench.BeginAsync();
        using var listening = await bench.ListenAsync(session);
        Assert.Equal(204, (await bench.SendAsync("DELETE", "", $"Mcp-Session-Id: {session}")).Status);
        Assert.Null(await listening.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_most, Cancellation));
        Assert.Equal(404, (await bench.CallAsync(session, List)).Status);
        Assert.Equal(404, (await bench.SendAsync("DELETE", "", $"Mcp-Session-Id: {session}")).Status);
        Assert.Empty(bench.Door.Sessions.Open);
    }

    [Fact]
    public async Task The_id_of_a_session_is_of_no_use_to_another_client_and_is_written_down()
    {
        await using var bench = await DoorBench.OpenAsync();
        var session = await bench.BeginAsync("owner");
        var thief = $"Authorization: Bearer {await bench.KeyAsync("thief")}";
        var stolen = await bench.SendAsync("POST", List, thief, $"Mcp-Session-Id: {session}");
        var made = await bench.SendAsync("POST", List, thief, "Mcp-Session-Id: hls_made-up");
        Assert.Equal((404, made.Body), (stolen.Status, stolen.Body));
        Assert.Equal(404, (await bench.SendAsync("GET", "", thief, "Accept: text/event-stream", $"Mcp-Session-Id: {session}")).Status);
        Assert.Equal(404, (await bench.SendAsync("DELETE", "", thief, $"Mcp-Session-Id: {session}")).Status);
        Assert.Equal(200, (await bench.CallAsync(session, List, "owner")).Status);

        Assert.Equal(3, bench.Logged("sessionRefused").Length);
        var audit = await bench.Store.ReadAuditTailAsync(10, Cancellation);
        Assert.Equal(4, audit.Count);
        Assert.All(audit, a => Assert.Equal((AuditKind.Denied, "mcp", "thief"), (a.Kind, a.Trigger, a.Identity)));
        Assert.Equal(3, audit.Count(a => a.Target.Contains("of mcp:owner", StringComparison.Ordinal)));
        Assert.Single(audit, a => a is { Operation: "mcp_session", Target: "none" });
        Assert.DoesNotContain(audit, a => a.ToString().Contains(session, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_idle_session_ends_and_one_that_is_used_does_not()
    {
        var time = new ManualTime();
        await using var bench = await DoorBench.OpenAsync(new McpDefinition { Idle = TimeSpan.FromMinutes(5) }, time);
        var (idle, used) = (await bench.BeginAsync(), await bench.BeginAsync());
        await bench.QuietAsync();
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(200, (await bench.CallAsync(used, List)).Status);
        await bench.QuietAsync();
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((404, 200), ((await bench.CallAsync(idle, List)).Status, (await bench.CallAsync(used, List)).Status));
        // Also where nobody asks for it any more.
        await bench.QuietAsync();
        time.Advance(TimeSpan.FromMinutes(6));
        await Eventually.HoldsAsync("no session is left", () => Task.FromResult(bench.Door.Sessions.Open.Count == 0), Cancellation);
        Assert.All(bench.Logged("sessionEnded"), l => Assert.Contains("mcp.idle", l, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_there_are_too_many_the_one_who_has_most_makes_room()
    {
        await using var bench = await DoorBench.OpenAsync(new McpDefinition { Sessions = 3 });
        var quiet = await bench.BeginAsync("quiet");
        var first = await bench.BeginAsync("greedy");
        var second = await bench.BeginAsync("greedy");
        Assert.Equal(200, (await bench.CallAsync(first, List, "greedy")).Status);
        for (var i = 0; i < 5; i++) await bench.BeginAsync("greedy");
        Assert.Equal(3, bench.Door.Sessions.Open.Count);
        Assert.Equal((200, 404, 404), ((await bench.CallAsync(quiet, List, "quiet")).Status, (await bench.CallAsync(first, List, "greedy")).Status, (await bench.CallAsync(second, List, "greedy")).Status));
    }

    [Fact]
    public async Task However_many_begin_at_once_there_are_never_more_than_the_lab_file_allows()
    {
        await using var bench = await DoorBench.OpenAsync(new McpDefinition { Sessions = 3 });
        await bench.KeyAsync("tester");
        // Some make room for others before they have been answered.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => bench.SendAsync("POST", DoorBench.Initialize("2025-11-25"))));
        Assert.InRange(bench.Door.Sessions.Open.Count, 1, 3);
    }

    [Theory]
    [InlineData(true, 503)]
    [InlineData(false, 500)]
    public async Task What_goes_wrong_at_the_door_is_for_the_log_and_not_for_strangers(bool isExpected, int status)
    {
        const string Inside = "the store lies at /var/lib/somewhere";
        await using var bench = await DoorBench.OpenAsync(letIn: _ => throw (isExpected ? (Exception)new HomelabException(ErrorKind.Unavailable, "StateBusy", Inside, "x") : new InvalidOperationException(Inside)));
        var answer = await bench.SendAsync("POST", List);
        Assert.Equal((status, -32000), (answer.Status, (int)JsonNode.Parse(answer.Body)!["error"]!["code"]!));
        Assert.DoesNotContain(Inside, answer.Body, StringComparison.Ordinal);
        Assert.Contains(Inside, Assert.Single(bench.Logged("doorTrouble")), StringComparison.Ordinal);
    }
}
