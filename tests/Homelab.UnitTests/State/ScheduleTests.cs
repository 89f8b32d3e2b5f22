using Homelab.State;

namespace Homelab.UnitTests.State;

public sealed class ScheduleTests : IAsyncLifetime
{
    private const string Every = "every 1m";

    private readonly StateFile _file = new();
    private SqliteStore _store = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await _file.OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task A_moment_is_taken_once_however_many_reach_for_it()
    {
        await using var other = await _file.OpenAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => (i % 2 == 0 ? _store : other).ClaimMomentAsync("nightly", Every, Make.Noon, isBusy: false, Cancellation)));

        Assert.Single(claims, c => c == MomentClaim.Taken);
        Assert.Equal(19, claims.Count(c => c == MomentClaim.TakenBefore));
        Assert.Equal(new ScheduleMark("nightly", Every, Make.Noon, Make.Noon, ProcessOwner.Current), await _store.FindScheduleAsync("nightly", Cancellation));
    }

    [Fact]
    public async Task A_moment_that_comes_while_the_last_one_runs_is_passed_over_and_told_once()
    {
        await ClaimAsync(Make.Noon);

        Assert.Equal(MomentClaim.StillRunning, await _store.ClaimMomentAsync("nightly", Every, Make.Noon.AddMinutes(1), isBusy: true, Cancellation));
        Assert.Equal(MomentClaim.TakenBefore, await _store.ClaimMomentAsync("nightly", Every, Make.Noon.AddMinutes(1), isBusy: true, Cancellation));
        Assert.Equal(Make.Noon, (await _store.FindScheduleAsync("nightly", Cancellation))!.FiredAt);
    }

    [Theory]
    [InlineData("another-machine/1/1", MomentClaim.StillRunning)]
    [InlineData("dead", MomentClaim.Taken)]
    public async Task What_another_process_fired_counts_as_running_while_that_process_lives(string owner, MomentClaim expected)
    {
        await ClaimAsync(Make.Noon);
        _file.Tamper($"UPDATE schedules SET owner = '{(owner == "dead" ? $"{Environment.MachineName}/{Environment.ProcessId}/0" : owner)}'");

        Assert.Equal(expected, await ClaimAsync(Make.Noon.AddMinutes(1)));
    }

    [Fact]
    public async Task What_has_ended_runs_no_more()
    {
        await ClaimAsync(Make.Noon);
        await _store.EndMomentAsync("nightly", Make.Noon.AddMinutes(-1), Cancellation);
        Assert.NotNull((await _store.FindScheduleAsync("nightly", Cancellation))!.Owner);
        await _store.EndMomentAsync("nightly", Make.Noon, Cancellation);

        Assert.Null((await _store.FindScheduleAsync("nightly", Cancellation))!.Owner);
        Assert.Equal(MomentClaim.Taken, await ClaimAsync(Make.Noon.AddMinutes(1)));
    }

    [Fact]
    public async Task What_was_passed_over_is_never_fired()
    {
        Assert.Null(await _store.FindScheduleAsync("nightly", Cancellation));
        Assert.True(await _store.PassMomentAsync("nightly", Every, Make.Noon, Cancellation));
        Assert.False(await _store.PassMomentAsync("nightly", Every, Make.Noon, Cancellation));

        Assert.Equal(MomentClaim.TakenBefore, await ClaimAsync(Make.Noon));
        Assert.Null((await _store.FindScheduleAsync("nightly", Cancellation))!.FiredAt);
    }

    private Task<MomentClaim> ClaimAsync(DateTimeOffset moment) => _store.ClaimMomentAsync("nightly", Every, moment, isBusy: false, Cancellation);
}
