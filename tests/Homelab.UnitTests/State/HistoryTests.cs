using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class HistoryTests(StateBed state) : StoreTests(state)
{
    [Fact]
    public async Task A_target_without_a_past_has_an_empty_history() => Assert.Equal(new ChangeHistory(null, null, 0, 0), await ReadAsync());

    [Fact]
    public async Task Only_unattended_changes_are_counted()
    {
        await DoneAsync(Make.Change(caller: Make.Anna));
        await DoneAsync(Make.Change(caller: new Caller(Face.Schedule, "clock")));
        await DoneAsync(Make.Change(caller: new Caller(Face.Mcp, "claude")));

        var history = await ReadAsync();

        Assert.Equal((2, 2), (history.OnTarget, history.InLab));
    }

    [Fact]
    public async Task Changes_are_counted_within_their_spans_by_the_time_they_began()
    {
        await DoneAsync(Make.Change(at: Make.Noon - Make.Limits.Per));
        await DoneAsync(Make.Change(at: Make.Noon - Make.Limits.Per + TimeSpan.FromTicks(1)));
        await DoneAsync(Make.Change(at: Make.Noon - Make.Limits.RatePer));
        await DoneAsync(Make.Change(at: Make.Noon - Make.Limits.RatePer + TimeSpan.FromTicks(1)));
        await DoneAsync(Make.Change("vm:1", at: Make.Noon));

        var history = await ReadAsync();

        Assert.Equal((3, 2), (history.OnTarget, history.InLab));
    }

    [Fact]
    public async Task What_failed_or_is_open_counts_as_well()
    {
        await DoneAsync(Make.Change(), ChangeStatus.Failed);
        var open = Make.Change();
        await BeginAsync(open);

        var history = await ReadAsync();

        Assert.Equal(new ChangeHistory(open, Make.Noon.AddSeconds(1), 2, 2), history);
    }

    [Theory]
    [InlineData(Risk.Change, false)]
    [InlineData(Risk.Disrupt, true)]
    [InlineData(Risk.Destroy, true)]
    public async Task Only_an_interruption_starts_the_cooldown(Risk risk, bool starts)
    {
        await DoneAsync(Make.Change(risk: risk, caller: Make.Anna));

        Assert.Equal(starts, (await ReadAsync()).LastEndedAt is not null);
    }

    [Fact]
    public async Task What_did_not_happen_starts_no_cooldown_but_was_a_try()
    {
        await DoneAsync(Make.Change(), ChangeStatus.NotDone);

        Assert.Equal(new ChangeHistory(null, null, 1, 1), await ReadAsync());
    }

    [Fact]
    public async Task The_cooldown_starts_with_the_latest_end_on_the_target_alone()
    {
        await DoneAsync(Make.Change(at: Make.Noon.AddMinutes(-3)));
        await DoneAsync(Make.Change(at: Make.Noon.AddMinutes(-9)));
        await DoneAsync(Make.Change("vm:1", at: Make.Noon));

        Assert.Equal(Make.Noon.AddMinutes(-3).AddSeconds(1), (await ReadAsync()).LastEndedAt);
    }

    [Fact]
    public async Task Restraints_see_the_history_as_of_the_moment_the_change_begins()
    {
        await DoneAsync(Make.Change(at: Make.Noon.AddHours(-5)));
        ChangeHistory? seen = null;

        await Store.BeginAsync(Make.Change(at: Make.Noon.AddHours(-5).AddMinutes(30)), Make.Limits, Look, Make.Line(), Cancellation);

        Assert.Equal(1, seen!.OnTarget);

        IReadOnlyList<Finding> Look(ChangeHistory history)
        {
            seen = history;
            return [];
        }
    }

    [Fact]
    public async Task A_span_longer_than_the_calendar_counts_everything()
    {
        await DoneAsync(Make.Change(at: DateTimeOffset.MinValue.AddTicks(1)));

        var history = await Store.ReadHistoryAsync(Make.Gitea, new ActionLimits { Per = TimeSpan.MaxValue, RatePer = TimeSpan.MaxValue }, Cancellation);

        Assert.Equal((1, 1), (history.OnTarget, history.InLab));
    }

    private Task<ChangeHistory> ReadAsync() => Store.ReadHistoryAsync(Make.Gitea, Make.Limits, Cancellation);

    private async Task BeginAsync(ChangeRecord change) => Assert.True((await Store.BeginAsync(change, Make.Limits, static _ => [], Make.Line(), Cancellation)).Admitted);

    private async Task DoneAsync(ChangeRecord change, ChangeStatus status = ChangeStatus.Succeeded)
    {
        await BeginAsync(change);
        await Store.EndAsync(change with { Status = status, EndedAt = change.StartedAt.AddSeconds(1) }, Make.Line(AuditKind.Outcome), Cancellation);
    }
}

public sealed class SqliteHistoryTests() : HistoryTests(new StateFile());

public sealed class PostgresHistoryTests() : HistoryTests(new StateServer());
