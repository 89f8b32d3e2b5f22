using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Homelab.Lab.Docker;
using Homelab.Tests;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp;

/// <summary>Healing, runbooks, questions and audit as tools: what they set off passes the gate step by step as the client itself.</summary>
public sealed class HouseToolTests
{
    private const string Runbook = "container-crash-recovery";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_is_down_is_healed_and_everything_of_it_can_be_read()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        var (data, text, failed) = await FaceBench.CallAsync(client, "heal_run", new { service = "gitea", wait = "10m" });
        Assert.Equal((false, "done", "recovered", Runbook), (failed, (string?)data["status"], (string?)data["result"]!["stand"], (string?)data["result"]!["runbook"]));
        Assert.StartsWith("Done: Set off healing of gitea. Change ", text, StringComparison.Ordinal);
        Assert.True(bench.Stage.Homelab.ContainerOf("gitea").Running);

        var id = (string)data["result"]!["incident"]!;
        var incident = (await FaceBench.CallAsync(client, "heal_list_incidents", new { id })).Data["items"]![0]!;
        Assert.Equal(("gitea", "recovered"), ((string?)incident["service"], (string?)incident["status"]));
        Assert.Contains(incident["steps"]!.AsArray(), s => (string?)s == $"{Runbook}/restart: succeeded");
        Assert.NotEmpty(incident["evidence"]!.AsArray());
        Assert.Equal([id], (await FaceBench.CallAsync(client, "heal_list_incidents", new { service = "gitea", since = "1h" })).Data["items"]!.AsArray().Select(i => (string)i!["id"]!));
        Assert.Empty((await FaceBench.CallAsync(client, "heal_list_incidents", new { open = true })).Data["items"]!.AsArray());

