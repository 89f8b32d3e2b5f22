using Homelab.Tests;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>What is open ends with the credential by which it was opened.</summary>
public sealed class CredentialTests
{
    private const string List = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    // Protects from hanging only.
    private static readonly TimeSpan s_most = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_key_that_is_taken_back_its_sessions_streams_and_calls_end()
    {
        var gate = new WaitingTool();
        await using var bench = await DoorBench.OpenAsync(options: gate.Options);
        var (session, other) = (await bench.BeginAsync("revoked"), await bench.BeginAsync("other"));
        using var listening = await bench.ListenAsync(session, "revoked");
        using var unharmed = await bench.ListenAsync(other, "other");
        var call = bench.CallAsync(session, WaitingTool.Call, "revoked");
        await gate.Entered.Task.WaitAsync(s_most, Cancellation);
        // A call is told why it ends, which is not that its session does: that comes afterwards.
        var isAnsweredFirst = false;
        bench.Log.Written = line =>
        {
            if (line.Contains("sessionEnded", StringComparison.Ordinal)) isAnsweredFirst = ((IAsyncResult)call).AsyncWaitHandle.WaitOne(s_most);
        };
        Assert.True(await bench.Store.RevokeKeyAsync("revoked", bench.Time.GetUtcNow(), Cancellation));

        Assert.Null(await listening.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_most, Cancellation));
        await gate.Cancelled.Task.WaitAsync(s_most, Cancellation);
        WaitingTool.AssertEnded(await call, -32000);
        Assert.True(isAnsweredFirst);
        bench.Log.Written = null;
        Assert.Equal(401, (await bench.CallAsync(session, List, "revoked")).Status);
        Assert.Contains(bench.Logged("sessionEnded"), l => l.EndsWith("key 'revoked' was taken back", StringComparison.Ordinal));
        Assert.Equal("other", Assert.Single(bench.Door.Sessions.Open).Caller.Identity);
        Assert.Equal(200, (await bench.CallAsync(other, List, "other")).Status);
    }

    [Fact]
    public async Task With_a_key_that_expires_its_sessions_and_streams_end()
    {
        var time = new ManualTime();
        await using var bench = await DoorBench.OpenAsync(time: time);
        await bench.KeyAsync("brief", TimeSpan.FromMinutes(10));
        using var listening = await bench.ListenAsync(await bench.BeginAsync("brief"), "brief");
        time.Advance(TimeSpan.FromMinutes(11));
        while (await listening.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_most, Cancellation) is { } line) Assert.True(line is "" or ":", line);
        await Eventually.HoldsAsync("no session is left", () => Task.FromResult(bench.Door.Sessions.Open.Count == 0), Cancellation);
        await Eventually.HoldsAsync("why is in the log", () => Task.FromResult(bench.Logged("sessionEnded").Any(static l => l.EndsWith("key 'brief' has expired", StringComparison.Ordinal))), Cancellation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_token_is_followed_by_another_one_in_the_same_session_unless_it_was_taken_back(bool isRevoked)
    {
        var time = new ManualTime();
        await using var bench = await DoorBench.OpenAsync(new McpDefinition { Idle = TimeSpan.FromHours(9) }, time, letIn: static _ => Task.FromResult<Caller?>(new Caller(Face.Mcp, "claude")));
        // What it shows is the token of an OAuth client, to the watch.
        var now = time.GetUtcNow();
        var token = CredentialSecret.New(AccessGrant.PrefixOf(GrantKind.Access));
        await bench.Store.AddGrantsAsync([new AccessGrant { Hash = CredentialSecret.HashOf(token), Kind = GrantKind.Access, Family = "f", Client = "claude", Level = Level.Monitor, Resource = "x", IssuedAt = now, ExpiresAt = now.AddHours(1) }], Cancellation);
        var begun = await bench.SendAsync("POST", DoorBench.Initialize("2025-11-25"), $"Authorization: Bearer {token}");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp") { Headers = { { "Authorization", $"Bearer {token}" }, { "Mcp-Session-Id", begun.Headers["mcp-session-id"] }, { "Accept", "text/event-stream" } } };
        using var listening = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        if (isRevoked) await bench.Store.RevokeFamilyAsync("f", now, Cancellation);
        time.Advance(TimeSpan.FromMinutes(61));
        await listening.Content.ReadAsStringAsync(Cancellation).WaitAsync(s_most, Cancellation);
        await Eventually.HoldsAsync("it has been looked at", () => Task.FromResult(bench.Door.Sessions.Open.Count == (isRevoked ? 0 : 1)), Cancellation);
        Assert.Equal(isRevoked ? 404 : 200, (await bench.CallAsync(begun.Headers["mcp-session-id"], List)).Status);
    }

    [Fact]
    public async Task A_stream_that_only_listens_ends_with_its_token_also_where_it_is_the_answer_to_a_request()
    {
        var time = new ManualTime();
        await using var bench = await DoorBench.OpenAsync(time: time, options: static _ => Listening(), letIn: static _ => Task.FromResult<Caller?>(new Caller(Face.Mcp, "claude")));
        var now = time.GetUtcNow();
        var token = CredentialSecret.New(AccessGrant.PrefixOf(GrantKind.Access));
        await bench.Store.AddGrantsAsync([new AccessGrant { Hash = CredentialSecret.HashOf(token), Kind = GrantKind.Access, Family = "f", Client = "claude", Level = Level.Monitor, Resource = "x", IssuedAt = now, ExpiresAt = now.AddHours(1) }], Cancellation);
        const string Body = """{"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{"notifications":{},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Headers = { { "Authorization", $"Bearer {token}" }, { "Accept", "application/json, text/event-stream" }, { "MCP-Protocol-Version", McpBench.Newest }, { "Mcp-Method", "subscriptions/listen" } },
            Content = new StringContent(Body, System.Text.Encoding.UTF8, "application/json"),
        };
        using var listening = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var stream = new StreamReader(await listening.Content.ReadAsStreamAsync(Cancellation));
        while (!(await stream.ReadLineAsync(Cancellation).AsTask().WaitAsync(s_most, Cancellation))!.Contains("notifications/subscriptions/acknowledged", StringComparison.Ordinal))
        {
            // What comes before it.
        }

        time.Advance(TimeSpan.FromMinutes(61));
        await stream.ReadToEndAsync(Cancellation).WaitAsync(s_most, Cancellation);
    }

    private static McpServerOptions Listening() => new()
    {
        Handlers = new McpServerHandlers
        {
            SubscriptionsListenHandler = static async (request, cancellationToken) =>
            {
                await request.Server.SendNotificationAsync(NotificationMethods.SubscriptionsAcknowledgedNotification, cancellationToken);
                await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                return new EmptyResult();
            },
        },
    };
}
