namespace Homelab.UnitTests.Core;

public sealed class GateTests
{
    private static readonly CancellationToken s_token = TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_allowed_change_runs_once_and_leaves_an_intent_and_an_outcome()
    {
        await using var bench = await GateBench.OpenAsync();
        var done = Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal(new Thing("web", 1), done.Result);
        var audit = await bench.AuditAsync();
        Assert.Equal([AuditKind.Intent, AuditKind.Outcome], audit.Select(e => e.Kind));
        Assert.All(audit, e => Assert.Equal(("sample_restart_thing", "thing:web", "webhook", "uptime-alert", "i1", "r1"), (e.Operation, e.Target, e.Trigger, e.Identity, e.Incident, e.Run)));
        Assert.Equal("succeeded", audit[1].Result);
    }

    [Fact]
    public async Task An_alias_is_the_same_operation_under_its_one_name()
    {
        await using var bench = await GateBench.OpenAsync();
        await bench.InvokeAsync("BOUNCE_thing");
        Assert.Equal("sample_restart_thing", (await bench.AuditAsync())[0].Operation);
    }

    [Fact]
    public async Task A_caller_below_the_level_is_turned_away_before_anything_is_looked_at()
    {
        await using var bench = await GateBench.OpenAsync(access: new AccessPolicy { Mcp = Level.Monitor });
        var error = await Assert.ThrowsAsync<GateException>(() => bench.InvokeAsync("sample_restart_thing", caller: new Caller(Face.Mcp, "claude")));
        Assert.Equal((ErrorKind.Denied, "LevelTooLow"), (error.Kind, error.Id));
        Assert.Contains("access.mcp", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, bench.Restart.Runs);
        Assert.Equal(AuditKind.Denied, Assert.Single(await bench.AuditAsync()).Kind);
    }

    [Fact]
    public async Task A_query_answers_and_is_audited_with_its_count()
    {
        await using var bench = await GateBench.OpenAsync();
        var items = await bench.Gate.QueryAsync(Request("sample_read_thing"), s_token).ToListAsync(s_token);
        Assert.Equal(new Thing("web", 1), Assert.Single(items));
        var entry = Assert.Single(await bench.AuditAsync());
        Assert.Equal((AuditKind.Read, "1 items"), (entry.Kind, entry.Result));
    }

    [Fact]
    public async Task The_red_switch_holds_back_what_loses_something_though_it_interrupts_nobody()
    {
        await using var bench = await GateBench.OpenAsync(new GatePolicy { Approvals = new Dictionary<string, Requirement> { ["sample_trim_thing"] = Requirement.Auto } });
        await bench.Store.SetSuspensionAsync(new Suspension("cli:anna", "moving", bench.Time.GetUtcNow(), Until: null), s_token);
        var error = await Assert.ThrowsAsync<GateException>(() => bench.InvokeAsync("sample_trim_thing"));
        Assert.Equal(Rules.Suspended, Assert.Single(error.Decision.Decisive).Rule);
        Assert.Equal(0, bench.Trim.Runs);
        await bench.Store.SetSuspensionAsync(suspension: null, s_token);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_trim_thing"));
    }

