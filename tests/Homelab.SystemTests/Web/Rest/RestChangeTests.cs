using System.Text.Json;
using Homelab.Lab.Proxmox;

namespace Homelab.SystemTests.Web.Rest;

/// <summary>The routes that act: through the gate, and with its answers as HTTP has words for them.</summary>
public sealed class RestChangeTests
{
    [Fact]
    public async Task A_start_is_done_seen_and_written_down_in_the_name_of_the_client()
    {
        await using var bench = await RestBench.OpenAsync();
        var done = (await bench.PostAsync("/api/vms/sandbox/start")).Is(200);
        Assert.Equal(["vmid", "name", "node", "status", "task", "changed"], RestReply.Names(done));
        Assert.Equal((110, "sandbox", "pve2", "running", true), (done.GetProperty("vmid").GetInt32(), done.GetProperty("name").GetString(), done.GetProperty("node").GetString(), done.GetProperty("status").GetString(), done.GetProperty("changed").GetBoolean()));
        Assert.StartsWith("UPID:pve2:", done.GetProperty("task").GetString(), StringComparison.Ordinal);
        Assert.Equal("running", bench.Cluster.Guest(110).State);

        var audit = await bench.AuditAsync();
        Assert.Equal([AuditKind.Intent, AuditKind.Outcome], audit.Where(l => l is { Trigger: "rest", Identity: "dashboard", Operation: "proxmox_start_vm" }).Select(l => l.Kind));
        Assert.True((await AuditChain.VerifyAsync(audit.ToAsyncEnumerable(), TestContext.Current.CancellationToken)).Intact);

        done = (await bench.PostAsync("/api/vms/110/start")).Is(200);
        Assert.Equal((false, JsonValueKind.Null), (done.GetProperty("changed").GetBoolean(), done.GetProperty("task").ValueKind));
        Assert.Single(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData("stop", "stopped")]
    [InlineData("shutdown", "stopped")]
    [InlineData("reboot", "running")]
    public async Task What_interrupts_waits_for_a_person_and_is_done_once_when_repeated_with_the_approval(string verb, string status)
    {
        await using var bench = await RestBench.OpenAsync();
        var pid = bench.Cluster.Guest(100).Pid;
        var path = $"/api/vms/dev/{verb}";
        var waiting = (await bench.PostAsync($"{path}?timeout=90")).Is(202);
        var id = waiting.GetProperty("approval").GetString()!;
        Assert.Equal($"homelab approvals approve {id}", waiting.GetProperty("answer").GetString());
        Assert.Equal($"POST {path}?timeout=90&approval={id}", waiting.GetProperty("repeat").GetString());
        Assert.Contains("wants a person's approval", waiting.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("dev", waiting.GetProperty("target").GetString(), StringComparison.Ordinal);
        Assert.True(waiting.GetProperty("expiresAt").GetDateTimeOffset() > DateTimeOffset.UtcNow);
        Assert.Equal(pid, bench.Cluster.Guest(100).Pid);

        // Asked again, it is the same question; and not answered, it stays one.
        Assert.Equal(id, (await bench.PostAsync($"{path}?timeout=90")).Is(202).GetProperty("approval").GetString());
        Assert.Equal(id, (await bench.PostAsync($"{path}?timeout=90&approval={id}")).Is(202).GetProperty("approval").GetString());
        Assert.Empty(bench.Cluster.Changes);

        await bench.ApproveAsync(id);
        var reply = await bench.PostAsync($"{path}?timeout=91&approval={id}");
        Assert.Equal((403, "ApprovalMismatch"), (reply.Status, reply.Problem()));
        reply = await bench.PostAsync($"/api/vms/infra/{verb}?timeout=90&approval={id}");
        Assert.Equal((403, "ApprovalMismatch"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Changes);

        var done = (await bench.PostAsync(waiting.GetProperty("repeat").GetString()![5..])).Is(200);
        Assert.Equal((status, true), (done.GetProperty("status").GetString(), done.GetProperty("changed").GetBoolean()));
        Assert.NotEqual(pid, bench.Cluster.Guest(100).Pid);
        Assert.Single(bench.Cluster.Changes);

        if (verb == "reboot")
        {
            reply = await bench.PostAsync($"{path}?timeout=90&approval={id}");
            Assert.Equal((403, "ApprovalUnusable"), (reply.Status, reply.Problem()));
            Assert.Single(bench.Cluster.Changes);
        }
    }

    [Fact]
    public async Task A_no_is_final_and_an_approval_serves_nobody_but_who_asked()
    {
        await using var bench = await RestBench.OpenAsync(static lab => lab.Replace("\"file:viewer.token\"", "\"file:viewer.token\", level: operate", StringComparison.Ordinal));
        var id = (await bench.PostAsync("/api/vms/100/stop")).Is(202).GetProperty("approval").GetString()!;
        await bench.ApproveAsync(id);
        var reply = await bench.PostAsync($"/api/vms/100/stop?approval={id}", token: RestBench.Viewer);
        Assert.Equal((403, "ApprovalNotYours"), (reply.Status, reply.Problem()));
        reply = await bench.PostAsync("/api/vms/100/stop?approval=0123456789abcdef0123");
        Assert.Equal((404, "ApprovalNotFound"), (reply.Status, reply.Problem()));

        var other = (await bench.PostAsync("/api/vms/102/stop")).Is(202).GetProperty("approval").GetString()!;
        await bench.Web.Runtime.Approvals.DenyAsync(other, "cli:anna", TestContext.Current.CancellationToken);
        reply = await bench.PostAsync($"/api/vms/102/stop?approval={other}");
        Assert.Equal((403, "ApprovalUnusable"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Theory]
    [InlineData("/api/vms/110/start", "auto", "")]
    [InlineData("/api/vms/100/stop", "ask", "")]
    [InlineData("/api/vms/100/stop", "deny", "policy:\n  approvals: { proxmox_stop_vm: deny }\n")]
    [InlineData("/api/vms/100/stop", "askTwice", "policy:\n  targets: [ { target: \"vm:100\", require: askTwice } ]\n")]
    public async Task A_dry_run_says_what_would_be_decided_and_does_nothing(string path, string decision, string policy)
    {
        await using var bench = await RestBench.OpenAsync(lab => policy.Length == 0 ? lab : lab.Replace("policy:\n", policy, StringComparison.Ordinal));
        var plan = (await bench.PostAsync($"{path}?dryRun=true")).Is(200);
        Assert.Equal(["operation", "what", "target", "decision", "rules"], RestReply.Names(plan));
        Assert.Equal(decision, plan.GetProperty("decision").GetString());
        Assert.Contains(plan.GetProperty("rules").EnumerateArray(), r => r.GetProperty("verdict").GetString() == decision && r.GetProperty("reason").GetString()!.Length > 0);
        Assert.Empty(bench.Cluster.Changes);
        Assert.Empty(await bench.Web.Runtime.Approvals.ListPendingAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("?dryrn=true", null, "InputInvalid", "dryrn")]
    [InlineData("?dryRun=yes", null, "InputInvalid", "dryRun")]
    [InlineData("?dryRun", null, "InputInvalid", "dryRun")]
    [InlineData("?dryRun=true&dryRun=false", null, "InputInvalid", "dryRun")]
    [InlineData("?approval=", null, "InputInvalid", "approval")]
    [InlineData("?approval=..%2f..%2fx", null, "InputInvalid", "approval")]
    [InlineData("?timeout=soon", null, "InputInvalid", "timeout")]
    [InlineData("?timeout=-5", null, "InputInvalid", "timeout")]
    [InlineData("?timeout=0.1", null, "InputInvalid", "from 1s to 1h")]
    [InlineData("?timeout=60", "{\"timeout\": 61}", "InputInvalid", "given twice")]
    [InlineData("", "{\"vm\": \"102\"}", "InputInvalid", "given twice")]
    [InlineData("", "{\"dryRun\": true}", "InputInvalid", "not a field of this operation")]
    [InlineData("", "{\"node\": \"pve\", \"vmid\": 100}", "InputInvalid", "not a field of this operation")]
    [InlineData("", "{\"timeout\": 60, \"timeout\": 61}", "InputInvalid", "given twice")]
    [InlineData("", "{\"timeout\": [60]}", "InputInvalid", "timeout")]
    [InlineData("", "[]", "BodyUnreadable", "no JSON object")]
    [InlineData("", "{", "BodyUnreadable", "no JSON object")]
    [InlineData("", "timeout=60", "BodyUnreadable", "no JSON object")]
    [InlineData("", "{\"\\ud800\": 60}", "BodyUnreadable", "no JSON object")]
    [InlineData("", "{\"timeout\": \"\\udfff\"}", "BodyUnreadable", "no JSON object")]
    public async Task What_is_not_understood_is_refused_and_nothing_is_done(string query, string? body, string id, string says)
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.PostAsync($"/api/vms/110/start{query}", body);
        Assert.Equal((400, id), (reply.Status, reply.Problem()));
        Assert.Contains(says, reply.Body, StringComparison.Ordinal);
        Assert.Empty(bench.Cluster.Changes);
        Assert.Equal("stopped", bench.Cluster.Guest(110).State);
        // By the door, or by the gate behind it; by both never.
        var line = Assert.Single(await bench.AuditAsync(), static l => l.Trigger == "rest");
        Assert.Equal((AuditKind.Denied, "dashboard", "not begun"), (line.Kind, line.Identity, line.Result));
        Assert.Contains(line.Operation, (string[])["rest_request", "proxmox_start_vm"]);
        Assert.StartsWith(id, line.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "{}")]
    [InlineData("", "\n")]
    [InlineData("", "{\"timeout\": 60}")]
    [InlineData("", "{\"timeout\": \"1m\"}")]
    [InlineData("?timeout=60", null)]
    [InlineData("?TIMEOUT=1m30s&dryrun=false", "")]
    public async Task Timeouts_are_seconds_or_durations_and_a_body_may_be_missing(string query, string? body)
    {
        await using var bench = await RestBench.OpenAsync();
        Assert.True((await bench.PostAsync($"/api/vms/110/start{query}", body)).Is(200).GetProperty("changed").GetBoolean());
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.PostAsync("/api/vms/110/start", $"{{\"timeout\": \"{new string('1', 300_000)}\"}}");
        Assert.Equal((413, "RequestUnreadable"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_hostile_field_is_quoted_shortly_and_in_clean_text()
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.PostAsync("/api/vms/110/start", $"{{\"\u202E\\u001b[31m{new string('x', 100_000)}\": 1}}");
        Assert.Equal(400, reply.Status);
        var detail = reply.Json.GetProperty("detail").GetString()!;
        Assert.True(ForeignText.IsClean(detail) && detail.Length <= 2_000, detail);
    }

    [Fact]
    public async Task What_the_guest_forbids_is_a_conflict_and_what_fails_is_told()
    {
        await using var bench = await RestBench.OpenAsync();
        var reply = await bench.PostAsync("/api/vms/9000/start");
        Assert.Equal((409, "VmIsTemplate"), (reply.Status, reply.Problem()));
        bench.Cluster.Guest(110).Lock = "backup";
        reply = await bench.PostAsync("/api/vms/110/start");
        Assert.Equal((409, "VmLocked"), (reply.Status, reply.Problem()));
        bench.Cluster.Guest(110).Lock = null;
        reply = await bench.PostAsync("/api/vms/sandbx/start");
        Assert.Equal((404, "VmNotFound"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Changes);

        bench.Cluster.FailNext("qmstart", "start failed: QEMU exited with code 1");
        reply = await bench.PostAsync("/api/vms/110/start");
        Assert.Equal((502, "ProxmoxTaskFailed"), (reply.Status, reply.Problem()));
        Assert.Contains("QEMU exited with code 1", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cooldown_says_when_to_come_back()
    {
        await using var bench = await RestBench.OpenAsync(static lab => lab.Replace("policy:\n", "policy:\n  approvals: { proxmox_reboot_vm: auto }\n  limits: { cooldown: 5m }\n", StringComparison.Ordinal));
        (await bench.PostAsync("/api/vms/100/reboot")).Is(200);
        var reply = await bench.PostAsync("/api/vms/100/reboot");
        Assert.Equal((429, "LimitReached"), (reply.Status, reply.Problem()));
        Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 240, 300);
        Assert.Single(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_client_that_hangs_up_does_not_cut_off_what_it_began()
    {
        await using var bench = await RestBench.OpenAsync();
        var hold = bench.Cluster.HoldNext("qmstart");
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/vms/110/start");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {RestBench.Dashboard}");
        var sending = bench.Web.Http.SendAsync(request, hangUp.Token);
        await Tests.Eventually.HoldsAsync("Proxmox was asked", () => Task.FromResult(bench.Cluster.Changes.Count == 1), TestContext.Current.CancellationToken);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        hold.Release();
        await Tests.Eventually.HoldsAsync(
            "the outcome was written down",
            async () => (await bench.AuditAsync()).Any(l => l is { Kind: AuditKind.Outcome, Operation: "proxmox_start_vm", Result: "succeeded" }),
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task When_the_program_stops_in_the_middle_the_client_hears_that_nobody_can_tell_yet()
    {
        // What the look at the end answers, and not that it came too late.
        await using var bench = await RestBench.OpenAsync(partingLook: TimeSpan.FromMinutes(2));
        var hold = bench.Cluster.HoldNext("qmstart");
        var sending = bench.PostAsync("/api/vms/110/start");
        await Tests.Eventually.HoldsAsync("Proxmox was asked", () => Task.FromResult(bench.Cluster.Changes.Count == 1), TestContext.Current.CancellationToken);
        await bench.Web.Server.DisposeAsync();
        var reply = await sending;
        Assert.Equal((503, "OutcomeUnknown"), (reply.Status, reply.Problem()));
        Assert.Contains(await bench.AuditAsync(), l => l is { Kind: AuditKind.Outcome, Operation: "proxmox_start_vm", Trigger: "rest" } && l.Result.StartsWith("unknown", StringComparison.Ordinal));
        hold.Release();
    }

    [Fact]
    public async Task When_the_program_stops_before_anything_began_the_client_hears_why()
    {
        await using var bench = await RestBench.OpenAsync();
        bench.Cluster.Node("pve").Fail(new ProxmoxFault { Kind = ProxmoxFaultKind.Hang, Path = "*/status/current", Times = int.MaxValue });
        bench.Cluster.ForgetRequests();
        var sending = bench.PostAsync("/api/vms/110/start");
        await Tests.Eventually.HoldsAsync("Proxmox was asked", () => Task.FromResult(bench.Cluster.Requests.Any(r => r.Path.EndsWith("/status/current", StringComparison.Ordinal))), TestContext.Current.CancellationToken);
        await bench.Web.Server.DisposeAsync();
        var reply = await sending;
        Assert.Equal((503, "ProgramStopping"), (reply.Status, reply.Problem()));
        Assert.Empty(bench.Cluster.Changes);
    }

    [Fact]
    public async Task A_page_of_elsewhere_needs_the_token_as_everybody_does()
    {
        await using var bench = await RestBench.OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/vms/110/start");
        request.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
        request.Headers.TryAddWithoutValidation("Cookie", $"token={RestBench.Dashboard}");
        using var response = await bench.Web.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)response.StatusCode);
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/api/vms/110/start");
        preflight.Headers.TryAddWithoutValidation("Origin", "https://evil.example");
        preflight.Headers.TryAddWithoutValidation("Access-Control-Request-Method", "POST");
        using var answer = await bench.Web.Http.SendAsync(preflight, TestContext.Current.CancellationToken);
        Assert.Equal(405, (int)answer.StatusCode);
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.Empty(bench.Cluster.Changes);
    }
}
