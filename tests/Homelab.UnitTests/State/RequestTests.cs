using Homelab.State;
using Homelab.Tests;

namespace Homelab.UnitTests.State;

public abstract class RequestTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task A_run_on_request_belongs_to_no_incident_and_may_concern_no_service()
    {
        var run = OnRequest() with { Summary = "asks", Values = """{"tag":"1"}""", Evidence = ["seen"], Status = RunStatus.Waiting };

        await SaveAsync(run);

        Assert.Equivalent(run, await Store.FindRunAsync(run.Id, Cancellation));
        Assert.Null(await Store.FindRunAsync("nowhere", Cancellation));
    }

    [Fact]
    public async Task Runs_are_found_by_what_is_asked_for_newest_first()
    {
        var incident = Make.Incident();
        var healing = Make.Run(incident);
        var early = OnRequest();
        var late = OnRequest(Make.Noon.AddMinutes(1)) with { Service = "gitea", Caller = new Caller(Face.Schedule, "nightly"), EndedAt = Make.Noon.AddMinutes(2) };
        await Store.SaveAsync(new HealingChange { Incident = incident, Run = healing }, Cancellation);
        foreach (var run in new[] { early, late }) await SaveAsync(run);

        Assert.Equal([late.Id, .. new[] { early.Id, healing.Id }.OrderDescending(StringComparer.Ordinal)], await IdsAsync(new RunFilter()));
        Assert.Equal([late.Id], await IdsAsync(new RunFilter { Most = 1 }));
        Assert.Equal([late.Id, early.Id], await IdsAsync(new RunFilter { OnlyOnRequest = true }));
        Assert.Equal([early.Id], await IdsAsync(new RunFilter { OnlyOnRequest = true, OnlyOpen = true }));
        Assert.Equal([late.Id], await IdsAsync(new RunFilter { Face = Face.Schedule }));
        Assert.Equal([late.Id, healing.Id], await IdsAsync(new RunFilter { Service = "gitea" }));
        Assert.Equal([late.Id], await IdsAsync(new RunFilter { Since = Make.Noon.AddSeconds(1) }));
        Assert.Empty(await IdsAsync(new RunFilter { Runbook = "another" }));
    }

    [Fact]
    public async Task Incidents_are_found_by_service_openness_and_time()
    {
        var gitea = Make.Incident();
        var closed = Make.Incident("dns") with { ClosedAt = Make.Noon };
        var late = Make.Incident("dns", at: Make.Noon.AddHours(1));
        foreach (var incident in new[] { gitea, closed, late }) await Store.SaveAsync(new HealingChange { Incident = incident }, Cancellation);

        Assert.Equal([late, closed], await Store.ListIncidentsAsync(new IncidentFilter { Service = "dns" }, Cancellation));
        Assert.Equal([late, gitea], await Store.ListIncidentsAsync(new IncidentFilter { OnlyOpen = true }, Cancellation));
        Assert.Equal([late], await Store.ListIncidentsAsync(new IncidentFilter { Since = Make.Noon.AddMinutes(1) }, Cancellation));
        Assert.Equal([late], await Store.ListIncidentsAsync(new IncidentFilter { Most = 1 }, Cancellation));
    }

    [Fact]
    public async Task An_incident_is_reported_with_its_alerts_runs_steps_and_evidence()
    {
        var incident = Make.Incident();
        var run = Make.Run(incident) with { Evidence = ["container ok"] };
        var receipt = await Store.AcceptAsync(Make.Alert(), incident, Cancellation);
        await Store.SaveAsync(new HealingChange { Run = run, Steps = [Make.Step(run, "restart")] }, Cancellation);

        var report = await Store.FindIncidentReportAsync(incident.Id, Cancellation);

        Assert.Equal(receipt.Alert, Assert.Single(report!.Alerts).Id);
        Assert.Equal("restart", Assert.Single(Assert.Single(report.Runs).Steps).Step);
        Assert.Equal(["container ok"], report.Runs[0].Run.Evidence);
        Assert.Null(await Store.FindIncidentReportAsync("nowhere", Cancellation));
    }

    [Fact]
    public async Task A_person_s_runs_do_not_use_up_what_unattended_callers_may()
    {
        await SaveAsync(OnRequest());
        await SaveAsync(OnRequest() with { Caller = new Caller(Face.Schedule, "nightly") });

        Assert.Equal(new RunHistory(1, null), await Store.ReadRunHistoryAsync("nightly", service: null, Make.Noon, Cancellation));
    }

    [Fact]
    public async Task Only_a_run_that_nobody_alive_works_on_and_that_has_not_ended_can_be_claimed()
    {
        var waiting = OnRequest() with { Owner = null };
        var dead = OnRequest() with { Owner = State.Dead };
        var living = OnRequest() with { Owner = State.NameLiving() };
        var ended = OnRequest() with { Owner = null, EndedAt = Make.Noon };
        foreach (var run in new[] { waiting, dead, living, ended }) await SaveAsync(run);

        Assert.True(await Store.ClaimRunAsync(waiting.Id, Cancellation));
        Assert.True(await Store.ClaimRunAsync(waiting.Id, Cancellation));
        Assert.True(await Store.ClaimRunAsync(dead.Id, Cancellation));
        Assert.False(await Store.ClaimRunAsync(living.Id, Cancellation));
        Assert.False(await Store.ClaimRunAsync(ended.Id, Cancellation));
        Assert.Equal(Store.Owner, (await Store.FindRunAsync(dead.Id, Cancellation))!.Owner);
        Assert.Equal("RunNotFound", (await Assert.ThrowsAsync<HomelabException>(() => Store.ClaimRunAsync("nowhere", Cancellation))).Id);
    }

    [Fact]
    public async Task The_tail_of_the_audit_is_read_in_order()
    {
        for (var i = 0; i < 5; i++) await Store.AppendAuditAsync(Make.Line(), durable: false, Cancellation);

        Assert.Equal([4, 5], (await Store.ReadAuditTailAsync(2, Cancellation)).Select(l => l.Sequence));
        Assert.Equal(5, (await Store.ReadAuditTailAsync(100, Cancellation)).Count);
        Assert.Empty(await Store.ReadAuditTailAsync(0, Cancellation));
    }

    [Fact]
    public async Task The_audit_is_followed_as_it_grows()
    {
        var time = new ManualTime();
        var every = TimeSpan.FromSeconds(1);
        await Store.AppendAuditAsync(Make.Line(change: "before"), durable: true, Cancellation);
        await using var lines = Store.FollowAuditAsync(1, every, time, Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.True(await lines.MoveNextAsync());
        Assert.Equal("before", lines.Current.Change);
        var next = lines.MoveNextAsync().AsTask();
        await time.WaitedForAsync(every);
        await Store.AppendAuditAsync(Make.Line(change: "after"), durable: true, Cancellation);
        Assert.False(next.IsCompleted);
        time.Advance(every);

        Assert.True(await next);
        Assert.Equal((2, "after"), (lines.Current.Sequence, lines.Current.Change));
    }

    private RunbookRun OnRequest(DateTimeOffset? at = null) => new()
    {
        Id = Make.Id(),
        Runbook = "nightly",
        Attempt = 1,
        Caller = Make.Anna,
        Status = RunStatus.Running,
        StartedAt = at ?? Make.Noon,
        Owner = Store.Owner,
    };

    private Task SaveAsync(RunbookRun run) => Store.SaveAsync(new HealingChange { Run = run }, Cancellation);

    private async Task<IEnumerable<string>> IdsAsync(RunFilter filter) => (await Store.ListRunsAsync(filter, Cancellation)).Select(r => r.Id);
}

