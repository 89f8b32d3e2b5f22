using System.Text.Json.Nodes;
using Homelab.Host.Mcp;
using Homelab.Host.Mcp.Http;
using Homelab.State;
using Homelab.SystemTests.Mcp.Http.Conformance;
using Homelab.Tests;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>Calls and streams that go on: none holds up another, and all of them end when they must.</summary>
public sealed class CallTests
{
    private const string List = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    // Protects from hanging only.
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_that_takes_long_holds_up_nobody_in_its_session_or_elsewhere()
    {
        var gate = new WaitingTool();
        await using var bench = await DoorBench.OpenAsync(options: gate.Options);
        var session = await bench.BeginAsync();
        var call = bench.CallAsync(session, WaitingTool.Call);
        await gate.Entered.Task.WaitAsync(s_most, Cancellation);
        Assert.Equal(200, (await bench.CallAsync(session, List)).Status);
        Assert.Equal(200, (await bench.SendAsync("POST", List, $"Authorization: Bearer {await bench.KeyAsync("other")}")).Status);
        Assert.Equal(202, (await bench.CallAsync(session, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":8}}""")).Status);
        await gate.Cancelled.Task.WaitAsync(s_most, Cancellation);
        // A call that was cancelled is not answered: its stream ends with its session, and says so.
        Assert.Equal(204, (await bench.SendAsync("DELETE", "", $"Mcp-Session-Id: {session}")).Status);
        WaitingTool.AssertEnded(await call, -32001);
    }

