using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class HealingTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task What_is_saved_together_is_there_together()
    {
        var incident = Make.Incident();
        var run = Make.Run(incident) with { Evidence = ["container runs", "probe says 200"] };
        var step = Make.Step(run, "restart") with { Try = 2, Result = "{}", Error = "E", Approval = "a" };
        var notice = Make.Notice("n");

        await Store.SaveAsync(new HealingChange { Incident = incident, Run = run, Steps = [step], Notices = [notice] }, Cancellation);

        Assert.Equal(incident, await Store.FindIncidentAsync(incident.Id, Cancellation));
        Assert.Equivalent(run, Assert.Single(await Store.ListRunsAsync(incident.Id, Cancellation)));
        Assert.Equal([step], await Store.ListStepsAsync(run.Id, Cancellation));
        Assert.Equal([notice], await Store.ListUnsentAsync(Cancellation));
    }

    [Fact]
    public async Task When_one_part_cannot_be_saved_none_is()
    {
        var incident = Make.Incident();

        var error = await Assert.ThrowsAsync<HomelabException>(() => Store.SaveAsync(
            new HealingChange { Incident = incident, Notices = [Make.Notice("n")], Steps = [Make.Step(Make.Run(incident), "step of a run that is not there")] },
            Cancellation));

        Assert.Equal("StateConflict", error.Id);
        Assert.Null(await Store.FindIncidentAsync(incident.Id, Cancellation));
        Assert.Empty(await Store.ListUnsentAsync(Cancellation));
    }

    [Fact]
    public async Task Incidents_runs_and_steps_are_replaced_by_id()
    {
        var incident = Make.Incident();
        var run = Make.Run(incident);
        var step = Make.Step(run, "restart", StepStatus.Waiting);
        await Store.SaveAsync(new HealingChange { Incident = incident, Run = run, Steps = [step] }, Cancellation);

        var closed = incident with { Status = IncidentStatus.Escalated, ClosedAt = Make.Noon, Runbook = "r", Root = "dns", Summary = "no", DueAt = Make.Noon.AddHours(1) };
        var failed = run with { Status = RunStatus.Failed, VerifyingSince = Make.Noon, EndedAt = Make.Noon, Attempt = 2 };
        var done = step with { Status = StepStatus.Succeeded, Try = 1, Result = "1" };
        await Store.SaveAsync(new HealingChange { Incident = closed, Run = failed, Steps = [done] }, Cancellation);

        Assert.Equal([closed], await Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equivalent(failed, Assert.Single(await Store.ListRunsAsync(incident.Id, Cancellation)));
        Assert.Equal([done], await Store.ListStepsAsync(run.Id, Cancellation));
    }

    [Fact]
    public async Task Steps_keep_the_order_in_which_they_were_first_written_down()
    {
        var incident = Make.Incident();
        var run = Make.Run(incident);
        await Store.SaveAsync(new HealingChange { Incident = incident, Run = run, Steps = [Make.Step(run, "b", StepStatus.Waiting), Make.Step(run, "a", item: 1), Make.Step(run, "a")] }, Cancellation);

        await Store.SaveAsync(new HealingChange { Steps = [Make.Step(run, "b")] }, Cancellation);

        Assert.Equal([("b", 0), ("a", 1), ("a", 0)], (await Store.ListStepsAsync(run.Id, Cancellation)).Select(s => (s.Step, s.Item)));
    }

    [Fact]
    public async Task A_second_open_incident_of_a_service_is_refused()
    {
        await Store.SaveAsync(new HealingChange { Incident = Make.Incident() }, Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(() => Store.SaveAsync(new HealingChange { Incident = Make.Incident() }, Cancellation));

        Assert.Equal((ErrorKind.Conflict, "StateConflict"), (error.Kind, error.Id));
    }

    [Fact]
    public async Task A_notice_is_written_down_once_and_then_only_marked()
    {
        var notice = Make.Notice("n");
        await SaveAsync(notice);

        await SaveAsync(notice with { Text = "another text" });
        Assert.Equal([notice], await Store.ListUnsentAsync(Cancellation));

        await SaveAsync(notice with { Failures = 2 });
        await SaveAsync(notice with { Failures = 1 });
        Assert.Equal([notice with { Failures = 2 }], await Store.ListUnsentAsync(Cancellation));

        await SaveAsync(notice with { SentAt = Make.Noon });
        Assert.Empty(await Store.ListUnsentAsync(Cancellation));

        await SaveAsync(notice with { Failures = 9 });
        Assert.Empty(await Store.ListUnsentAsync(Cancellation));
    }

    [Fact]
    public async Task Unsent_notices_come_oldest_first()
    {
        await SaveAsync(Make.Notice("late", Make.Noon.AddMinutes(1)), Make.Notice("b"), Make.Notice("a"));

        Assert.Equal(["b", "a", "late"], (await Store.ListUnsentAsync(Cancellation)).Select(n => n.Id));
    }

    [Fact]
    public async Task Incidents_are_listed_open_oldest_first_and_all_newest_first()
    {
        var early = Make.Incident("a");
        var late = Make.Incident("b", at: Make.Noon.AddMinutes(2));
        var closed = Make.Incident("c", at: Make.Noon.AddMinutes(1)) with { ClosedAt = Make.Noon.AddMinutes(3) };
        foreach (var incident in new[] { late, closed, early }) await Store.SaveAsync(new HealingChange { Incident = incident }, Cancellation);

        Assert.Equal([early, late], await Store.ListOpenIncidentsAsync(Cancellation));
        Assert.Equal([late, closed], await Store.ListIncidentsAsync(2, Cancellation));
        Assert.Null(await Store.FindIncidentAsync("nowhere", Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListIncidentsAsync(-1, Cancellation));
    }

    [Fact]
    public async Task Run_history_counts_beginnings_and_remembers_the_last_recovery()
    {
        var incident = Make.Incident();
        var recovered = Make.Run(incident, Make.Noon.AddHours(-9)) with { Status = RunStatus.Recovered, EndedAt = Make.Noon.AddHours(-8) };
        var failed = Make.Run(incident, Make.Noon) with { Status = RunStatus.Failed, EndedAt = Make.Noon };
        var other = Make.Run(incident) with { Runbook = "other", Status = RunStatus.Recovered, EndedAt = Make.Noon };
        foreach (var run in new[] { recovered, failed, other }) await Store.SaveAsync(new HealingChange { Incident = incident, Run = run }, Cancellation);

        Assert.Equal(new RunHistory(1, Make.Noon.AddHours(-8)), await Store.ReadRunHistoryAsync(failed.Runbook, "gitea", Make.Noon, Cancellation));
        Assert.Equal(new RunHistory(2, Make.Noon.AddHours(-8)), await Store.ReadRunHistoryAsync(failed.Runbook, "gitea", Make.Noon.AddDays(-1), Cancellation));
        Assert.Equal(new RunHistory(0, null), await Store.ReadRunHistoryAsync(failed.Runbook, "dns", Make.Noon, Cancellation));
    }

    [Fact]
    public async Task Nobody_s_incident_can_be_claimed_and_claimed_again()
    {
        var incident = await OpenAsync(owner: null);

        Assert.True(await Store.ClaimAsync(incident.Id, Cancellation));
        Assert.True(await Store.ClaimAsync(incident.Id, Cancellation));
        Assert.Equal(Store.Owner, (await Store.FindIncidentAsync(incident.Id, Cancellation))!.Owner);
    }

    [Fact]
    public async Task A_dead_process_s_incident_can_be_claimed()
    {
        var incident = await OpenAsync(State.Dead);

        Assert.True(await Store.ClaimAsync(incident.Id, Cancellation));
    }

    [Fact]
    public async Task A_living_process_s_incident_cannot_be_claimed()
    {
        var incident = await OpenAsync(State.NameLiving());

        Assert.False(await Store.ClaimAsync(incident.Id, Cancellation));
        Assert.Equal(incident.Owner, (await Store.FindIncidentAsync(incident.Id, Cancellation))!.Owner);
    }

    [Fact]
    public async Task A_claim_is_not_lost_when_an_older_copy_is_saved()
    {
        var incident = await OpenAsync(owner: null);
        await Store.ClaimAsync(incident.Id, Cancellation);

        await Store.SaveAsync(new HealingChange { Incident = incident with { Status = IncidentStatus.Healing } }, Cancellation);

        Assert.Equal(incident with { Status = IncidentStatus.Healing, Owner = Store.Owner }, await Store.FindIncidentAsync(incident.Id, Cancellation));
    }

    [Fact]
    public async Task A_closed_incident_cannot_be_claimed()
    {
        var incident = await OpenAsync(owner: null);
        await Store.SaveAsync(new HealingChange { Incident = incident with { ClosedAt = Make.Noon } }, Cancellation);

        Assert.False(await Store.ClaimAsync(incident.Id, Cancellation));
        Assert.Equal("IncidentNotFound", (await Assert.ThrowsAsync<HomelabException>(() => Store.ClaimAsync("nowhere", Cancellation))).Id);
    }

    private async Task<Incident> OpenAsync(string? owner)
    {
        var incident = Make.Incident() with { Owner = owner };
        await Store.SaveAsync(new HealingChange { Incident = incident }, Cancellation);
        return incident;
    }

    private Task SaveAsync(params Notice[] notices) => Store.SaveAsync(new HealingChange { Notices = notices }, Cancellation);
}

public sealed class SqliteHealingTests() : HealingTests(new StateFile());

public sealed class PostgresHealingTests() : HealingTests(new StateServer());