public sealed class SqliteRequestTests() : RequestTests(new StateFile())
{
    [Fact]
    public async Task A_file_of_the_time_before_requests_keeps_its_runs_and_steps()
    {
        using var file = new StateFile();
        await using (await SqliteStore.OpenAsync(file.FilePath, file.Time, [.. Migration.All.Take(2)], TimeSpan.FromSeconds(1), Cancellation))
        {
            file.Tamper("""
                INSERT INTO incidents VALUES ('i', 'gitea', 'Recovered', 'a', '', 'Webhook', 'uptime-alert', 'Operate', NULL, NULL, 1, 1, 2, NULL, NULL, '', NULL);
                INSERT INTO runs VALUES ('r', 'i', 'gitea', 'crash', 2, 'Recovered', 1, 2, 3, '["seen"]');
                INSERT INTO steps VALUES (7, 'r', 'b', 0, 1, 'Succeeded', '{}', NULL, NULL, 2), (5, 'r', 'a', 0, 0, 'Skipped', NULL, 'E', 'ap', 2);
                """);
        }

        await using var store = await file.OpenAsync();

        var run = Assert.Single(await store.ListRunsAsync("i", Cancellation));
        Assert.Equal(("r", 2, RunStatus.Recovered, 3L), (run.Id, run.Attempt, run.Status, run.EndedAt!.Value.UtcTicks));
        Assert.Equal(new Caller(Face.Webhook, "uptime-alert") { Ceiling = Level.Operate }, run.Caller);
        Assert.Equal(["seen"], run.Evidence);
        Assert.Equal([("a", "E"), ("b", null)], (await store.ListStepsAsync("r", Cancellation)).Select(s => (s.Step, s.Error)));
        Assert.Equal(["ok"], file.Texts("PRAGMA integrity_check"));
        Assert.Empty(file.Texts("PRAGMA foreign_key_check"));
        // What refers to runs still does.
        var orphan = Make.Step(Make.Run(Make.Incident()), "x");
        await Assert.ThrowsAsync<HomelabException>(() => store.SaveAsync(new HealingChange { Steps = [orphan] }, Cancellation));
    }
}

public sealed class PostgresRequestTests() : RequestTests(new StateServer());
