using System.Collections.Concurrent;
using Homelab.Automation.Healing;
using Homelab.State;
using static Homelab.UnitTests.Automation.RequestCase;

namespace Homelab.UnitTests.Automation;

public sealed class HealRequestTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_service_that_is_well_is_left_alone_unless_it_is_wanted_anyhow()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);

        var well = await bench.Engine.HealAsync(Request("gitea"), Cancellation);
        Assert.True(well.WasWell);
        Assert.Contains("container ok", well.Summary, StringComparison.Ordinal);
        Assert.Empty(await bench.Store.ListIncidentsAsync(10, Cancellation));

        var anyhow = await bench.Engine.HealAsync(Request("gitea") with { EvenIfWell = true }, Cancellation);
        Assert.Equal(IncidentStatus.Recovered, anyhow.Report!.Incident.Status);
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task A_service_is_healed_at_once_in_the_caller_s_name_by_a_process_that_was_never_started()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.Set("gitea", false);
        // Somebody else's incident: it is none of ours.
        await bench.Store.SaveAsync(new HealingChange { Incident = Open("site", owner: null) }, Cancellation);
        var heard = new ConcurrentQueue<HealingEvent>();

        var report = await bench.Engine.HealAsync(Request("gitea") with { Progress = heard.Enqueue }, Cancellation);

        var incident = report.Report!.Incident;
        Assert.Equal((IncidentStatus.Recovered, Anna), (incident.Status, incident.Caller));
        Assert.Equal("homelab", Assert.Single(report.Report.Alerts).Alert.Source);
        Assert.Equal(RunStatus.Recovered, Assert.Single(report.Report.Runs).Run.Status);
        Assert.Contains(heard, e => e.Kind == HealingEventKind.RunStarted);
        Assert.Contains(heard, e => e.Kind == HealingEventKind.Recovered);
        Assert.All(heard, e => Assert.Equal(incident.Id, e.Incident));
        Assert.Contains("✅ Recovered", Assert.Single(bench.Told), StringComparison.Ordinal);
        Assert.Empty(await bench.Store.ListUnsentAsync(Cancellation));
        Assert.Equal((0, (string?)null), (bench.Engine.Active, (await bench.Store.FindIncidentAsync("site", Cancellation))!.Owner));
        Assert.Contains(await bench.Store.ReadAuditTailAsync(100, Cancellation), l => l is { Kind: AuditKind.Intent, Trigger: "interactive", Identity: "anna" });
    }

    [Fact]
    public async Task A_person_is_not_held_by_a_throttle_that_is_used_up_and_still_gives_up_in_the_end()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        foreach (var id in (string[])["a", "b", "c"])
        {
            await bench.Store.SaveAsync(new HealingChange { Run = new RunbookRun { Id = id, Runbook = "crash", Service = "gitea", Attempt = 1, Caller = Clock, Status = RunStatus.Recovered, StartedAt = DateTimeOffset.UtcNow, EndedAt = DateTimeOffset.UtcNow } }, Cancellation);
        }

        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);

        var report = await bench.Engine.HealAsync(Request("gitea"), Cancellation);

        Assert.Equal(IncidentStatus.Escalated, report.Report!.Incident.Status);
        Assert.Contains("tried 2 times", report.Summary, StringComparison.Ordinal);
        Assert.Equal(2, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task A_no_at_the_prompt_closes_the_incident_and_nothing_is_done()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.Set("gitea", false);

        var report = await bench.Engine.HealAsync(Request("gitea") with { Confirmation = new Person(answer: false) }, Cancellation);

        Assert.Equal((IncidentStatus.Escalated, RunStatus.Declined), (report.Report!.Incident.Status, Assert.Single(report.Report.Runs).Run.Status));
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task Stopping_it_closes_the_incident_so_that_the_next_alert_finds_none()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash with { Steps = [Step("restart", "docker_restart_container"), Step("again", "docker_restart_container")] });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        bench.World.Set("gitea", false);
        bench.World.OnRestart = _ => stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Engine.HealAsync(Request("gitea"), stop.Token));

        var incident = await bench.ClosedAsync("gitea");
        Assert.Equal(IncidentStatus.Escalated, incident.Status);
        Assert.Contains("interactive:anna stopped it", incident.Summary, StringComparison.Ordinal);
        var report = Assert.Single((await bench.Store.ReportAsync(incident, Cancellation)).Runs);
        Assert.Equal((RunStatus.Failed, true), (report.Run.Status, report.Run.EndedAt is not null));
        Assert.Equal([("restart", StepStatus.Succeeded)], report.Steps.Select(s => (s.Step, s.Status)));
        Assert.Equal(1, bench.World.Restarts("gitea"));
        Assert.Empty(await bench.Store.ListOpenAsync(Cancellation));
    }

    [Fact]
    public async Task The_service_that_it_comes_from_is_healed_in_the_caller_s_name_too_and_asked_for()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.OnRestart = name =>
        {
            if (name == "adguard") foreach (var service in (string[])["dns", "wiki"]) bench.World.Set(service, true);
        };
        foreach (var down in (string[])["adguard", "dns", "wiki"]) bench.World.Set(down, false);
        var person = new Person(answer: true);
        var heard = new ConcurrentQueue<HealingEvent>();

        var report = await bench.Engine.HealAsync(Request("wiki") with { Confirmation = person, Progress = heard.Enqueue }, Cancellation);

        Assert.Equal((IncidentStatus.Recovered, "dns"), (report.Report!.Incident.Status, report.Report.Incident.Root));
        Assert.Equal(Anna, (await bench.ClosedAsync("dns")).Caller);
        Assert.Equal(["Restart container adguard@dev"], person.Asked);
        Assert.Contains(heard, e => e is { Kind: HealingEventKind.Recovered, Service: "dns" });
    }

    [Fact]
    public async Task An_open_incident_that_nobody_works_on_is_taken_over_in_the_caller_s_name()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.Set("gitea", false);
        var left = await LeaveAsync(bench, $"{Environment.MachineName}/{Environment.ProcessId}/0");

        var report = await bench.Engine.HealAsync(Request("gitea"), Cancellation);

        Assert.Equal((left.Id, IncidentStatus.Recovered, Anna), (report.Report!.Incident.Id, report.Report.Incident.Status, report.Report.Incident.Caller));
        Assert.Equal(2, report.Report.Alerts.Count);
    }

    [Fact]
    public async Task An_incident_that_another_process_works_on_is_watched_until_that_one_closes_it()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.Set("gitea", false);
        var theirs = await LeaveAsync(bench, "another-machine/1/1");
        var heard = new ConcurrentQueue<HealingEvent>();

        var healing = bench.Engine.HealAsync(Request("gitea") with { Progress = heard.Enqueue }, Cancellation);
        Assert.Contains("another-machine/1/1", (await bench.UntilAsync(HealingEventKind.IncidentWaits, "gitea")).Text, StringComparison.Ordinal);
        Assert.False(healing.IsCompleted);
        // Past the store, which lets nobody close what is another one's.
        using (var file = SqliteDatabase.Open(bench.StateFile, TimeSpan.FromSeconds(10))) file.RunScript($"UPDATE incidents SET status = 'Recovered', closed_at = {DateTimeOffset.UtcNow.UtcTicks}, summary = 'back'");

        var report = await healing;
        Assert.Equal((theirs.Id, "back"), (report.Report!.Incident.Id, report.Summary));
        Assert.Contains(heard, e => e.Kind == HealingEventKind.IncidentWaits);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Theory]
    [InlineData(false, IncidentStatus.Recovered, 1)]
    [InlineData(true, IncidentStatus.Escalated, 0)]
    public async Task What_a_killed_prompt_left_is_carried_on_except_for_what_needs_the_person(bool approve, IncidentStatus expected, int restarts)
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash with { Steps = [Step("restart", "docker_restart_container") with { Approve = approve }] });
        bench.World.Set("gitea", false);
        await LeaveAsync(bench, $"{Environment.MachineName}/{Environment.ProcessId}/0", Anna);

        await bench.Engine.StartAsync(Cancellation);

        await bench.UntilAsync(expected == IncidentStatus.Recovered ? HealingEventKind.Recovered : HealingEventKind.Escalated, "gitea");
        Assert.Equal((expected, restarts), ((await bench.ClosedAsync("gitea")).Status, bench.World.Restarts("gitea")));
    }

    [Fact]
    public async Task A_plan_names_the_runbook_and_why_and_changes_nothing()
    {
        var precise = Crash with { Name = "precise", Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { Name = "gitea" } } } };
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash, precise);
        bench.World.Set("gitea", false);

        var plan = await bench.Engine.PlanHealAsync(Request("gitea"), Cancellation);
        var none = await bench.Engine.PlanHealAsync(Request("site"), Cancellation);

        Assert.Equal(("precise", StepForecast.Runs), (plan.Runbook, Assert.Single(plan.Plan!.Steps).Forecast));
        Assert.Contains("the others are crash", plan.Why, StringComparison.Ordinal);
        Assert.Null(plan.Open);
        Assert.Null(none.Runbook);
        Assert.Contains("no runbook fits", none.Why, StringComparison.Ordinal);
        Assert.Empty(await bench.Store.ListAlertsAsync(10, Cancellation));
        Assert.Empty(await bench.Store.ReadAuditTailAsync(10, Cancellation));
        Assert.Equal("ServiceNotFound", (await Assert.ThrowsAsync<HomelabException>(() => bench.Engine.HealAsync(Request("gitae"), Cancellation))).Id);
    }

    private static HealRequest Request(string service) => new() { Service = service, Caller = Anna };

    private static Incident Open(string id, string? owner, string service = "site", Caller? caller = null) => new()
    {
        Id = id,
        Service = service,
        Status = IncidentStatus.Waiting,
        Alert = id,
        Message = "down",
        Caller = caller ?? new Caller(Face.Webhook, "uptime-alert"),
        OpenedAt = DateTimeOffset.UtcNow,
        DueAt = DateTimeOffset.UtcNow,
        Runbook = "crash",
        Owner = owner,
    };

    private static async Task<Incident> LeaveAsync(HealingBench bench, string owner, Caller? caller = null)
    {
        var alert = new AlertRecord { Id = "left", Hook = "uptime-alert", Alert = new Alert { Source = "kuma", Status = AlertStatus.Down, Subject = "Gitea", At = DateTimeOffset.UtcNow, Fingerprint = "left" }, ReceivedAt = DateTimeOffset.UtcNow, Service = "gitea" };
        return (await bench.Store.AcceptAsync(alert, Open("left", owner, "gitea", caller), Cancellation)).Incident!;
    }
}