    [Fact]
    public async Task Calls_whose_client_did_not_wait_are_counted_too()
    {
        var gate = new WaitingTool();
        StateStore? audit = null;
        await using var bench = await DoorBench.OpenAsync(options: caller =>
        {
            var options = gate.Options(caller);
            new MessageWatch(GateOver(audit!), caller).Follow(options.Filters.Message);
            return options;
        });
        audit = bench.Store;
        var session = await bench.BeginAsync();
        await Task.WhenAll(Enumerable.Range(100, McpSession.MostCalls).Select(async id =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(WaitingTool.Call.Replace(":8,", $":{id},", StringComparison.Ordinal), System.Text.Encoding.UTF8, "application/json") };
            foreach (var (name, value) in new[] { ("Authorization", $"Bearer {await bench.KeyAsync("tester")}"), ("Mcp-Session-Id", session), ("Accept", "application/json, text/event-stream") }) request.Headers.TryAddWithoutValidation(name, value);
            using var begun = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.Equal(200, (int)begun.StatusCode);
        }));
        JsonNode? error = null;
        await Eventually.HoldsAsync("the connections are known to be gone", async () =>
        {
            var answer = await bench.CallAsync(session, List);
            if (answer.Status == 200) error = DoorBench.Json(answer)["error"];
            return answer.Status == 200;
        }, Cancellation);
        Assert.Equal((-32000, true), ((int)error!["code"]!, ((string)error["message"]!).Contains("64 calls", StringComparison.Ordinal)));
        // A call of a tool that was not even read is in the audit, as everything else that there was no room for.
        Assert.Equal(-32000, (int)DoorBench.Json(await bench.CallAsync(session, WaitingTool.Call))["error"]!["code"]!);
        Assert.Contains(await bench.Store.ReadAuditTailAsync(10, Cancellation), static l => l is { Kind: AuditKind.Denied, Operation: "mcp_request", Target: "tools/call", Identity: "tester" } && l.Error.StartsWith("64 calls", StringComparison.Ordinal));
        // Others are not held up by it, nor is another session of the same client.
        Assert.NotNull(DoorBench.Json(await bench.CallAsync(await bench.BeginAsync(), List))["result"]);
    }

    [Fact]
    public async Task Without_a_session_a_client_that_leaves_has_cancelled_its_call()
    {
        var gate = new WaitingTool();
        await using var bench = await DoorBench.OpenAsync(options: gate.Options);
        using (var gone = new CancellationTokenSource())
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(WaitingTool.Call, System.Text.Encoding.UTF8, "application/json"), Headers = { { "Authorization", $"Bearer {await bench.KeyAsync("tester")}" } } };
            var call = bench.Http.SendAsync(request, gone.Token);
            await gate.Entered.Task.WaitAsync(s_most, Cancellation);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }

        await gate.Cancelled.Task.WaitAsync(s_most, Cancellation);
    }

    [Fact]
    public async Task What_is_told_unasked_is_heard_also_after_the_connection_broke()
    {
        var made = new List<McpServerOptions>();
        await using var bench = await DoorBench.OpenAsync(options: _ =>
        {
            made.Add(FixtureOptions.Create());
            return made[^1];
        });
        var session = await bench.BeginAsync();
        using (var listening = await bench.ListenAsync(session))
        {
            made[0].ToolCollection!.Add(FixtureTools.Tool("one_more", () => ""));
            Assert.Equal("notifications/tools/list_changed", await HearAsync(listening));
        }

        // Until then it would be told to nobody.
        await Eventually.HoldsAsync("the connection is known to be broken", () => Task.FromResult(!bench.Door.Sessions.Open[0].IsUsed), Cancellation);
        made[0].ToolCollection!.Add(FixtureTools.Tool("and_another", () => ""));
        using var again = await bench.ListenAsync(session);
        Assert.Equal("notifications/tools/list_changed", await HearAsync(again));
        // A third one, while the second is still there, as after a connection of which only one side knows that it broke.
        using var third = await bench.ListenAsync(session);
        Assert.Null(await HearAsync(again));
    }

    [Fact]
    public async Task When_the_program_stops_streams_end_and_calls_are_cancelled_at_once()
    {
        var gate = new WaitingTool();
        await using var bench = await DoorBench.OpenAsync(options: gate.Options);
        var session = await bench.BeginAsync();
        using var listening = await bench.ListenAsync(session);
        var call = bench.CallAsync(session, WaitingTool.Call);
        await gate.Entered.Task.WaitAsync(s_most, Cancellation);
        // What must be cut off holds it for longer.
        await bench.StopAsync().WaitAsync(s_most, Cancellation);
        await bench.Door.DisposeAsync();
        Assert.Null(await listening.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_most, Cancellation));
        await gate.Cancelled.Task.WaitAsync(s_most, Cancellation);
        WaitingTool.AssertEnded(await call, -32000);
    }

    [Fact]
    public async Task Who_asks_more_at_once_than_may_be_is_in_the_audit()
    {
        var gate = new WaitingTool();
        await using var bench = await DoorBench.OpenAsync(options: gate.Options);
        var key = await bench.KeyAsync("tester");
        using var gone = new CancellationTokenSource();
        var calls = Enumerable.Range(0, Visits.MostOfOne + 3).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(WaitingTool.Call, System.Text.Encoding.UTF8, "application/json"), Headers = { { "Authorization", $"Bearer {key}" } } };
            try
            {
                using var answer = await bench.Http.SendAsync(request, gone.Token);
                return (int)answer.StatusCode;
            }
            catch (OperationCanceledException)
            {
                return 0;
            }
        }).ToArray();
        await Eventually.HoldsAsync("the audit tells of three", async () => (await bench.Store.ReadAuditTailAsync(10, Cancellation)).Count == 3, Cancellation);
        Assert.All(await bench.Store.ReadAuditTailAsync(10, Cancellation), static line =>
        {
            Assert.Equal((AuditKind.Denied, "mcp_request", "tester"), (line.Kind, line.Operation, line.Identity));
            Assert.StartsWith("deny: 64 requests of this client are under way", line.Decision, StringComparison.Ordinal);
        });
        await gone.CancelAsync();
        Assert.Equal((Visits.MostOfOne, 3), (await Task.WhenAll(calls)) is var statuses ? (statuses.Count(static s => s == 0), statuses.Count(static s => s == 429)) : default);
    }

    [Fact]
    public void One_caller_cannot_take_all_there_is()
    {
        var visits = new Visits(CancellationToken.None);
        var greedy = new Caller(Face.Mcp, "greedy");
        var open = Enumerable.Range(0, Visits.MostOfOne).Select(_ => visits.Begin(greedy, "a", isListening: false, CancellationToken.None)!).ToArray();
        Assert.Null(visits.Begin(greedy, "b", isListening: false, CancellationToken.None));
        using var other = visits.Begin(new Caller(Face.Mcp, "other"), "c", isListening: false, CancellationToken.None);
        Assert.NotNull(other);
        open[0].Dispose();
        using var again = visits.Begin(greedy, "b", isListening: true, CancellationToken.None);
        Assert.NotNull(again);
        // Its own credential's alone, and of those only what listens.
        Assert.Equal((0, 1), (visits.End("a", onlyListening: true), visits.End("b", onlyListening: true)));
        Assert.Equal((true, false), (again.Gone.IsCancellationRequested, other.Gone.IsCancellationRequested));
        foreach (var visit in open[1..]) visit.Dispose();
    }

    private static OperationGate GateOver(StateStore store)
    {
        var policy = new GatePolicy();
        return new OperationGate(new OperationCatalog([]), new Decider(new AccessPolicy(), policy, []), policy.Limits, store, new ApprovalDesk(store, policy.Approval, TimeProvider.System), new SecretRedactor(), TimeProvider.System);
    }

    private static async Task<string?> HearAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_most, Cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return (string?)JsonNode.Parse(line["data: ".Length..])!["method"];
        }

        return null;
    }
}
