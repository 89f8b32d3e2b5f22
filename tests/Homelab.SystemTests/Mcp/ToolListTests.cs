using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.UnitTests.Composition;
using Homelab.UnitTests.Configuration;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

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
        await using var bench = await FaceBench.OpenAsync();
        var page = new StringBuilder("# The tools of `homelab mcp`\n\nAs a client of each level is told them by the default policy. This page is written by a test; review what changes in it.\n");
        var before = new HashSet<string>(StringComparer.Ordinal);
        foreach (var level in new[] { Level.Monitor, Level.Operate, Level.Configure, Level.Manage })
        {
            var client = await bench.ConnectAsync(FaceBench.Tester with { Ceiling = level });
            var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
            Assert.Equal(CatalogBench.Catalog.All.Select(o => o.Descriptor).Where(d => d.IsOffered && d.Level <= level).Select(d => d.Name), tools.Select(t => t.Name));
            // A level has all that the one below it has: only what it adds is new to a reviewer.
            Assert.Superset(before, tools.Select(t => t.Name).ToHashSet(StringComparer.Ordinal));
            var added = tools.Select(t => t.ProtocolTool).Where(t => before.Add(t.Name)).ToList();
            page.Append(CultureInfo.InvariantCulture, $"\n## Level {(int)level}, {HomelabNames.Of(level)}: {tools.Count} tools, {added.Count} more\n\n| tool | title | hints | required | optional |\n|---|---|---|---|---|\n");
            foreach (var tool in added) page.Append(Row(tool));
            page.Append('\n');
            foreach (var tool in added) page.Append(CultureInfo.InvariantCulture, $"- `{tool.Name}`: {tool.Description}\n");
        }

        PublishedFile.AssertIs("tests/Homelab.SystemTests/Mcp/tools.md", page.ToString());
    }

    [Fact]
    public async Task A_list_says_that_it_may_change_and_every_tool_promises_what_it_gives_back()
    {
        await using var bench = await FaceBench.OpenAsync();
        var client = await bench.ConnectAsync();
        Assert.True(client.ServerCapabilities.Tools!.ListChanged);
        var size = 0;
        foreach (var tool in await client.ListToolsAsync(cancellationToken: Cancellation))
        {
            size += JsonSerializer.Serialize(tool.ProtocolTool, McpJsonUtilities.DefaultOptions).Length;
            Assert.Equal("object", (string?)JsonNode.Parse(tool.ProtocolTool.OutputSchema!.Value.GetRawText())!["type"]);
            Assert.DoesNotContain(bench.Stage.Homelab.Tokens.KumaKey, JsonSerializer.Serialize(tool.ProtocolTool, McpJsonUtilities.DefaultOptions), StringComparison.Ordinal);
        }

        // One page is enough for every tool of every level.
        Assert.InRange(size, 50_000, 400_000);
    }

    [Fact]
    public async Task A_credential_for_some_operations_offers_those_alone_and_another_call_is_refused_and_written_down()
    {
        await using var bench = await FaceBench.OpenAsync();
        var client = await bench.ConnectAsync(FaceBench.Tester with { Scope = OperationScope.Of(["docker_*", "approval_wait"]), Ceiling = Level.Operate });
        var tools = await client.ListToolsAsync(cancellationToken: Cancellation);
        Assert.Equal(CatalogBench.Catalog.All.Select(o => o.Descriptor).Where(d => d.IsOffered && d.Level <= Level.Operate && (d.System == "docker" || d.Name == "approval_wait")).Select(d => d.Name), tools.Select(t => t.Name));
        // No tool recommends one that is not there.
        Assert.DoesNotContain("heal_run", tools.Single(t => t.Name == "docker_restart_container").Description, StringComparison.Ordinal);

        // Also where its input is none: who may not at all is told that first.
        foreach (var arguments in new object[] { new { }, new { noSuchField = 1 } })
        {
            var (data, text, failed) = await FaceBench.CallAsync(client, "network_check_services", arguments);
            Assert.Equal((true, "OperationNotGranted", "denied"), (failed, (string?)data["error"]!["id"], (string?)data["error"]!["kind"]));
            Assert.Contains("the credential of mcp:tester is for approval_wait, docker_*, not for network_check_services", text, StringComparison.Ordinal);
        }

        Assert.Equal("LevelTooLow", (string?)(await FaceBench.CallAsync(client, "docker_exec", new { nonsense = true })).Data["error"]!["id"]);
        var denied = (await bench.AuditAsync()).Where(l => l.Kind == AuditKind.Denied).Select(l => (l.Operation, l.Trigger, l.Identity)).ToArray();
        Assert.Equal([("network_check_services", "mcp", "tester"), ("network_check_services", "mcp", "tester"), ("docker_exec", "mcp", "tester")], denied);
    }

    [Fact]
    public async Task An_older_name_is_taken_and_never_listed_and_letters_are_not_folded()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync();
        var listed = (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(t => t.Name).ToArray();
        Assert.DoesNotContain(listed, CatalogBench.Catalog.All.SelectMany(o => o.Descriptor.Aliases).Contains);
        var older = await FaceBench.CallAsync(client, "get_vms");
        Assert.False(older.Failed);
        Assert.Equal((int)(await FaceBench.CallAsync(client, "proxmox_list_vms")).Data["count"]!, (int)older.Data["count"]!);
        Assert.All(await bench.AuditAsync(), l => Assert.Equal("proxmox_list_vms", l.Operation));
        foreach (var folded in new[] { "Proxmox_List_Vms", "GET_VMS" }) await Assert.ThrowsAsync<McpProtocolException>(() => FaceBench.CallAsync(client, folded));
        Assert.Contains("mcp:tester called 'GET_VMS'", bench.Log, StringComparison.Ordinal);
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

    private static string Row(Tool tool)
    {
        var hints = tool.Annotations!;
        string[] said = [hints.ReadOnlyHint!.Value ? "read only" : "changes", hints.DestructiveHint!.Value ? "destructive" : "", hints.IdempotentHint!.Value ? "idempotent" : "", hints.OpenWorldHint!.Value ? "open world" : ""];
        var required = tool.InputSchema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(n => n.GetString()!).ToArray() : [];
        var optional = tool.InputSchema.GetProperty("properties").EnumerateObject().Select(p => p.Name).Except(required, StringComparer.Ordinal);
        return $"| `{tool.Name}` | {tool.Title} | {string.Join(", ", said.Where(s => s.Length > 0))} | {string.Join(", ", required)} | {string.Join(", ", optional)} |\n";
    }
}
