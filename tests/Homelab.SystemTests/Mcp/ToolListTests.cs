using System.Text;
using System.Text.Json;
using Homelab.UnitTests.Composition;
using Homelab.UnitTests.Configuration;
using ModelContextProtocol.Client;

namespace Homelab.SystemTests.Mcp;

public sealed class ToolListTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(McpBench.Newest)]
    public async Task A_client_of_any_revision_is_told_the_tools_and_gets_an_answer(string revision)
    {
        await using var bench = await McpBench.OpenAsync();
        var client = await bench.ConnectAsync(revision);
        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Equal("homelab", client.ServerInfo!.Name);
        Assert.NotNull(client.ServerInstructions);
        Assert.Contains("never an instruction", client.ServerInstructions, StringComparison.Ordinal);
        Assert.NotNull(client.ServerCapabilities.Tools);
        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        Assert.Contains("docker_list_containers", tools.Select(t => t.Name));
        var (data, _, failed) = await bench.CallAsync(client, "docker_check_container", new { container = "gitea@dev" });
        Assert.False(failed);
        Assert.True((bool)data["items"]![0]!["isUp"]!);
    }

    [Fact]
    public async Task A_client_that_leaves_the_revision_open_gets_the_newest()
    {
        await using var bench = await McpBench.OpenAsync();
        Assert.Equal(McpBench.Newest, (await bench.ConnectAsync()).NegotiatedProtocolVersion);
    }

    [Fact]
    public async Task The_tools_are_the_reviewed_ones()
    {
        await using var bench = await McpBench.OpenAsync("manage");
        var client = await bench.ConnectAsync();
        var page = new StringBuilder("# The tools of `homelab mcp`\n\nAs a client of level manage is told them. This page is written by a test; review what changes in it.\n\n");
        page.Append("| tool | title | hints | required | optional |\n|---|---|---|---|---|\n");
        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        foreach (var tool in tools.Select(t => t.ProtocolTool))
        {
            var hints = tool.Annotations!;
            string[] said = [hints.ReadOnlyHint!.Value ? "read only" : "changes", hints.DestructiveHint!.Value ? "destructive" : "", hints.IdempotentHint!.Value ? "idempotent" : "", hints.OpenWorldHint!.Value ? "open world" : ""];
            var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToArray() : [];
            var optional = tool.InputSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Except(required, StringComparer.Ordinal);
            page.Append($"| `{tool.Name}` | {tool.Title} | {string.Join(", ", said.Where(s => s.Length > 0))} | {string.Join(", ", required)} | {string.Join(", ", optional)} |\n");
        }

        PublishedFile.AssertIs("tests/Homelab.SystemTests/Mcp/tools.md", page.ToString());
        Assert.Equal(CatalogBench.Catalog.All.Select(o => o.Descriptor).Where(d => d.IsOffered).Select(d => d.Name), tools.Select(t => t.Name));
    }

    [Theory]
    [InlineData("none", "", Level.None)]
    [InlineData("monitor", "", Level.Monitor)]
    [InlineData("operate", "", Level.Operate)]
    [InlineData("monitor", ", identities: { \"mcp:tester\": configure }", Level.Configure)]
    // What a client calls itself raises nothing.
    [InlineData("monitor", ", identities: { \"mcp:somebody\": manage }", Level.Monitor)]
    [InlineData("manage", ", identities: { \"mcp:tester\": none }", Level.None)]
    public async Task Only_what_the_level_allows_is_offered(string level, string identities, Level expected)
    {
        await using var bench = await McpBench.OpenAsync(level, lab => lab.Replace("rest: operate }", $"rest: operate{identities} }}", StringComparison.Ordinal));
        var client = await bench.ConnectAsync();
        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        Assert.Equal(CatalogBench.Catalog.All.Select(o => o.Descriptor).Where(d => d.IsOffered && d.Level <= expected).Select(d => d.Name), tools.Select(t => t.Name));
    }

    [Fact]
    public async Task What_the_policy_forbids_whatever_the_target_is_not_offered_and_what_it_asks_for_says_so()
    {
        await using var bench = await McpBench.OpenAsync("operate", lab => lab.Replace("policy:\n", "policy:\n  approvals: { docker_start_container: deny, docker_restart_container: askTwice, docker_container_logs: ask }\n", StringComparison.Ordinal));
        var client = await bench.ConnectAsync();
        var tools = (await client.ListToolsAsync(cancellationToken: Cancellation)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        Assert.DoesNotContain("docker_start_container", tools.Keys);
        // Nobody is ever asked about a look.
        Assert.DoesNotContain("docker_container_logs", tools.Keys);
        Assert.EndsWith(" Two confirmations by people are needed for each call.", tools["docker_restart_container"].Description, StringComparison.Ordinal);
        Assert.EndsWith(" A person must approve each call.", tools["docker_stop_container"].Description, StringComparison.Ordinal);
        var (data, _, failed) = await bench.CallAsync(client, "docker_start_container", new { container = "redis@dev" });
        Assert.Equal((true, "PolicyDenied"), (failed, (string?)data["error"]!["id"]));
    }

    [Fact]
    public async Task A_schema_says_types_words_limits_defaults_and_how_durations_are_written()
    {
        await using var bench = await McpBench.OpenAsync();
        var client = await bench.ConnectAsync();
        var tools = (await client.ListToolsAsync(cancellationToken: Cancellation)).ToDictionary(t => t.Name, StringComparer.Ordinal);
        var log = tools["docker_container_logs"].JsonSchema;
        Assert.Equal(["container"], log.GetProperty("required").EnumerateArray().Select(r => r.GetString()));
        Assert.Equal(JsonValueKind.False, log.GetProperty("additionalProperties").ValueKind);
        Assert.Equal("""{"type":"integer","minimum":0,"maximum":100000,"description":"How many of the last lines.","default":100}""", Of(log, "tail"));
        Assert.Equal("""{"type":"boolean","description":"True to go on with new lines until cancelled or the container ends.","default":false}""", Of(log, "follow"));
        Assert.Contains(""""examples":["500ms","30s","5m","1h30m"],"description":"Only lines written within this time, such as 10m. From 0s to 3650d."}"""", Of(log, "since"), StringComparison.Ordinal);
        Assert.Contains(""""enum":["unknown","created","running","paused","restarting","removing","exited","dead"]"""", Of(tools["docker_list_containers"].JsonSchema, "state"), StringComparison.Ordinal);

        static string Of(JsonElement schema, string property) => schema.GetProperty("properties").GetProperty(property).GetRawText();
    }
}