        // The steps are the client's own.
        var lines = (await FaceBench.CallAsync(client, "audit_list", new { run = id, kind = new[] { "intent" } })).Data["items"]!.AsArray();
        Assert.Equal(["mcp:tester docker_restart_container container:gitea@dev"], lines.Select(l => $"{l!["by"]} {l["operation"]} {l["target"]}"));
        Assert.Equal("mcp:tester", Assert.Single(await bench.Runtime.Store.ListIncidentsAsync(1, Cancellation)).Caller.ToString());
    }

    [Fact]
    public async Task A_service_that_is_well_is_left_alone()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        await Eventually.HoldsAsync("its health check has passed", async () => (bool)(await FaceBench.CallAsync(client, "docker_check_container", new { container = "gitea@dev" })).Data["items"]![0]!["isUp"]!, Cancellation);
        var (data, text, failed) = await FaceBench.CallAsync(client, "heal_run", new { service = "gitea", wait = "10m" });
        Assert.True((string?)data["result"]?["stand"] == "well" && !failed, $"{text}\n{string.Join(" ", (await bench.Runtime.Store.ListIncidentsAsync(1, Cancellation)).Select(static i => i.Message))}");
        Assert.Empty(bench.Stage.Homelab.Changes);
        Assert.Empty((await FaceBench.CallAsync(client, "heal_list_incidents")).Data["items"]!.AsArray());
    }

    [Fact]
    public async Task What_could_not_be_healed_is_an_error_that_says_where_to_look()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        bench.Stage.Homelab.ContainerOf("gitea").DieAfterStart();
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        var (data, _, failed) = await FaceBench.CallAsync(client, "heal_run", new { service = "gitea", wait = "10m" });
        Assert.Equal((true, "ServiceNotHealed"), (failed, (string?)data["error"]!["id"]));
        var id = (await bench.Runtime.Store.ListIncidentsAsync(1, Cancellation))[0].Id;
        Assert.Contains($"heal_list_incidents with id {id}", (string?)data["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("escalated", (string?)(await FaceBench.CallAsync(client, "heal_list_incidents", new { id })).Data["items"]![0]!["status"]);
    }

    [Fact]
    public async Task Healing_that_needs_a_person_gives_the_question_and_goes_on_by_itself_after_the_yes()
    {
        await using var bench = await FaceBench.OpenAsync("operate", arrange: stage => stage.WriteRunbook(Runbook, "restart", "docker_restart_container", approve: true));
        var client = await bench.ConnectAsync();
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        var (data, text, failed) = await FaceBench.CallAsync(client, "heal_run", new { service = "gitea", wait = "10m" });
        Assert.Equal((false, "waiting", "waiting"), (failed, (string?)data["status"], (string?)data["result"]!["stand"]));
        Assert.StartsWith("Begun, and waiting: Set off healing of gitea. A person must answer 'Restart container gitea@dev?'", text, StringComparison.Ordinal);
        var approval = (string)data["approval"]!["id"]!;
        Assert.Equal([approval], (await FaceBench.CallAsync(client, "approval_list")).Data["items"]!.AsArray().Select(a => (string)a!["id"]!));
        // A person's yes to a step of the run is not one to the same change by another way.
        Assert.Equal("pending", (string?)(await FaceBench.CallAsync(client, "approval_wait", new { id = approval, timeout = "0s" })).Data["items"]![0]!["status"]);

        await bench.Runtime.Approvals.ApproveAsync(approval, "cli:anna", typedTarget: null, Cancellation);
        var answered = (await FaceBench.CallAsync(client, "approval_wait", new { id = approval })).Data["items"]![0]!;
        Assert.Contains((string?)answered["status"], new[] { "approved", "used" });
        var incident = (string)data["result"]!["incident"]!;
        await Eventually.HoldsAsync("it is healed", async () => (string?)(await FaceBench.CallAsync(client, "heal_list_incidents", new { id = incident })).Data["items"]![0]!["status"] == "recovered", Cancellation);
        Assert.Single(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_runbook_that_waits_for_a_person_goes_on_when_the_same_call_comes_again()
    {
        await using var bench = await FaceBench.OpenAsync("operate", arrange: stage => stage.WriteRunbook(Runbook, "restart", "docker_restart_container", approve: true));
        var client = await bench.ConnectAsync();
        var wish = new { runbook = Runbook, service = "gitea", values = "{ \"days\": 7 }", wait = "10m" };
        var first = await FaceBench.CallAsync(client, "runbook_run", wish);
        Assert.Equal((false, "waiting"), (first.Failed, (string?)first.Data["status"]));
        var approval = (string)first.Data["approval"]!["id"]!;
        var again = await FaceBench.CallAsync(client, "runbook_run", new { runbook = Runbook, service = "gitea", values = "{\"days\":7}" });
        Assert.Equal((approval, (string?)first.Data["result"]!["run"]), ((string?)again.Data["approval"]!["id"], (string?)again.Data["result"]!["run"]));
        // The yes is for the run's step, not for a call beside it.
        await bench.Runtime.Approvals.ApproveAsync(approval, "cli:anna", typedTarget: null, Cancellation);
        var ended = await FaceBench.CallAsync(client, "runbook_run", wish);
        Assert.Equal((false, "done", "recovered"), (ended.Failed, (string?)ended.Data["status"], (string?)ended.Data["result"]!["stand"]));
        Assert.Single(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_runbook_that_a_person_declined_is_an_error()
    {
        await using var bench = await FaceBench.OpenAsync("operate", arrange: stage => stage.WriteRunbook(Runbook, "restart", "docker_restart_container", approve: true));
        var client = await bench.ConnectAsync();
        var wish = new { runbook = Runbook, service = "gitea", wait = "10m" };
        var id = (string)(await FaceBench.CallAsync(client, "runbook_run", wish)).Data["approval"]!["id"]!;
        await bench.Runtime.Approvals.DenyAsync(id, "cli:anna", Cancellation);
        Assert.StartsWith("cli:anna said no.", (string?)(await FaceBench.CallAsync(client, "approval_wait", new { id })).Data["items"]![0]!["next"], StringComparison.Ordinal);
        var (data, _, failed) = await FaceBench.CallAsync(client, "runbook_run", wish);
        Assert.Equal((true, "RunbookNotDone"), (failed, (string?)data["error"]!["id"]));
        Assert.Contains("ended as declined", (string?)data["error"]!["message"], StringComparison.Ordinal);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_step_that_the_credential_is_not_for_is_refused()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync(FaceBench.Tester with { Scope = OperationScope.Of(["heal_*", "runbook_*", "docker_check_container"]) });
        var (data, _, failed) = await FaceBench.CallAsync(client, "runbook_run", new { runbook = Runbook, service = "gitea" });
        Assert.Equal((true, "RunbookNotDone"), (failed, (string?)data["error"]!["id"]));
        Assert.Contains("not for docker_restart_container", (string?)data["error"]!["message"], StringComparison.Ordinal);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Theory]
    [InlineData("heal_run", """{"service":"nextcloudd"}""", "ServiceNotFound")]
    [InlineData("runbook_run", """{"runbook":"no-such"}""", "RunbookNotFound")]
    [InlineData("runbook_run", """{"runbook":"container-crash-recovery"}""", "ServiceNeeded")]
    [InlineData("runbook_run", """{"runbook":"container-crash-recovery","service":"gitea","values":"[1]"}""", "InputInvalid")]
    [InlineData("runbook_list", """{"name":"no-such"}""", "RunbookNotFound")]
    [InlineData("runbook_check", """{"name":"no-such"}""", "RunbookNotFound")]
    [InlineData("heal_list_incidents", """{"id":"no-such"}""", "IncidentNotFound")]
    [InlineData("heal_explain", """{"operation":"no_such"}""", "OperationNotFound")]
    [InlineData("heal_explain", """{"operation":"docker_stop_container","with":"not json"}""", "InputInvalid")]
    [InlineData("approval_wait", """{"id":"no-such"}""", "ApprovalNotFound")]
    [InlineData("approval_list", """{"id":"no-such"}""", "ApprovalNotFound")]
    public async Task What_is_not_there_is_said(string tool, string arguments, string id)
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var (data, _, failed) = await FaceBench.CallAsync(client, tool, JsonNode.Parse(arguments));
        Assert.Equal((true, id), (failed, (string?)data["error"]!["id"]));
    }

    [Fact]
    public async Task What_the_gate_would_say_is_explained_without_asking_anybody()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var asked = (await FaceBench.CallAsync(client, "heal_explain", new { operation = "docker_stop_container", with = """{"container":"traefik@infra"}""" })).Data["items"]![0]!;
        Assert.Equal(("askTwice", "container:traefik@infra", "mcp:tester"), ((string?)asked["verdict"], (string?)asked["target"], (string?)asked["caller"]));
        Assert.Contains(asked["findings"]!.AsArray(), f => (string?)f!["rule"] == "protect.target");
        var denied = (await FaceBench.CallAsync(client, "heal_explain", new { operation = "docker_exec", with = """{"container":"gitea@dev","command":["id"]}""" })).Data["items"]![0]!;
        Assert.Equal("deny", (string?)denied["verdict"]);
        Assert.Empty((await FaceBench.CallAsync(client, "approval_list")).Data["items"]!.AsArray());
        Assert.DoesNotContain(await bench.AuditAsync(), l => l.Kind is AuditKind.Asked or AuditKind.Denied);
    }

    [Fact]
    public async Task Runbooks_are_listed_and_checked_and_none_sets_off_another()
    {
        await using var bench = await FaceBench.OpenAsync("operate", arrange: stage => stage.Write("runbooks/again.yaml", """
            apiVersion: homelab/v1
            kind: Runbook
            metadata: { name: again, description: Sets itself off. }
            spec:
              level: operate
              steps:
                - { id: again, do: runbook_run, with: { runbook: again } }
            """));
        var client = await bench.ConnectAsync();
        var listed = (await FaceBench.CallAsync(client, "runbook_list", new { name = "container-crash-*" })).Data["items"]!.AsArray();
        Assert.Equal("""["look: docker_check_container","restart: docker_restart_container"]""", Assert.Single(listed)!["steps"]!.ToJsonString());
        Assert.True((bool)listed[0]!["needsService"]!);
        Assert.Equal("ok", (string?)(await FaceBench.CallAsync(client, "runbook_check", new { name = Runbook })).Data["items"]![0]!["status"]);
        var wrong = Assert.Single((await FaceBench.CallAsync(client, "runbook_check", new { name = "again" })).Data["items"]!.AsArray())!;
        Assert.Equal(("failed", "spec.steps[0].do 'runbook_run' sets off another run"), ((string?)wrong["status"], (string?)wrong["detail"]));
        Assert.True((await FaceBench.CallAsync(client, "runbook_run", new { runbook = "again" })).Failed);
    }

    [Fact]
    public async Task The_audit_can_be_read_back_and_forth_and_is_proved()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        for (var i = 0; i < 4; i++) await FaceBench.CallAsync(client, "docker_check_container", new { container = "gitea@dev" });
        var last = (await FaceBench.CallAsync(client, "audit_list", new { last = 2, operation = "docker_*" })).Data["items"]!.AsArray();
        var before = (await FaceBench.CallAsync(client, "audit_list", new { last = 2, operation = "docker_*", before = (int)last[0]!["sequence"]! })).Data["items"]!.AsArray();
        Assert.Equal([1, 2, 3, 4], before.Concat(last).Select(l => (int)l!["sequence"]!));
        Assert.Empty((await FaceBench.CallAsync(client, "audit_list", new { by = "rest:*" })).Data["items"]!.AsArray());
        var verdict = (await FaceBench.CallAsync(client, "audit_verify")).Data["items"]![0]!;
        Assert.Equal((true, null), ((bool)verdict["intact"]!, (string?)verdict["reason"]));
    }

    [Fact]
    public async Task The_wait_for_an_answer_ends_with_the_answer_or_says_that_there_is_none_yet()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var id = (string)(await FaceBench.CallAsync(client, "docker_stop_container", new { container = "redis@dev" })).Data["approval"]!["id"]!;
        var pending = (await FaceBench.CallAsync(client, "approval_wait", new { id, timeout = "500ms" })).Data["items"]![0]!;
        Assert.Equal("pending", (string?)pending["status"]);
        Assert.StartsWith("Still waiting: 0 of 1 confirmations.", (string?)pending["next"], StringComparison.Ordinal);
        var waiting = FaceBench.CallAsync(client, "approval_wait", new { id });
        await bench.Runtime.Approvals.ApproveAsync(id, "cli:anna", typedTarget: null, Cancellation);
        var answered = (await waiting).Data["items"]![0]!;
        Assert.Equal(("approved", """["cli:anna"]"""), ((string?)answered["status"], answered["confirmedBy"]!.ToJsonString()));
        Assert.StartsWith("Approved. Call docker_stop_container with the same arguments again before ", (string?)answered["next"], StringComparison.Ordinal);
        Assert.Equal("done", (string?)(await FaceBench.CallAsync(client, "docker_stop_container", new { container = "redis@dev" })).Data["status"]);
        Assert.Equal("used", (string?)(await FaceBench.CallAsync(client, "approval_list", new { status = "used" })).Data["items"]![0]!["status"]);
    }

    [Theory]
    [InlineData("heal_run", """{"service":"gitea"}""")]
    [InlineData("runbook_run", """{"runbook":"container-crash-recovery","service":"gitea"}""")]
    public async Task What_takes_longer_than_the_wait_goes_on_and_the_same_call_waits_on(string tool, string arguments)
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        // Held until the first call was answered: a run that is over would be its answer.
        using var answered = new ManualResetEventSlim();
        bench.Stage.Homelab.Engines["dev"].RequestReceived += (_, e) =>
        {
            if (e.Request.Path.EndsWith("/restart", StringComparison.Ordinal)) answered.Wait(Cancellation);
        };
        var wish = JsonNode.Parse(arguments)!;
        wish["wait"] = "0s";
        var (data, text, failed) = await FaceBench.CallAsync(client, tool, wish);
        Assert.Equal((false, "underWay", "underWay"), (failed, (string?)data["status"], (string?)data["result"]!["stand"]));
        Assert.StartsWith("Begun, and not ended: ", text, StringComparison.Ordinal);
        Assert.Contains($"Call {tool} with the same arguments again to wait on.", text, StringComparison.Ordinal);
        answered.Set();
        wish["wait"] = "10m";
        (data, _, failed) = await FaceBench.CallAsync(client, tool, wish);
        Assert.Equal((false, "done", "recovered"), (failed, (string?)data["status"], (string?)data["result"]!["stand"]));
        // One run and one restart, however often it was called for.
        Assert.Single(await bench.Runtime.Store.ListRunsAsync(new RunFilter(), Cancellation));
        Assert.Single(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task What_happens_meanwhile_is_told_to_a_client_that_asked_for_it()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        var told = new Told();
        await client.CallToolAsync("heal_run", new Dictionary<string, object?>(StringComparer.Ordinal) { ["service"] = "gitea", ["wait"] = "10m" }, told, cancellationToken: Cancellation);
        Assert.NotEmpty(told.Values);
        Assert.All(told.Values, v => Assert.StartsWith("Healing gitea: ", v.Message, StringComparison.Ordinal));
        // The SDK's client hands them on side by side; that they are sent in their order is seen below it.
        Assert.Distinct(told.Values.Select(v => v.Progress));
    }

    [Fact]
    public async Task A_cancelled_run_is_brought_to_a_known_end()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Stage.Homelab.Engines["dev"].RequestReceived += (_, e) =>
        {
            if (e.Request.Path.EndsWith("/restart", StringComparison.Ordinal)) begun.TrySetResult();
        };
        bench.Stage.Homelab.Engines["dev"].Fail(new EngineFault { Kind = EngineFaultKind.Hang, Path = "/containers/*/restart" });
        var request = new JsonRpcRequest
        {
            Id = new RequestId("long"),
            Method = RequestMethods.ToolsCall,
            Params = new JsonObject { ["name"] = "runbook_run", ["arguments"] = new JsonObject { ["runbook"] = Runbook, ["service"] = "gitea" } },
        };
        var call = client.SendRequestAsync(request, Cancellation);
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
        await client.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = new JsonObject { ["requestId"] = "long" } }, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.HoldsAsync("the run has ended", async () => (await bench.Runtime.Store.ListRunsAsync(new RunFilter(), Cancellation))[0] is { Status: RunStatus.Failed, EndedAt: not null }, Cancellation);
        // Nothing is left open, neither the step nor what set it off.
        await Eventually.HoldsAsync("no change is open", async () => (await bench.Runtime.Store.ListOpenAsync(Cancellation)).Count == 0, Cancellation);
    }

    private sealed class Told : IProgress<ProgressNotificationValue>
    {
        internal ConcurrentQueue<ProgressNotificationValue> Values { get; } = new();

        public void Report(ProgressNotificationValue value) => Values.Enqueue(value);
    }
}
