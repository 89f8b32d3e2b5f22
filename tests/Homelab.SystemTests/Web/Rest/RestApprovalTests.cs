using System.Text.Json;

namespace Homelab.SystemTests.Web.Rest;

/// <summary>Questions to people over REST: seen by every client, answered by those that the policy names, never by who asked.</summary>
public sealed class RestApprovalTests
{
    [Fact]
    public async Task A_question_is_listed_shown_and_answered_by_another_client_that_may()
    {
        await using var bench = await OpenAsync();
        Assert.Equal(0, (await bench.GetAsync("/api/approvals")).Is(200).GetArrayLength());
        var waiting = (await bench.PostAsync("/api/vms/dev/stop")).Is(202);
        var id = waiting.GetProperty("approval").GetString()!;
        var listed = Assert.Single((await bench.GetAsync("/api/approvals", RestBench.Viewer)).Is(200).EnumerateArray());
        Assert.Equal((id, "pending", "rest:dashboard", 1), (listed.GetProperty("id").GetString(), listed.GetProperty("status").GetString(), listed.GetProperty("askedBy").GetString(), listed.GetProperty("confirmationsNeeded").GetInt32()));
        Assert.Equal("guest 100 on pve, running", listed.GetProperty("world").GetString());
        Assert.False(listed.TryGetProperty("input", out _));

        var answered = (await bench.PostAsync($"/api/approvals/{id}/approve", token: RestBench.Console)).Is(200);
        Assert.Equal(("approved", "rest:console"), (answered.GetProperty("status").GetString(), answered.GetProperty("confirmations")[0].GetProperty("approver").GetString()));
        (await bench.PostAsync($"/api/vms/dev/stop?approval={id}")).Is(200);
        Assert.Equal("used", (await bench.GetAsync($"/api/approvals/{id}")).Is(200).GetProperty("status").GetString());
        Assert.Equal(0, (await bench.GetAsync("/api/approvals")).Is(200).GetArrayLength());
        Assert.Equal(1, (await bench.GetAsync("/api/approvals?status=used")).Is(200).GetArrayLength());
        Assert.Equal(1, (await bench.GetAsync("/api/approvals?status=all")).Is(200).GetArrayLength());
        Assert.Contains(await bench.AuditAsync(), static l => l is { Kind: AuditKind.Answered, Trigger: "rest", Identity: "rest:console" });
    }