    [Fact]
    public async Task A_routine_look_is_audited_when_it_ends_otherwise_than_the_one_before()
    {
        await using var bench = await GateBench.OpenAsync();
        var routine = Request("sample_read_thing") with { Caller = new Caller(Face.Schedule, "probe") { IsRoutine = true } };
        for (var i = 0; i < 3; i++) await bench.Gate.QueryAsync(routine, s_token).ToListAsync(s_token);
        bench.Read.Behaviour = static () => throw new HomelabException(ErrorKind.Unavailable, "Away", "It is away.");
        for (var i = 0; i < 3; i++) await Assert.ThrowsAsync<HomelabException>(async () => await bench.Gate.QueryAsync(routine, s_token).ToListAsync(s_token));
        bench.Read.Behaviour = static () => { };
        await bench.Gate.QueryAsync(routine, s_token).ToListAsync(s_token);
        await bench.Gate.QueryAsync(Request("sample_read_thing"), s_token).ToListAsync(s_token);
        Assert.Equal(["1 items", "failed", "1 items", "1 items"], (await bench.AuditAsync()).Select(a => a.Result));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_crash_in_an_operation_is_ours_to_name_and_shows_no_secret(bool query)
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Redactor.Learn(new Secret("s3cr3t-value"));
        bench.Read.Behaviour = static () => throw new InvalidOperationException("GET /bots3cr3t-value failed");
        bench.Restart.Behaviour = static _ => throw new InvalidOperationException("GET /bots3cr3t-value failed");
        bench.Restart.Settling = static () => Settlement.DidNotHappen;
        var error = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            if (query) await bench.Gate.QueryAsync(Request("sample_read_thing"), s_token).ToListAsync(s_token);
            else await bench.InvokeAsync("sample_restart_thing");
        });
        Assert.Equal((ErrorKind.Failed, "OperationCrashed"), (error.Kind, error.Id));
        Assert.Contains("/bot*** failed", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(await bench.AuditAsync(), e => e.ToString().Contains("s3cr3t", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_query_cannot_be_used_as_a_change_nor_a_change_as_a_query()
    {
        await using var bench = await GateBench.OpenAsync();
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_read_thing"));
        await Assert.ThrowsAsync<HomelabException>(async () => await bench.Gate.QueryAsync(Request("sample_stop_thing"), s_token).ToListAsync(s_token));
        Assert.Equal(0, bench.Stop.Runs);
    }

    [Fact]
    public async Task An_unknown_operation_is_refused_with_the_nearest_name()
    {
        await using var bench = await GateBench.OpenAsync();
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thign"));
        Assert.Contains("sample_restart_thing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dry_run_decides_and_does_nothing_else()
    {
        await using var bench = await GateBench.OpenAsync();
        var planned = Assert.IsType<GateOutcome.Planned>(await bench.InvokeAsync("sample_stop_thing", dryRun: true));
        Assert.Equal(Requirement.Ask, planned.Decision.Verdict);
        Assert.Equal(0, bench.Stop.Runs);
        Assert.Empty(await bench.AuditAsync());
        Assert.Empty(await bench.Approvals.ListPendingAsync(s_token));
    }

    [Fact]
    public async Task The_same_key_never_runs_twice_and_returns_the_first_result()
    {
        await using var bench = await GateBench.OpenAsync();
        var first = Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing", key: "run/step/0"));
        var second = Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing", key: "run/step/0"));
        Assert.Equal(1, bench.Restart.Runs);
        Assert.Equal(first.Change, second.Change);
        Assert.Equal(new Thing("web", 1), second.Result);
    }

    [Fact]
    public async Task Of_many_at_once_only_one_changes_the_target()
    {
        await using var bench = await GateBench.OpenAsync();
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Restart.Behaviour = _ =>
        {
            began.TrySetResult();
            return release.Task;
        };
        var first = bench.InvokeAsync("sample_restart_thing");
        await began.Task;
        var others = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Assert.ThrowsAsync<GateException>(() => bench.InvokeAsync("sample_add_thing"))));
        Assert.All(others, e => Assert.Equal((ErrorKind.Conflict, "ChangeInFlight"), (e.Kind, e.Id)));
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_add_thing", "another"));
        release.SetResult();
        Assert.IsType<GateOutcome.Done>(await first);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_add_thing"));
    }

    [Fact]
    public async Task The_cooldown_holds_back_the_unattended_and_not_the_person()
    {
        await using var bench = await GateBench.OpenAsync(new GatePolicy { Limits = new ActionLimits { Cooldown = TimeSpan.FromMinutes(10) } });
        await bench.InvokeAsync("sample_restart_thing");
        bench.Time.Advance(TimeSpan.FromMinutes(9));
        var error = await Assert.ThrowsAsync<GateException>(() => bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal((ErrorKind.Refused, "LimitReached"), (error.Kind, error.Id));
        Assert.Equal(Rules.Cooldown, Assert.Single(error.Decision.Decisive).Rule);
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing", caller: new Caller(Face.Interactive, "anna")));
        bench.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing"));
    }

    [Fact]
    public async Task The_attempt_budget_and_the_rate_of_the_lab_hold_back()
    {
        await using var bench = await GateBench.OpenAsync(new GatePolicy { Limits = new ActionLimits { Attempts = 2, Rate = 3 } });
        await bench.InvokeAsync("sample_restart_thing", "a");
        await bench.InvokeAsync("sample_restart_thing", "a");
        Assert.Equal(Rules.Budget, (await Assert.ThrowsAsync<GateException>(() => bench.InvokeAsync("sample_restart_thing", "a"))).Decision.Decisive.Single().Rule);
        await bench.InvokeAsync("sample_restart_thing", "b");
        Assert.Equal(Rules.Rate, (await Assert.ThrowsAsync<GateException>(() => bench.InvokeAsync("sample_restart_thing", "c"))).Decision.Decisive.Single().Rule);
    }

    [Fact]
    public async Task A_failure_that_the_system_itself_reports_is_certain()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = static _ => throw new HomelabException(ErrorKind.Failed, "ThingBroken", "The thing is broken.");
        bench.Restart.Settling = static () => throw new InvalidOperationException("nobody should look");
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal("ThingBroken", error.Id);
        Assert.Equal(("failed", "ThingBroken: The thing is broken."), ((await bench.AuditAsync())[1].Result, (await bench.AuditAsync())[1].Error));
    }

    [Fact]
    public async Task A_lost_answer_is_settled_by_a_read_as_having_happened()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = static _ => throw new HomelabException(ErrorKind.Unavailable, "ConnectionLost", "The connection was lost.");
        bench.Restart.Settling = static () => Settlement.Happened;
        var done = Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing"));
        Assert.Null(done.Result);
        Assert.Contains("a read showed that it happened", (await bench.AuditAsync())[1].Result, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_that_no_read_can_settle_is_unknown_and_never_a_success()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = static _ => throw new HomelabException(ErrorKind.Unavailable, "ConnectionLost", "The connection was lost.");
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing", key: "k"));
        Assert.Equal("OutcomeUnknown", error.Id);
        Assert.StartsWith("unknown", (await bench.AuditAsync())[1].Result, StringComparison.Ordinal);
        Assert.Equal("OutcomeUnknown", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing", key: "k"))).Id);
        Assert.Equal(1, bench.Restart.Runs);
    }

    [Theory]
    [InlineData(ErrorKind.Unavailable)]
    [InlineData(ErrorKind.Denied)]
    [InlineData(ErrorKind.NotFound)]
    public async Task A_look_that_is_refused_after_the_deed_is_no_proof_that_nothing_happened(ErrorKind kind)
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Add.ActsFirst = true;
        bench.Add.Behaviour = _ => throw new HomelabException(kind, "Refused", "Refused.") { NothingHappened = true };
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_add_thing", retry: new RetryRule(3, TimeSpan.Zero)));
        Assert.Equal("OutcomeUnknown", error.Id);
        Assert.Equal(1, bench.Add.Runs);
    }

    [Fact]
    public async Task A_crash_in_an_operation_is_looked_into_like_a_lost_answer()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Restart.Behaviour = static _ => throw new InvalidOperationException("a bug");
        bench.Restart.Settling = static () => Settlement.DidNotHappen;
        Assert.Equal("OperationCrashed", (await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing"))).Id);
    }

    [Fact]
    public async Task A_change_is_repeated_only_where_that_is_safe()
    {
        await using var bench = await GateBench.OpenAsync();
        var retry = new RetryRule(3, TimeSpan.Zero);
        bench.Restart.Behaviour = static _ => throw new HomelabException(ErrorKind.Failed, "ThingBroken", "Broken.");
        bench.Add.Behaviour = bench.Restart.Behaviour;
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing", "a", retry: retry));
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_add_thing", "b", retry: retry));
        Assert.Equal((3, 1), (bench.Restart.Runs, bench.Add.Runs));

        bench.Add.Behaviour = static _ => throw new HomelabException(ErrorKind.Unavailable, "Refused", "Refused.") { NothingHappened = true };
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_add_thing", "c", retry: retry));
        Assert.Equal(4, bench.Add.Runs);
    }

    [Fact]
    public async Task A_cancelled_change_is_still_written_down_to_its_end()
    {
        await using var bench = await GateBench.OpenAsync();
        using var cancel = new CancellationTokenSource();
        bench.Restart.Behaviour = async token =>
        {
            await cancel.CancelAsync();
            token.ThrowIfCancellationRequested();
        };
        bench.Restart.Settling = static () => Settlement.Happened;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.InvokeAsync("sample_restart_thing", cancellationToken: cancel.Token));
        Assert.Equal([AuditKind.Intent, AuditKind.Outcome], (await bench.AuditAsync()).Select(e => e.Kind));
        Assert.Empty(await bench.Store.ListOpenAsync(s_token));
    }

    [Fact]
    public async Task What_a_dead_process_left_open_is_settled_and_frees_its_target()
    {
        await using var bench = await GateBench.OpenAsync();
        await LeaveOpenAsync(bench, "dead/run/0");
        bench.Restart.Settling = static () => Settlement.DidNotHappen;
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal([AuditKind.Intent, AuditKind.Settled, AuditKind.Intent, AuditKind.Outcome], (await bench.AuditAsync()).Select(e => e.Kind));
    }

    [Fact]
    public async Task What_this_process_itself_left_open_and_works_on_no_more_frees_its_target_too()
    {
        await using var bench = await GateBench.OpenAsync();
        await LeaveOpenAsync(bench, "cancelled/run/0", ProcessOwner.Current);
        bench.Restart.Settling = static () => Settlement.DidNotHappen;
        Assert.IsType<GateOutcome.Done>(await bench.InvokeAsync("sample_restart_thing"));
        Assert.Equal(1, bench.Restart.Runs);
    }

    [Fact]
    public async Task A_wish_that_was_cut_off_before_it_happened_says_so_under_its_key()
    {
        await using var bench = await GateBench.OpenAsync();
        await LeaveOpenAsync(bench, "dead/run/0");
        bench.Restart.Settling = static () => Settlement.DidNotHappen;
        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing", key: "dead/run/0"));
        Assert.Equal(OperationGate.NotDone, error.Id);
        Assert.Equal(0, bench.Restart.Runs);
    }

    [Fact]
    public async Task At_start_every_open_change_of_a_dead_process_is_settled()
    {
        await using var bench = await GateBench.OpenAsync();
        await LeaveOpenAsync(bench, "dead/run/0");
        bench.Restart.Settling = static () => Settlement.Happened;
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(await bench.Gate.SettleOpenAsync(s_token)).Status);
        Assert.Empty(await bench.Store.ListOpenAsync(s_token));
    }

    [Fact]
    public async Task A_secret_that_was_opened_never_reaches_the_audit()
    {
        await using var bench = await GateBench.OpenAsync();
        bench.Redactor.Learn(new Secret("s3cr3t-value"));
        bench.Restart.Behaviour = static _ => throw new HomelabException(ErrorKind.Failed, "ThingBroken", "GET /bots3cr3t-value failed");
        await Assert.ThrowsAsync<HomelabException>(() => bench.InvokeAsync("sample_restart_thing"));
        Assert.DoesNotContain(await bench.AuditAsync(), e => e.ToString().Contains("s3cr3t", StringComparison.Ordinal));
    }

    private static GateRequest Request(string operation) => new() { Operation = operation, Input = new ThingInput { Name = "web" }, Caller = GateBench.Hook };

    // No process has the id 0 on this machine.
    private static Task<Admission> LeaveOpenAsync(GateBench bench, string key, string? owner = null) => bench.Store.BeginAsync(
        new ChangeRecord
        {
            Id = "dead1",
            Key = key,
            Operation = "sample_restart_thing",
            Input = """{"name":"web"}""",
            Target = "thing:web",
            Risk = Risk.Disrupt,
            Caller = GateBench.Hook,
            Owner = owner ?? $"{Environment.MachineName}/0/1",
            StartedAt = bench.Time.GetUtcNow(),
        },
        new ActionLimits(),
        static _ => [],
        new AuditEntry { Time = bench.Time.GetUtcNow(), Kind = AuditKind.Intent, Operation = "sample_restart_thing", Target = "thing:web", Trigger = "webhook", Identity = "uptime-alert" },
        s_token);
}
