using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.SystemTests.Web;
using Homelab.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>The catalog by MCP over HTTP, at the host as it is served, with the SDK's own client and with what curl would send.</summary>
public sealed class HttpFaceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(McpBench.Newest)]
    public async Task A_client_of_any_revision_sees_its_tools_and_uses_them_as_itself(string revision)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation, static lab => lab.Replace("mcp: monitor", "mcp: operate", StringComparison.Ordinal));
        await using var client = await ConnectAsync(bench, await KeyAsync(bench, "claude", Level.Operate), revision);
        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        Assert.Contains(tools, t => t.Name == "docker_restart_container");
        var result = await client.CallToolAsync("docker_restart_container", new Dictionary<string, object?>(StringComparer.Ordinal) { ["container"] = "gitea@dev" }, cancellationToken: Cancellation);
        Assert.Equal("done", result.StructuredContent!.Value.GetProperty("status").GetString());
        var audit = await bench.Runtime.Store.ReadAuditTailAsync(10, Cancellation);
        Assert.Contains(audit, a => (a.Kind, a.Trigger, a.Identity, a.Operation) == (AuditKind.Outcome, "mcp", "claude", "docker_restart_container"));
    }

    [Theory]
    [InlineData(Level.Monitor, "", "docker_list_containers", "docker_restart_container")]
    [InlineData(Level.Operate, "docker_restart_*", "docker_restart_container", "docker_list_containers")]
    public async Task A_key_gives_its_level_and_scope_and_no_more(Level level, string scope, string offered, string withheld)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation, static lab => lab.Replace("mcp: monitor", "mcp: manage", StringComparison.Ordinal));
        await using var client = await ConnectAsync(bench, await KeyAsync(bench, "narrow", level, scope), McpBench.Newest);
        var tools = (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(t => t.Name).ToArray();
        Assert.Contains(offered, tools);
        Assert.DoesNotContain(withheld, tools);
        var result = await client.CallToolAsync(withheld, new Dictionary<string, object?>(StringComparer.Ordinal) { ["container"] = "gitea@dev" }, cancellationToken: Cancellation);
        Assert.True(result.IsError);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_session_is_told_when_another_policy_is_put_in_force()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        await using var client = await ConnectAsync(bench, await KeyAsync(bench, "claude", Level.Operate), "2025-11-25");
        var news = 0;
        await using var listening = client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            Interlocked.Increment(ref news);
            return default;
        });
        var file = bench.Runtime.File;
        // Until the client's stream is open there is nobody to tell it to.
        await Eventually.HoldsAsync(
            "the session is told",
            async () =>
            {
                await bench.Runtime.TakePolicyAsync(file with { Lab = file.Lab with { Access = file.Lab.Access with { Mcp = Level.Operate } } }, Cancellation);
                return Volatile.Read(ref news) > 0;
            },
            Cancellation);
        Assert.Contains(await client.ListToolsAsync(cancellationToken: Cancellation), static t => t.Name == "docker_restart_container");
        Assert.Equal("operate", (string?)JsonNode.Parse((await bench.GetAsync("/health")).Body)!["level"]);
    }

    [Theory]
    [InlineData("/mcp")]
    [InlineData("/")]
    public async Task Tools_are_listed_for_whoever_asks_as_curl_does(string path)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("""{"jsonrpc":"2.0","method":"tools/list","id":1}""", Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await KeyAsync(bench, "curl", Level.Monitor));
        request.Headers.TryAddWithoutValidation("Accept", "*/*");
        using var response = await bench.Http.SendAsync(request, Cancellation);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Contains(answer["result"]!["tools"]!.AsArray(), t => (string?)t!["name"] == "docker_list_containers");
        Assert.Equal(405, (await bench.GetAsync("/")).Status);
    }

    [Theory]
    [InlineData("mcp: monitor", "monitor")]
    [InlineData("mcp: configure", "configure")]
    [InlineData("mcp: none", "none")]
    [InlineData("identities: { \"mcp:a\": operate, \"rest:b\": manage }, mcp: monitor", "operate")]
    public async Task Health_tells_everybody_the_most_that_an_AI_client_may(string access, string level)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation, lab => lab.Replace("mcp: monitor", access, StringComparison.Ordinal));
        Assert.Equal(level, (string?)JsonNode.Parse((await bench.GetAsync("/health")).Body)!["level"]);
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
