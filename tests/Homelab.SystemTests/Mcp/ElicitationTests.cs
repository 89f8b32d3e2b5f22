using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp;

/// <summary>A question may be shown to the person at the client. A no counts; a yes counts only where the policy says so, and never for more than it says.</summary>
public sealed class ElicitationTests
{
    private const string Change = "docker_start_container";
    private const string Disrupt = "docker_stop_container";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData(McpBench.Newest)]
    public async Task A_question_is_shown_once_and_that_it_is_known_decides_nothing(string revision)
    {
        await using var bench = await OpenAsync("never");
        var client = await bench.ConnectAsync(version: revision, answer: _ => FaceBench.Accept("known"));
        var (data, text, failed) = await FaceBench.CallAsync(client, Disrupt, new { container = "redis@dev" });
        Assert.Equal((false, "waiting", "approval_wait"), (failed, (string?)data["status"], (string?)data["approval"]!["waitWith"]));
        Assert.Contains("approval_wait with this id waits for the answer", text, StringComparison.Ordinal);
        var asked = Assert.Single(bench.Shown);
        Assert.StartsWith("Stop container redis@dev? (", asked.Message, StringComparison.Ordinal);
        Assert.Contains($"'homelab approvals approve {data["approval"]!["id"]}'", asked.Message, StringComparison.Ordinal);
        Assert.Equal(["known", "no"], Answers(asked));
        Assert.Equal("waiting", (string?)(await FaceBench.CallAsync(client, Disrupt, new { container = "redis@dev" })).Data["status"]);
        Assert.Single(bench.Shown);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Theory]
    [InlineData("2025-06-18", false)]
    [InlineData(McpBench.Newest, false)]
    // A form that is declined is a no as well.
    [InlineData(McpBench.Newest, true)]
    public async Task A_no_of_the_person_at_the_client_is_a_no(string revision, bool isDeclined)
    {
        await using var bench = await OpenAsync("never");
        var client = await bench.ConnectAsync(version: revision, answer: _ => isDeclined ? new ElicitResult { Action = "decline" } : FaceBench.Accept("no"));
        var (data, _, failed) = await FaceBench.CallAsync(client, Disrupt, new { container = "redis@dev" });
        Assert.Equal((true, "ApprovalDenied"), (failed, (string?)data["error"]!["id"]));
        var approval = Assert.Single(await bench.Runtime.Store.ListApprovalsAsync(ApprovalStatus.Denied, Cancellation));
        Assert.Equal("mcp-elicitation:tester", approval.DeniedBy);
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Answered, Trigger: "mcp-elicitation", Result: "denied" });
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData(McpBench.Newest)]
    public async Task Where_the_policy_says_so_a_yes_counts_for_a_mere_change(string revision)
    {
        await using var bench = await OpenAsync("change");
        bench.Stage.Homelab.ContainerOf("redis").Crash();
        var client = await bench.ConnectAsync(version: revision, answer: _ => FaceBench.Accept("yes"));
        var (data, _, failed) = await FaceBench.CallAsync(client, Change, new { container = "redis@dev" });
        Assert.Equal((false, "done"), (failed, (string?)data["status"]));
        Assert.Equal(["yes", "no"], Answers(Assert.Single(bench.Shown)));
        var approval = Assert.Single(await bench.Runtime.Store.ListApprovalsAsync(ApprovalStatus.Used, Cancellation));
        Assert.Equal("mcp-elicitation:tester", Assert.Single(approval.Confirmations).Approver);
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Answered, Trigger: "mcp-elicitation", Identity: "mcp-elicitation:tester" });
    }

    [Theory]
    // By default a yes counts for nothing.
    [InlineData("never", Change, "ask", "dev", 1)]
    // What interrupts is never confirmed at the client.
    [InlineData("change", Disrupt, "ask", "dev", 1)]
    // Nor is any of two confirmations.
    [InlineData("change", Change, "askTwice", "dev", 2)]
    public async Task A_yes_that_does_not_count_is_not_offered_and_not_taken_when_it_is_given_all_the_same(string rule, string tool, string requirement, string host, int needed)
    {
        await using var bench = await OpenAsync(rule, requirement);
        if (tool == Change) bench.Stage.Homelab.ContainerOf("redis").Crash();
        var client = await bench.ConnectAsync(answer: _ => FaceBench.Accept("yes"));
        var (data, _, failed) = await FaceBench.CallAsync(client, tool, new { container = $"redis@{host}" });
        Assert.Equal((true, "ApproverNotAllowed"), (failed, (string?)data["error"]!["id"]));
        Assert.Equal(["known", "no"], Answers(Assert.Single(bench.Shown)));
        var approval = Assert.Single(await bench.Runtime.Store.ListApprovalsAsync(ApprovalStatus.Pending, Cancellation));
        Assert.Equal((needed, 0), (approval.Needed, approval.Confirmations.Count));
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Denied, Trigger: "mcp-elicitation", Identity: "mcp-elicitation:tester" });
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task What_destroys_is_never_confirmed_at_the_client()
    {
        await using var bench = await FaceBench.OpenAsync("manage", lab => lab.Replace("approval: { ", "approval: { elicitation: change, ", StringComparison.Ordinal));
        var operation = bench.Runtime.Catalog.Find("proxmox_delete_snapshot").Descriptor;
        var approval = new Approval
        {
            Id = "0f3a9c2b7d51e8a4", Operation = operation.Name, Input = "{}", Hash = "", Target = "vm:dev", Question = "?", Reason = "", RequestedBy = FaceBench.Tester,
            RequestedAt = DateTimeOffset.UtcNow, ExpiresAt = DateTimeOffset.UtcNow.AddHours(1), Needed = 1,
        };
        Assert.False(bench.Runtime.Approvals.TakesYesAtClient(approval, operation));
        // Not even where it claims to be about a mere change.
        Assert.False(bench.Runtime.Approvals.TakesYesAtClient(approval, bench.Runtime.Catalog.Find(Change).Descriptor));
        Assert.True(bench.Runtime.Approvals.TakesYesAtClient(approval with { Operation = Change }, bench.Runtime.Catalog.Find(Change).Descriptor));
        Assert.False(bench.Runtime.Approvals.TakesYesAtClient(approval with { Operation = Change, RequestedBy = new Caller(Face.Webhook, "kuma") }, bench.Runtime.Catalog.Find(Change).Descriptor));
    }

    [Fact]
    public async Task A_client_answers_only_its_own_question_and_only_one_that_was_shown_to_it()
    {
        await using var bench = await OpenAsync("change");
        bench.Stage.Homelab.ContainerOf("redis").Crash();
        // No form is shown to this one, so it knows the id and no seal.
        var asking = await bench.ConnectAsync();
        var id = (string)(await FaceBench.CallAsync(asking, Change, new { container = "redis@dev" })).Data["approval"]!["id"]!;
        foreach (var state in new[] { id, $"{id}.", $"{id}.{new string('0', 64)}" })
        {
            var parameters = new JsonObject { ["name"] = Change, ["arguments"] = new JsonObject { ["container"] = "redis@dev" }, ["requestState"] = state };
            parameters["inputResponses"] = JsonNode.Parse("""{"approval":{"action":"accept","content":{"answer":"yes"}}}""");
            var request = new JsonRpcRequest { Method = RequestMethods.ToolsCall, Params = parameters };
            var answer = await asking.SendRequestAsync(request, Cancellation);
            Assert.Equal("waiting", (string?)answer.Result!["structuredContent"]!["status"]);
        }

        await Assert.ThrowsAsync<HomelabException>(() => bench.Runtime.Approvals.AnswerAtClientAsync(id, new Caller(Face.Mcp, "other"), bench.Runtime.Catalog.Find(Change).Descriptor, yes: true, Cancellation));
        await Assert.ThrowsAsync<HomelabException>(() => bench.Runtime.Approvals.AnswerAtClientAsync(id, new Caller(Face.Rest, "tester"), bench.Runtime.Catalog.Find(Change).Descriptor, yes: true, Cancellation));
        Assert.Empty((await bench.Runtime.Approvals.GetAsync(id, Cancellation)).Confirmations);
        Assert.Contains("mcp:tester sent an answer to a question that this process did not show", bench.Log, StringComparison.Ordinal);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_client_that_closes_the_form_has_said_nothing()
    {
        await using var bench = await OpenAsync("change");
        bench.Stage.Homelab.ContainerOf("redis").Crash();
        var client = await bench.ConnectAsync(answer: _ => new ElicitResult { Action = "cancel" });
        Assert.Equal("waiting", (string?)(await FaceBench.CallAsync(client, Change, new { container = "redis@dev" })).Data["status"]);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    private static Task<FaceBench> OpenAsync(string rule, string requirement = "ask") => FaceBench.OpenAsync(
        "operate",
        lab => lab.Replace("approval: { ", $"approval: {{ elicitation: {rule}, ", StringComparison.Ordinal).Replace("policy:\n", $"policy:\n  approvals: {{ {Change}: {requirement} }}\n", StringComparison.Ordinal));

    private static string[] Answers(ElicitRequestParams asked) =>
        [.. Assert.IsType<ElicitRequestParams.TitledSingleSelectEnumSchema>(asked.RequestedSchema!.Properties["answer"]).OneOf.Select(o => o.Const)];
}
