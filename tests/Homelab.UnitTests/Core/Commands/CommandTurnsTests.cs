namespace Homelab.UnitTests.Core.Commands;

public sealed class CommandTurnsTests
{
    private readonly CommandTurns _turns = new();

    [Fact]
    public async Task As_many_as_the_rule_says_run_at_once_and_the_next_waits_until_one_ends()
    {
        var told = new List<string>();
        var first = await TakeAsync("dev", told);
        using var second = await TakeAsync("dev", told);
        var third = TakeAsync("dev", told);
        Assert.False(third.IsCompleted);
        Assert.Equal(["rule look lets 2 at once run on dev"], told);

        first.Dispose();
        using var turn = await third;
    }

    [Fact]
    public async Task Each_host_has_turns_of_its_own_and_so_has_each_rule()
    {
        using var one = await TakeAsync("dev");
        using var two = await TakeAsync("dev");
        using var other = await TakeAsync("infra");
        using var otherRule = await _turns.TakeAsync(Decide("dev", "df"), Never, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task The_containers_of_a_host_share_its_turns()
    {
        using var one = await _turns.TakeAsync(Decide(new Target("container", "web", "dev"), "uptime"), Never, TestContext.Current.CancellationToken);
        using var two = await _turns.TakeAsync(Decide(new Target("container", "db", "dev"), "uptime"), Never, TestContext.Current.CancellationToken);

        var third = TakeAsync("dev");
        Assert.False(third.IsCompleted);
        one.Dispose();
        (await third).Dispose();
    }

    [Fact]
    public async Task Who_stops_waiting_has_run_nothing_and_takes_no_turn()
    {
        var first = await TakeAsync("dev");
        var second = await TakeAsync("dev");
        using var leaving = new CancellationTokenSource();
        var third = _turns.TakeAsync(Decide("dev", "uptime"), static _ => { }, leaving.Token);

        await leaving.CancelAsync();
        var e = await Assert.ThrowsAsync<HomelabException>(() => third);
        Assert.Equal((ErrorKind.Timeout, "CommandNotBegun", "dev", true), (e.Kind, e.Id, e.Target, e.NothingHappened));
        Assert.StartsWith("uptime was not begun: rule look lets 2 at once run on dev, and its turn did not come.", e.Message, StringComparison.Ordinal);

        first.Dispose();
        second.Dispose();
        using var one = await _turns.TakeAsync(Decide("dev", "uptime"), Never, TestContext.Current.CancellationToken);
        using var two = await _turns.TakeAsync(Decide("dev", "uptime"), Never, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_turn_that_is_given_back_twice_is_one_turn()
    {
        var first = await TakeAsync("dev");
        using var second = await TakeAsync("dev");
        first.Dispose();
        first.Dispose();
        using var third = await TakeAsync("dev");
        Assert.False(TakeAsync("dev").IsCompleted);
    }

    [Theory]
    [InlineData(null, null, 60, 1_000)]
    [InlineData(10, 500, 10, 500)]
    [InlineData(3_600, 5_000, 60, 1_000)]
    public void A_caller_may_ask_for_less_than_the_rule_allows_but_not_for_more(int? seconds, int? output, int time, int kept)
    {
        var limits = new CommandLimits { Time = TimeSpan.FromMinutes(1), Output = 1_000 }.AtMost(seconds is { } s ? TimeSpan.FromSeconds(s) : null, output);
        Assert.Equal((TimeSpan.FromSeconds(time), kept), (limits.Time, limits.Output));
    }

    private Task<CommandTurn> TakeAsync(string host, List<string>? told = null) =>
        _turns.TakeAsync(Decide(host, "uptime"), told is null ? static _ => { } : told.Add, TestContext.Current.CancellationToken);

    private static void Never(string limit) => Assert.Fail("Waited: " + limit);

    private static CommandDecision Decide(string host, string program) => Decide(new Target("host", host), program);

    private static CommandDecision Decide(Target target, string program) => new CommandPolicy(
    [
        new CommandRule { Name = "look", Run = [new WordRule { Word = "uptime" }], On = ["*"], Limits = new CommandLimits { AtOnce = 2 } },
        new CommandRule { Name = "space", Run = [new WordRule { Word = "df" }], On = ["*"], Limits = new CommandLimits { AtOnce = 1 } },
    ]).Decide([program], new CommandPlace(target, Face.Interactive));
}
