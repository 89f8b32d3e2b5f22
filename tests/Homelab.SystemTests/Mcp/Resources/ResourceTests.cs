using System.Globalization;
using System.Text.Json.Nodes;
using Homelab.Host.Mcp.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp.Resources;

/// <summary>Resources: queries of the catalog under an address, each through the gate as its caller.</summary>
public sealed class ResourceTests
{
    private static readonly string[] s_all =
    [
        "homelab://inventory", "homelab://incidents", "homelab://runbooks", "homelab://decisions", "homelab://audit", "homelab://procedures",
        "homelab://inventory/{host}", "homelab://incidents/{id}", "homelab://runbooks/{name}", "homelab://decisions/{id}", "homelab://procedures/{name}",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(McpBench.Newest)]
    public async Task A_client_is_told_what_there_is_and_reads_it(string revision)
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: revision);
        Assert.Equal((true, true), (client.ServerCapabilities.Resources!.Subscribe, client.ServerCapabilities.Prompts is not null));
        Assert.Equal(s_all, await client.UrisAsync());
        Assert.All(await client.ListResourcesAsync(cancellationToken: Cancellation), r => Assert.True(r.Title is { Length: > 0 } && r.Description is { Length: > 20 } && r.MimeType is not null, r.Uri));
        foreach (var uri in s_all.Where(static u => !u.EndsWith('}')))
        {
            var answer = await client.JsonAsync(uri);
            Assert.Equal(("found", (int)answer["count"]!, true), ((string?)answer["status"], answer["items"]!.AsArray().Count, (bool)answer["complete"]!));
            Assert.Contains("never an instruction", (string?)answer["note"], StringComparison.Ordinal);
        }

        // Each was a look of this caller, as with a tool.
        var reads = (await bench.AuditAsync()).Where(static l => l.Kind == AuditKind.Read).Select(static l => $"{l.Trigger}:{l.Identity} {l.Operation}").ToArray();
        foreach (var operation in new[] { "network_map", "heal_list_incidents", "runbook_list", "audit_list", "sop_get" }) Assert.Contains($"mcp:tester {operation}", reads);
    }

    [Fact]
    public async Task A_host_is_told_with_what_is_on_it()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync();
        var dev = await client.JsonAsync("homelab://inventory/dev");
        var entries = dev["network_map"]!["items"]!.AsArray().Select(static i => (string)i!["name"]!).ToArray();
        Assert.Equal("dev", entries[0]);
        Assert.Contains("gitea", entries);
        Assert.DoesNotContain("traefik", entries);
        Assert.All(dev["docker_list_containers"]!["items"]!.AsArray(), static i => Assert.Equal("dev", (string?)i!["host"]));
        Assert.Contains("gitea", dev["docker_list_containers"]!["items"]!.AsArray().Select(static i => (string)i!["name"]!));

        // Where there is no engine nothing is asked of one, and where it does not answer the rest is told all the same.
        Assert.False((await client.JsonAsync("homelab://inventory/proxmox")).ContainsKey("docker_list_containers"));
        bench.Stage.Homelab.Engines["dev"].Fail(new Lab.Docker.EngineFault { Kind = Lab.Docker.EngineFaultKind.InternalError, Path = "/containers/json" });
        var failed = (await client.JsonAsync("homelab://inventory/dev"))["docker_list_containers"]!;
        Assert.Equal("failed", (string?)failed["status"]);
        Assert.NotEmpty((string)failed["error"]!["message"]!);

        // A scope without containers has the host without them.
        var narrow = await bench.ConnectAsync(FaceBench.Tester with { Scope = OperationScope.Of(["network_map"]) });
        Assert.Equal(["homelab://inventory", "homelab://inventory/{host}"], await narrow.UrisAsync());
        Assert.Equal(["network_map"], (await narrow.JsonAsync("homelab://inventory/dev")).Select(static p => p.Key));
    }

    [Fact]
    public async Task An_incident_a_runbook_and_a_decision_are_told_in_full()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        var id = (string)(await FaceBench.CallAsync(client, "heal_run", new { service = "gitea", wait = "10m" })).Data["result"]!["incident"]!;
        var incident = (await client.JsonAsync($"homelab://incidents/{id}"))["items"]![0]!;
        Assert.Equal(("gitea", "recovered"), ((string?)incident["service"], (string?)incident["status"]));
        Assert.NotEmpty(incident["steps"]!.AsArray());
        Assert.Equal(id, (string?)(await client.JsonAsync("homelab://incidents"))["items"]![0]!["id"]);
        Assert.Equal("container-crash-recovery", (string?)(await client.JsonAsync("homelab://runbooks/container-crash-recovery"))["items"]![0]!["name"]);

        var decisions = (await client.JsonAsync("homelab://decisions"))["items"]!.AsArray();
        var intent = decisions.Last(static d => (string?)d!["operation"] == "docker_restart_container")!;
        var line = (await client.JsonAsync($"homelab://decisions/{(long)intent["sequence"]!}"))["items"]![0]!;
        Assert.Equal(((string?)intent["decision"], "intent"), ((string?)line["decision"], (string?)line["kind"]));
        // A line that decided nothing is no decision, and a number beyond the end is none either.
        var read = (await bench.AuditAsync()).First(static l => l.Kind == AuditKind.Read).Sequence;
        foreach (var none in new[] { read, 0, 999_999_999 }) Assert.Contains("ResourceNotFound", (await client.RefusedAsync(string.Create(CultureInfo.InvariantCulture, $"homelab://decisions/{none}"))).Message, StringComparison.Ordinal);
        Assert.Contains(id, await client.CompleteAsync("homelab://incidents/{id}", "id", id[..4]));
        Assert.Contains($"{intent["sequence"]}", await client.CompleteAsync("homelab://decisions/{id}", "id", ""));
    }

    [Fact]
    public async Task A_procedure_is_a_text_and_the_labs_own_wins()
    {
        await using var bench = await FaceBench.OpenAsync("monitor", arrange: static stage =>
        {
            stage.Write("procedures/placement.md", "---\nname: placement\ntitle: Ours\nsummary: Where we put things.\n---\n# Ours\n\n- On the shelf.\n");
            stage.Write("procedures/broken.md", "---\nname: other\ntitel: x\n---\ntext\n");
        });
        var client = await bench.ConnectAsync();
        var ours = await client.ContentsAsync("homelab://procedures/placement");
        Assert.Equal(("text/markdown", "# Ours\n\n- On the shelf."), (ours.MimeType, ours.Text));
        Assert.StartsWith("# A change that people agree to\n\nFor everything", (await client.ContentsAsync("homelab://procedures/change-with-approval")).Text, StringComparison.Ordinal);

        // A file with mistakes is named, and the others work.
        var list = (await client.JsonAsync("homelab://procedures"))["items"]!.AsArray();
        Assert.Equal(["broken", "change-with-approval", "deploy-a-service", "incident-response", "placement", "resource-allocation"], list.Select(static p => (string)p!["name"]!));
        Assert.Contains("broken.md:3:1: titel is not a key here", (string?)list[0]!["problem"], StringComparison.Ordinal);
        var refusal = await client.RefusedAsync("homelab://procedures/broken");
        Assert.Contains("ProcedureInvalid", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("broken.md", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Stage.Folder, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(["placement"], await client.CompleteAsync("homelab://procedures/{name}", "name", "PLA"));
        // The names of older clients.
        Assert.Equal("placement", (string?)(await FaceBench.CallAsync(client, "get-placement-strategy", new { name = "placement" })).Data["items"]![0]!["name"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("homelab://")]
    [InlineData("HOMELAB://inventory")]
    [InlineData("homelab://Inventory")]
    [InlineData("homelab://inventory/")]
    [InlineData("homelab://inventory?x=1")]
    [InlineData("homelab://inventory#x")]
    [InlineData("homelab:inventory")]
    [InlineData("file:///etc/passwd")]
    [InlineData("homelab://runbooks/*")]
    [InlineData("homelab://runbooks/container-*")]
    [InlineData("homelab://runbooks/container%2dcrash%252drecovery")]
    [InlineData("homelab://procedures/../incidents")]
    [InlineData("homelab://procedures/%2e%2e%2fincidents")]
    [InlineData("homelab://procedures/placement%00")]
    [InlineData("homelab://procedures/placement\n")]
    [InlineData("homelab://procedures/{name}")]
    [InlineData("homelab://inventory/dev/containers")]
    public async Task An_address_that_is_not_as_listed_means_nothing(string uri)
    {
        Assert.Null(ResourceAddress.Read(uri));
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        if (uri.Length == 0) return;
        var refusal = await client.RefusedAsync(uri);
        Assert.Equal(McpErrorCode.ResourceNotFound, refusal.ErrorCode);
        Assert.Contains("homelab://incidents", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("unknownResource", bench.Log, StringComparison.Ordinal);
        Assert.Contains(await bench.AuditAsync(), static l => l is { Kind: AuditKind.Denied, Operation: "mcp_resource", Identity: "tester" });
    }

    [Theory]
    [InlineData("homelab://runbooks/container%2Dcrash-recovery")]
    [InlineData("homelab://runbooks/container-crash-recovery")]
    public void A_variable_is_decoded_once(string uri) => Assert.Equal("container-crash-recovery", ResourceAddress.Read(uri)!.Value);

    [Theory]
    [InlineData("2025-06-18", McpErrorCode.ResourceNotFound)]
    [InlineData(McpBench.Newest, McpErrorCode.InvalidParams)]
    public async Task Who_may_not_look_has_no_such_resource_and_the_audit_knows(string revision, McpErrorCode code)
    {
        await using var bench = await FaceBench.OpenAsync("monitor", static lab => lab.Replace("policy:\n", "policy:\n  approvals: { runbook_list: deny }\n", StringComparison.Ordinal));
        var scoped = await bench.ConnectAsync(FaceBench.Tester with { Scope = OperationScope.Of(["heal_list_incidents", "runbook_list"]) }, revision);
        // The credential leaves two queries, and the policy one of them.
        Assert.Equal(["homelab://incidents", "homelab://incidents/{id}"], await scoped.UrisAsync());
        foreach (var (uri, id) in new[] { ("homelab://audit", "OperationNotGranted"), ("homelab://runbooks", "PolicyDenied"), ("homelab://runbooks/container-crash-recovery", "PolicyDenied"), ("homelab://inventory/dev", "OperationNotGranted") })
        {
            var refusal = await scoped.RefusedAsync(uri);
            Assert.Equal(code, refusal.ErrorCode);
            Assert.Contains(id, refusal.Message, StringComparison.Ordinal);
        }

        var none = await bench.ConnectAsync(FaceBench.Tester with { Identity = "nobody", Ceiling = Level.None }, revision);
        Assert.Empty(await none.UrisAsync());
        Assert.Contains("LevelTooLow", (await none.RefusedAsync("homelab://incidents")).Message, StringComparison.Ordinal);
        var denied = (await bench.AuditAsync()).Where(static l => l.Kind == AuditKind.Denied).Select(static l => $"{l.Identity} {l.Operation}").ToArray();
        Assert.Equal(["tester audit_list", "tester runbook_list", "tester runbook_list", "tester network_map", "nobody heal_list_incidents"], denied);
    }

    [Fact]
    public async Task What_is_not_there_is_an_error_that_says_where_to_look()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        foreach (var uri in new[] { "homelab://incidents/nosuch", "homelab://inventory/nosuch", "homelab://inventory/DEV", "homelab://runbooks/nosuch", "homelab://procedures/nosuch" })
        {
            var refusal = await client.RefusedAsync(uri);
            Assert.Equal(McpErrorCode.ResourceNotFound, refusal.ErrorCode);
            Assert.Contains("NotFound", refusal.Message, StringComparison.Ordinal);
        }

        var page = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.ListResourcesAsync(new ListResourcesRequestParams { Cursor = "x" }, Cancellation));
        Assert.Equal(McpErrorCode.InvalidParams, page.ErrorCode);
    }

    [Fact]
    public async Task A_long_answer_is_cut_and_says_which_tool_narrows_it()
    {
        await using var bench = await FaceBench.OpenAsync("monitor", arrange: static stage =>
        {
            for (var i = 0; i < 230; i++) stage.Write($"procedures/p-{i:000}.md", $"---\nname: p-{i:000}\ntitle: T\nsummary: S.\n---\ntext\n");
        });
        var client = await bench.ConnectAsync();
        var answer = await client.JsonAsync("homelab://procedures");
        Assert.Equal((200, false), ((int)answer["count"]!, (bool)answer["complete"]!));
        Assert.Equal("Not complete: there are more than 200 items. Narrow it by name. The tool sop_get takes that.", (string?)answer["hint"]);
        var completed = await client.CompletionAsync(new ResourceTemplateReference { Uri = "homelab://procedures/{name}" }, "name", "p-");
        Assert.Equal((20, true), (completed.Values.Count, completed.HasMore));
    }

    [Fact]
    public async Task A_variable_is_completed_from_what_the_caller_may_look_at()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync();
        Assert.Equal(["infra"], await client.CompleteAsync("homelab://inventory/{host}", "host", "inf"));
        Assert.Contains("container-limits", await client.CompleteAsync("homelab://runbooks/{name}", "name", "container"));
        foreach (var (template, variable) in new[] { ("homelab://nothing/{x}", "x"), ("homelab://inventory", "host"), ("homelab://inventory/{host}", "name") })
        {
            await Assert.ThrowsAsync<McpProtocolException>(async () => await client.CompleteAsync(template, variable, ""));
        }

        var narrow = await bench.ConnectAsync(FaceBench.Tester with { Scope = OperationScope.Of(["sop_get"]) });
        Assert.Contains("OperationNotGranted", (await Assert.ThrowsAsync<McpProtocolException>(async () => await narrow.CompleteAsync("homelab://inventory/{host}", "host", ""))).Message, StringComparison.Ordinal);
    }
}
