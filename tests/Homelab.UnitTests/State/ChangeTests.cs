using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class ChangeTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task A_change_that_nothing_speaks_against_is_admitted_and_open()
    {
        var change = Make.Change();

        var admission = await BeginAsync(change);

        Assert.True(admission.Admitted);
        Assert.Equal([change], await Store.ListOpenAsync(Cancellation));
        Assert.Equal(["Intent"], State.Texts("SELECT kind FROM audit"));
    }

    [Fact]
    public async Task The_same_wish_meets_its_own_record()
    {
        var change = Make.Change();
        await BeginAsync(change);

        var admission = await BeginAsync(Make.Change("container:other@dev") with { Key = change.Key });

        Assert.False(admission.Admitted);
        Assert.Equal(change, admission.Existing);
        Assert.Equal(1, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task A_change_in_flight_turns_the_next_one_away()
    {
        var change = Make.Change(caller: Make.Anna);
        await BeginAsync(change);

        var admission = await BeginAsync(Make.Change());

        Assert.Equal(change, admission.InFlight);
        Assert.Contains(admission.Refusals, f => f.Rule == Rules.InFlight);
        Assert.Single(await Store.ListOpenAsync(Cancellation));
    }

    [Fact]
    public async Task A_change_in_flight_turns_the_next_one_away_even_when_the_restraints_are_silent()
    {
        await BeginAsync(Make.Change());

        var admission = await Store.BeginAsync(Make.Change(), Make.Limits, static _ => [], Make.Line(), Cancellation);

        Assert.False(admission.Admitted);
        Assert.NotNull(admission.InFlight);
    }

    [Fact]
    public async Task Another_restraint_is_not_called_a_change_in_flight()
    {
        var no = new Finding(Rules.Rate, Requirement.Deny, "too many");

        var admission = await Store.BeginAsync(Make.Change(), Make.Limits, _ => [no], Make.Line(), Cancellation);

        Assert.Equal([no], admission.Refusals);
        Assert.Null(admission.InFlight);
        Assert.Equal(0, State.Number("SELECT count(*) FROM changes"));
        Assert.Equal(0, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task Of_many_at_once_on_one_target_exactly_one_is_admitted()
    {
        var admissions = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => BeginAsync(Make.Change()))));

        Assert.Single(admissions, a => a.Admitted);
        Assert.Equal(199, admissions.Count(a => a.InFlight is not null));
        Assert.Single(await Store.ListOpenAsync(Cancellation));
    }

    [Fact]
    public async Task Changes_of_different_targets_do_not_hinder_one_another()
    {
        var admissions = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => Store.BeginAsync(Make.Change($"vm:{i}"), Make.Limits, static _ => [], Make.Line(), Cancellation))));

        Assert.All(admissions, a => Assert.True(a.Admitted));
    }

    [Theory]
    [InlineData(ChangeStatus.Succeeded)]
    [InlineData(ChangeStatus.Failed)]
    [InlineData(ChangeStatus.NotDone)]
    [InlineData(ChangeStatus.Unknown)]
    public async Task A_change_that_ended_is_not_in_flight(ChangeStatus status)
    {
        var change = Make.Change();
        await BeginAsync(change);
        var ended = change with { Status = status, EndedAt = Make.Noon.AddSeconds(3), Result = "{}", Error = "E: why" };
        await Store.EndAsync(ended, Make.Line(AuditKind.Outcome), Cancellation);

        Assert.Empty(await Store.ListOpenAsync(Cancellation));
        Assert.True((await Store.BeginAsync(Make.Change(), Make.Limits, static h => h.InFlight is null ? [] : throw new InvalidOperationException(), Make.Line(), Cancellation)).Admitted);
        Assert.Equal(ended, (await BeginAsync(change)).Existing);
    }

    [Fact]
    public async Task The_first_end_of_a_change_stands()
    {
        var change = Make.Change();
        await BeginAsync(change);
        await Store.EndAsync(change with { Status = ChangeStatus.Failed, EndedAt = Make.Noon, Error = "first" }, Make.Line(AuditKind.Outcome), Cancellation);

        await Store.EndAsync(change with { Status = ChangeStatus.Succeeded, EndedAt = Make.Noon.AddHours(1) }, Make.Line(AuditKind.Settled), Cancellation);

        Assert.Equal("first", (await BeginAsync(change)).Existing!.Error);
        Assert.Equal(["Intent", "Outcome"], State.Texts("SELECT kind FROM audit ORDER BY sequence"));
    }

    [Fact]
    public async Task An_end_without_a_time_ends_now()
    {
        var change = Make.Change();
        await BeginAsync(change);
        State.Time.Now = Make.Noon.AddSeconds(42);

        await Store.EndAsync(change with { Status = ChangeStatus.Succeeded }, Make.Line(AuditKind.Outcome), Cancellation);

        Assert.Equal(Make.Noon.AddSeconds(42), (await BeginAsync(change)).Existing!.EndedAt);
    }

    [Fact]
    public async Task The_end_of_a_change_that_never_began_is_an_error()
    {
        var error = await Assert.ThrowsAsync<HomelabException>(() => Store.EndAsync(Make.Change() with { Status = ChangeStatus.Failed }, Make.Line(), Cancellation));

        Assert.Equal("ChangeNotFound", error.Id);
        Assert.Equal(0, State.Number("SELECT count(*) FROM audit"));
    }

    [Fact]
    public async Task A_change_cannot_begin_ended_nor_end_open()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => BeginAsync(Make.Change() with { Status = ChangeStatus.Failed }));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.EndAsync(Make.Change(), Make.Line(), Cancellation));
    }

    [Fact]
    public async Task Open_changes_come_oldest_first()
    {
        var late = Make.Change("vm:1", Make.Noon.AddMinutes(2));
        var early = Make.Change("vm:2", Make.Noon.AddMinutes(1));
        await BeginAsync(late);
        await BeginAsync(early);

        Assert.Equal([early, late], await Store.ListOpenAsync(Cancellation));
    }

    private Task<Admission> BeginAsync(ChangeRecord change) => Store.BeginAsync(
        change,
        Make.Limits,
        h => LimitRules.Evaluate(h, Make.Limits, new Target("container", "gitea", "dev"), restrained: false, change.StartedAt),
        Make.Line(change: change.Id),
        Cancellation);
}

public sealed class SqliteChangeTests() : ChangeTests(new StateFile());

public sealed class PostgresChangeTests() : ChangeTests(new StateServer());
