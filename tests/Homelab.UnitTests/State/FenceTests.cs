using Homelab.State;

namespace Homelab.UnitTests.State;

/// <summary>What another process has taken over is not touched any more by the one that had it.</summary>
public abstract class FenceTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task A_change_of_an_incident_that_another_process_has_does_not_begin()
    {
        var incident = await OpenAsync(State.NameLiving());
        var change = Make.Change(caller: Make.Hook with { Incident = incident.Id });

        var error = await Assert.ThrowsAsync<HomelabException>(() => BeginAsync(change));

        Assert.Equal((ErrorKind.Conflict, StateTrouble.LeaseLost), (error.Kind, error.Id));
        Assert.True(StateTrouble.Is(error));
        Assert.Empty(await Store.ListOpenAsync(Cancellation));
        Assert.Equal(0, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task A_change_of_an_incident_that_this_process_has_begins()
    {
        var incident = await OpenAsync(owner: null);
        await Store.ClaimAsync(incident.Id, Cancellation);

        Assert.True((await BeginAsync(Make.Change(caller: Make.Hook with { Incident = incident.Id }))).Admitted);
    }

    [Fact]
    public async Task A_change_of_a_run_on_request_that_another_process_has_does_not_begin()
    {
        var run = OnRequest(State.NameLiving());
        await Store.SaveAsync(new HealingChange { Run = run }, Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(() => BeginAsync(Make.Change(caller: Make.Anna with { Run = run.Id })));

        Assert.Equal(StateTrouble.LeaseLost, error.Id);
    }

    [Fact]
    public async Task An_incident_its_runs_and_their_steps_are_written_by_the_process_that_has_it_alone()
    {
        var incident = await OpenAsync(State.NameLiving());
        var run = Make.Run(incident);

        await LosesAsync(new HealingChange { Incident = incident with { Status = IncidentStatus.Recovered, ClosedAt = Make.Noon } });
        await LosesAsync(new HealingChange { Run = run });
        State.Tamper($"UPDATE incidents SET owner = NULL");
        await Store.SaveAsync(new HealingChange { Run = run }, Cancellation);
        State.Tamper($"UPDATE incidents SET owner = '{State.NameLiving()}'");
        await LosesAsync(new HealingChange { Steps = [Make.Step(run, "restart")] });

        Assert.Equal(incident, await Store.FindIncidentAsync(incident.Id, Cancellation));
        Assert.Empty(await Store.ListStepsAsync(run.Id, Cancellation));
    }

    [Fact]
    public async Task A_run_on_request_is_written_by_the_process_that_has_it_alone()
    {
        var run = OnRequest(State.NameLiving());
        await Store.SaveAsync(new HealingChange { Run = run }, Cancellation);

        await LosesAsync(new HealingChange { Run = run with { Owner = Store.Owner, Status = RunStatus.Failed } });

        Assert.Equal(RunStatus.Running, (await Store.FindRunAsync(run.Id, Cancellation))!.Status);
    }

    [Fact]
    public async Task What_is_to_be_sent_is_sent_by_one_process_until_it_fails()
    {
        var (first, second) = (Make.Notice("one"), Make.Notice("two") with { Incident = "incident-2" });
        await Store.SaveAsync(new HealingChange { Notices = [first, second] }, Cancellation);

        Assert.Equal([second], await Store.ClaimUnsentAsync(new HashSet<string>(["incident-2"]), Cancellation));
        State.Tamper($"UPDATE notices SET owner = '{State.NameLiving()}' WHERE id = 'two'");
        Assert.Equal([first], await Store.ClaimUnsentAsync(of: null, Cancellation));
        Assert.Equal([first], await Store.ClaimUnsentAsync(of: null, Cancellation));

        await Store.SaveAsync(new HealingChange { Notices = [second with { Failures = 1 }] }, Cancellation);
        Assert.Equal([first, second with { Failures = 1 }], await Store.ClaimUnsentAsync(of: null, Cancellation));
        State.Tamper($"UPDATE notices SET owner = '{State.Dead}'");
        Assert.Equal(2, (await Store.ClaimUnsentAsync(of: null, Cancellation)).Count);
    }

    [Fact]
    public async Task This_process_lives_and_the_dead_do_not()
    {
        Assert.True(await Store.IsAliveAsync(Store.Owner, Cancellation));
        Assert.True(await Store.IsAliveAsync(State.NameLiving(), Cancellation));
        Assert.False(await Store.IsAliveAsync(State.Dead, Cancellation));
        Assert.NotEqual(0, Store.LeaseTerm);
    }

    private static RunbookRun OnRequest(string owner) => new() { Id = Make.Id(), Runbook = "nightly", Attempt = 1, Caller = Make.Anna, Status = RunStatus.Running, StartedAt = Make.Noon, Owner = owner };

    private async Task<Incident> OpenAsync(string? owner)
    {
        var incident = Make.Incident() with { Owner = owner };
        await Store.SaveAsync(new HealingChange { Incident = incident }, Cancellation);
        return incident;
    }

    private Task<Admission> BeginAsync(ChangeRecord change) => Store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(change: change.Id), Cancellation);

    private async Task LosesAsync(HealingChange change) =>
        Assert.Equal(StateTrouble.LeaseLost, (await Assert.ThrowsAsync<HomelabException>(() => Store.SaveAsync(change, Cancellation))).Id);
}

public sealed class SqliteFenceTests() : FenceTests(new StateFile());

public sealed class PostgresFenceTests() : FenceTests(new StateServer());
