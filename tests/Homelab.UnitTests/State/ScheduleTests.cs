using Homelab.State;

namespace Homelab.UnitTests.State;

public abstract class ScheduleTests(StateBed state) : StoreTests(state)
{
    private const string Every = "every 1m";


    [Fact]
    public async Task A_moment_is_taken_once_however_many_reach_for_it()
    {
        await using var other = await State.OpenAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? Store : other).ClaimMomentAsync("nightly", Every, Make.Noon, isBusy: false, Cancellation)));

        Assert.Single(claims, c => c == MomentClaim.Taken);
        Assert.Equal(19, claims.Count(c => c == MomentClaim.TakenBefore));
        Assert.Equal(new ScheduleMark("nightly", Every, Make.Noon, Make.Noon, Store.Owner), await Store.FindScheduleAsync("nightly", Cancellation));
    }

    [Fact]
    public async Task A_moment_that_comes_while_the_last_one_runs_is_passed_over_and_told_once()
    {
        await ClaimAsync(Make.Noon);

        Assert.Equal(MomentClaim.StillRunning, await Store.ClaimMomentAsync("nightly", Every, Make.Noon.AddMinutes(1), isBusy: true, Cancellation));
        Assert.Equal(MomentClaim.TakenBefore, await Store.ClaimMomentAsync("nightly", Every, Make.Noon.AddMinutes(1), isBusy: true, Cancellation));
        Assert.Equal(Make.Noon, (await Store.FindScheduleAsync("nightly", Cancellation))!.FiredAt);
    }

    [Theory]
    [InlineData(true, MomentClaim.StillRunning)]
    [InlineData(false, MomentClaim.Taken)]
    public async Task What_another_process_fired_counts_as_running_while_that_process_lives(bool lives, MomentClaim expected)
    {
        await ClaimAsync(Make.Noon);
        State.Tamper($"UPDATE schedules SET owner = '{(lives ? State.NameLiving() : State.Dead)}'");

        Assert.Equal(expected, await ClaimAsync(Make.Noon.AddMinutes(1)));
    }

    [Fact]
    public async Task What_has_ended_runs_no_more()
    {
        await ClaimAsync(Make.Noon);
        await Store.EndMomentAsync("nightly", Make.Noon.AddMinutes(-1), Cancellation);
        Assert.NotNull((await Store.FindScheduleAsync("nightly", Cancellation))!.Owner);
        await Store.EndMomentAsync("nightly", Make.Noon, Cancellation);

        Assert.Null((await Store.FindScheduleAsync("nightly", Cancellation))!.Owner);
        Assert.Equal(MomentClaim.Taken, await ClaimAsync(Make.Noon.AddMinutes(1)));
    }

    [Fact]
    public async Task What_was_passed_over_is_never_fired()
    {
        Assert.Null(await Store.FindScheduleAsync("nightly", Cancellation));
        Assert.True(await Store.PassMomentAsync("nightly", Every, Make.Noon, Cancellation));
        Assert.False(await Store.PassMomentAsync("nightly", Every, Make.Noon, Cancellation));

        Assert.Equal(MomentClaim.TakenBefore, await ClaimAsync(Make.Noon));
        Assert.Null((await Store.FindScheduleAsync("nightly", Cancellation))!.FiredAt);
    }

    private Task<MomentClaim> ClaimAsync(DateTimeOffset moment) => Store.ClaimMomentAsync("nightly", Every, moment, isBusy: false, Cancellation);
}

public sealed class SqliteScheduleTests() : ScheduleTests(new StateFile());

public sealed class PostgresScheduleTests() : ScheduleTests(new StateServer());