    [Fact]
    public async Task Who_asked_and_who_is_not_named_cannot_answer_and_it_is_written_down()
    {
        await using var bench = await OpenAsync();
        var id = (await bench.PostAsync("/api/vms/dev/stop")).Is(202).GetProperty("approval").GetString()!;
        foreach (var token in (string[])[RestBench.Dashboard, RestBench.Viewer])
        {
            var reply = await bench.PostAsync($"/api/approvals/{id}/approve", token: token);
            Assert.Equal((403, "ApproverNotAllowed"), (reply.Status, reply.Problem()));
            reply = await bench.PostAsync($"/api/approvals/{id}/deny", token: token);
            Assert.Equal((403, "ApproverNotAllowed"), (reply.Status, reply.Problem()));
        }

        Assert.Equal(["rest:dashboard", "rest:dashboard", "rest:viewer", "rest:viewer"], (await bench.AuditAsync()).Where(static l => l.Kind == AuditKind.Denied).Select(static l => l.Identity));
        Assert.Equal("pending", (await bench.GetAsync($"/api/approvals/{id}")).Is(200).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_second_confirmation_is_the_typed_name_and_a_no_is_final()
    {
        await using var bench = await OpenAsync("policy:\n  targets: [ { target: \"vm:100\", require: askTwice } ]\n");
        var id = (await bench.PostAsync("/api/vms/dev/stop")).Is(202).GetProperty("approval").GetString()!;
        Assert.Equal("pending", (await bench.PostAsync($"/api/approvals/{id}/approve", token: RestBench.Console)).Is(200).GetProperty("status").GetString());
        var reply = await bench.PostAsync($"/api/approvals/{id}/approve", token: RestBench.Console);
        Assert.Equal((429, "ConfirmationNotDifferent"), (reply.Status, reply.Problem()));
        reply = await bench.PostAsync($"/api/approvals/{id}/approve", "{\"target\": \"dve\"}", RestBench.Console);
        Assert.Equal((400, "TargetMistyped"), (reply.Status, reply.Problem()));
        var target = (await bench.GetAsync($"/api/approvals/{id}")).Is(200).GetProperty("target").GetString()!;
        Assert.Equal("approved", (await bench.PostAsync($"/api/approvals/{id}/approve", JsonSerializer.Serialize(new { target }), RestBench.Console)).Is(200).GetProperty("status").GetString());

        var other = (await bench.PostAsync("/api/vms/102/stop")).Is(202).GetProperty("approval").GetString()!;
        Assert.Equal(("denied", "rest:console"), Of((await bench.PostAsync($"/api/approvals/{other}/deny", token: RestBench.Console)).Is(200)));
        reply = await bench.PostAsync($"/api/approvals/{other}/approve", token: RestBench.Console);
        Assert.Equal((409, "ApprovalClosed"), (reply.Status, reply.Problem()));

        static (string?, string?) Of(JsonElement answered) => (answered.GetProperty("status").GetString(), answered.GetProperty("deniedBy").GetString());
    }

    [Fact]
    public async Task When_the_guest_has_become_another_the_approval_is_void()
    {
        await using var bench = await OpenAsync();
        var id = (await bench.PostAsync("/api/vms/dev/stop")).Is(202).GetProperty("approval").GetString()!;
        (await bench.PostAsync($"/api/approvals/{id}/approve", token: RestBench.Console)).Is(200);
        bench.Cluster.Guest(100).Crash();
        var reply = await bench.PostAsync($"/api/vms/dev/stop?approval={id}");
        Assert.Equal((409, "ApprovalVoid"), (reply.Status, reply.Problem()));
        Assert.Contains("guest 100 on pve, stopped", (await bench.GetAsync($"/api/approvals/{id}")).Is(200).GetProperty("voidedBy").GetString(), StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData("GET", "/api/approvals?status=open", null, 400, "InputInvalid")]
    [InlineData("GET", "/api/approvals?state=pending", null, 400, "InputInvalid")]
    [InlineData("GET", "/api/approvals/0123456789abcdef0123", null, 404, "ApprovalNotFound")]
    [InlineData("POST", "/api/approvals/0123456789abcdef0123/approve", null, 404, "ApprovalNotFound")]
    [InlineData("POST", "/api/approvals/0123456789abcdef0123/approve", "{\"tarrget\": \"dev\"}", 400, "InputInvalid")]
    [InlineData("POST", "/api/approvals/0123456789abcdef0123/approve", "{\"target\": 1}", 400, "InputInvalid")]
    [InlineData("POST", "/api/approvals/0123456789abcdef0123/approve?target=dev", null, 400, "InputInvalid")]
    [InlineData("POST", "/api/approvals/0123456789abcdef0123/deny", "{\"target\": \"dev\"}", 400, "InputInvalid")]
    [InlineData("POST", "/api/approvals/0123456789abcdef0123/deny", "no", 400, "BodyUnreadable")]
    public async Task What_is_not_understood_is_refused(string method, string path, string? body, int status, string id)
    {
        await using var bench = await OpenAsync();
        var reply = method == "GET" ? await bench.GetAsync(path) : await bench.PostAsync(path, body, RestBench.Console);
        Assert.Equal((status, id), (reply.Status, reply.Problem()));
    }

    private static Task<RestBench> OpenAsync(string policy = "policy:\n") => RestBench.OpenAsync(lab => lab
        .Replace("policy:\n", policy, StringComparison.Ordinal)
        .Replace("approvers: [ \"cli:*\" ]", "approvers: [ \"cli:*\", \"rest:console\" ]", StringComparison.Ordinal));
}
