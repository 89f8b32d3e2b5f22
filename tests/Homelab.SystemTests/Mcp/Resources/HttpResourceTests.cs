using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.SystemTests.Web;
using Homelab.SystemTests.Web.Access;
using Homelab.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp.Resources;

/// <summary>Resources, prompts and subscriptions at the host as it is served, by keys.</summary>
public sealed class HttpResourceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025-06-18", Level.Monitor)]
    [InlineData("2025-11-25", Level.Operate)]
    [InlineData(McpBench.Newest, Level.Monitor)]
    [InlineData(McpBench.Newest, Level.Operate)]
    public async Task A_key_reads_what_its_level_may(string revision, Level level)
    {
        await using var bench = await OpenAsync();
        await using var client = await ConnectAsync(bench, await KeyAsync(bench, "claude", level), revision);
        Assert.Equal(11, (await client.UrisAsync()).Length);
        Assert.Equal(3, (await client.ListPromptsAsync(cancellationToken: Cancellation)).Count);
        Assert.Equal("dev", (string?)(await client.JsonAsync("homelab://inventory/dev"))["network_map"]!["items"]![0]!["name"]);
        Assert.Equal(2, (await client.GetPromptAsync("diagnose", ResourceReading.Words(("subject", "gitea")), cancellationToken: Cancellation)).Messages.Count);
        Assert.Contains("gitea", (await client.CompletionAsync(new PromptReference { Name = "diagnose" }, "subject", "gi")).Values);
        var text = Assert.IsType<TextContentBlock>((await client.GetPromptAsync("plan_change", ResourceReading.Words(("goal", "x")), cancellationToken: Cancellation)).Messages[0].Content).Text;
        // docker_inspect_container is of level 3.
        Assert.DoesNotContain("docker_inspect_container", text, StringComparison.Ordinal);
        Assert.Contains("heal_explain", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_for_some_operations_has_their_resources_alone()
    {
        await using var bench = await OpenAsync();
        await using var client = await ConnectAsync(bench, await KeyAsync(bench, "narrow", Level.Manage, "heal_* audit_verify"), McpBench.Newest);
        Assert.Equal(["homelab://incidents", "homelab://incidents/{id}"], await client.UrisAsync());
        Assert.Equal(["diagnose", "explain_incident"], (await client.ListPromptsAsync(cancellationToken: Cancellation)).Select(static p => p.Name));
        Assert.Contains("OperationNotGranted", (await client.RefusedAsync("homelab://audit")).Message, StringComparison.Ordinal);
        Assert.Contains(await bench.Runtime.Store.ReadAuditTailAsync(20, Cancellation), static l => l is { Kind: AuditKind.Denied, Identity: "narrow", Operation: "audit_list", Trigger: "mcp" });
    }

    [Fact]
    public async Task A_session_is_told_of_an_incident_and_its_end_ends_the_telling()
    {
        await using var bench = await OpenAsync();
        await using var client = await ConnectAsync(bench, await KeyAsync(bench, "claude", Level.Monitor), "2025-11-25");
        var told = 0;
        await using var listening = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (n, _) =>
        {
            if ((string?)n.Params!["uri"] == "homelab://incidents") Interlocked.Increment(ref told);
            return default;
        });
        await client.SubscribeToResourceAsync("homelab://incidents", cancellationToken: Cancellation);
        await Eventually.HoldsAsync("the client listens", () => Task.FromResult(Assert.Single(bench.Server.Mcp.Sessions.Open).IsListened), Cancellation);
        await bench.StillHealsAsync();
        await Eventually.HoldsAsync("the client is told", () => Task.FromResult(Volatile.Read(ref told) > 0), Cancellation);
        var changes = Homelab.Host.Mcp.Resources.LabChanges.Of(bench.Runtime, log: null!);
        Assert.True(changes.IsFollowing);
        await client.DisposeAsync();
        await Eventually.HoldsAsync("nobody follows any more", () => Task.FromResult(!changes.IsFollowing), Cancellation);
    }

    [Fact]
    public async Task Without_a_session_a_stream_listens_until_its_key_is_taken_back()
    {
        await using var bench = await OpenAsync();
        var key = await KeyAsync(bench, "claude", Level.Monitor);
        const string Body = """{"jsonrpc":"2.0","id":7,"method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["homelab://audit","homelab://runbooks"]},"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}""";
        using var response = await PostAsync(bench, key, Body, ("MCP-Protocol-Version", McpBench.Newest), ("Mcp-Method", "subscriptions/listen"));
        Assert.Equal(200, (int)response.StatusCode);
        using var stream = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        var granted = await NextAsync(stream);
        Assert.Equal(("notifications/subscriptions/acknowledged", 7), ((string?)granted!["method"], (int)granted["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!));
        Assert.Equal("""{"toolsListChanged":true,"resourceSubscriptions":["homelab://audit"]}""", granted["params"]!["notifications"]!.ToJsonString());
        await bench.Runtime.Store.AppendAuditAsync(new AuditEntry { Time = DateTimeOffset.UtcNow, Kind = AuditKind.Outcome, Operation = "x", Target = "lab", Trigger = "rest", Identity = "y" }, durable: true, Cancellation);
        var updated = await NextAsync(stream);
        Assert.Equal(("notifications/resources/updated", "homelab://audit", 7), ((string?)updated!["method"], (string?)updated["params"]!["uri"], (int)updated["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!));

        Assert.True(await bench.Runtime.Store.Credentials.RevokeKeyAsync("claude", DateTimeOffset.UtcNow, Cancellation));
        while (await NextAsync(stream) is not null)
        {
            // What was on its way.
        }

        await Eventually.HoldsAsync("nobody follows any more", () => Task.FromResult(!Homelab.Host.Mcp.Resources.LabChanges.Of(bench.Runtime, log: null!).IsFollowing), Cancellation);
    }

    [Fact]
    public async Task An_older_request_without_a_session_cannot_subscribe()
    {
        await using var bench = await OpenAsync();
        using var response = await PostAsync(bench, await KeyAsync(bench, "curl", Level.Monitor), """{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"homelab://audit"}}""");
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("needs a session", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_official_client_reads_a_resource_and_a_prompt()
    {
        await using var bench = await OpenAsync();
        await using var client = await OfficialClient.StartAsync("bearer", new Uri(bench.Server.Url, "/mcp").ToString(), await KeyAsync(bench, "official", Level.Monitor), "homelab://procedures/placement", "diagnose");
        Assert.Contains("docker_list_containers", (await client.HearAsync()).GetProperty("tools").EnumerateArray().Select(static t => t.GetString()));
        var heard = await client.HearAsync();
        Assert.Equal("text/markdown", heard.GetProperty("resource").GetProperty("mimeType").GetString());
        Assert.StartsWith("# Where to put it", heard.GetProperty("resource").GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Equal(["text", "resource"], heard.GetProperty("prompt").EnumerateArray().Select(static m => m.GetProperty("content").GetProperty("type").GetString()));
        Assert.Contains("homelab://incidents", heard.GetProperty("resources").EnumerateArray().Select(static r => r.GetString()));
    }

    private static Task<WebBench> OpenAsync() => WebBench.OpenAsync(Cancellation, static lab => lab.Replace("mcp: monitor", "mcp: manage", StringComparison.Ordinal));

    private static async Task<JsonNode?> NextAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromMinutes(3), Cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal)) return JsonNode.Parse(line["data: ".Length..]);
        }

        return null;
    }

    private static async Task<HttpResponseMessage> PostAsync(WebBench bench, string key, string body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        // A client that takes anything is not sent a stream, but where the answer is one.
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        return await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    private static async Task<string> KeyAsync(WebBench bench, string name, Level level, string scope = "")
    {
        var text = CredentialSecret.New(ApiKey.Prefix);
        var key = new ApiKey { Name = name, Level = level, Scope = OperationScope.Parse(scope), CreatedAt = bench.Runtime.Time.GetUtcNow(), CreatedBy = "interactive:tester", Hash = CredentialSecret.HashOf(text) };
        Assert.True(await bench.Runtime.Store.Credentials.AddKeyAsync(key, Cancellation));
        return text;
    }

    private static async Task<McpClient> ConnectAsync(WebBench bench, string key, string revision)
    {
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(bench.Server.Url, "/mcp"),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = $"Bearer {key}" },
        });
        // A server that is slow to answer would be taken for an older one.
        var options = new McpClientOptions { ProtocolVersion = revision, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan, InitializationTimeout = TimeSpan.FromMinutes(5) };
        return await McpClient.CreateAsync(transport, options, cancellationToken: Cancellation);
    }
}
