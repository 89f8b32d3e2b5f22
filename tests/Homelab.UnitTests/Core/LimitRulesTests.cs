namespace Homelab.UnitTests.Core;

public sealed class LimitRulesTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Target s_target = new("container", "gitea", "dev");
    private static readonly ActionLimits s_limits = new() { Cooldown = TimeSpan.FromMinutes(10), Attempts = 3, Rate = 5 };

    [Fact]
    public void What_interrupts_nobody_is_not_held_by_how_many_others_are_away()
    {
        Assert.Empty(LimitRules.Evaluate(new ChangeHistory(null, null, 0, 0) { OnHost = 100 }, s_limits, s_target, restrained: true, s_now, neighbours: null));
        Assert.Equal((Risk.Disrupt, Risk.Disrupt), (new RestartThing().Descriptor.Risk, new RestartThing().Descriptor.CountsAs));
        Assert.Equal((Risk.Disrupt, Risk.Change), (new TrimThing().Descriptor.Risk, new TrimThing().Descriptor.CountsAs));
    }

    [Fact]
    public void Nothing_speaks_against_a_first_change() => Assert.Empty(Ask(new ChangeHistory(null, null, 0, 0)));

    [Theory]
    [InlineData(9, 59, true)]
    [InlineData(10, 0, false)]
    public void The_cooldown_counts_from_the_end_of_the_last_interruption(int minutes, int seconds, bool held) =>
        Assert.Equal(held ? [Rules.Cooldown] : [], Ask(new ChangeHistory(null, s_now - new TimeSpan(0, minutes, seconds), 0, 0)));

    [Fact]
    public void The_cooldown_says_how_long_it_still_lasts_and_the_others_cannot()
    {
        var findings = LimitRules.Evaluate(new ChangeHistory(null, s_now - new TimeSpan(0, 9, 30), 9, 9), s_limits, s_target, restrained: true, s_now);
        Assert.Equal([TimeSpan.FromSeconds(30), null, null], findings.Select(f => f.Wait));
    }

    [Theory]
    [InlineData(2, 4, new string[0])]
    [InlineData(3, 4, new[] { Rules.Budget })]
    [InlineData(2, 5, new[] { Rules.Rate })]
    [InlineData(9, 9, new[] { Rules.Budget, Rules.Rate })]
    public void Budget_and_rate_hold_back_what_is_too_much(int onTarget, int inLab, string[] rules) => Assert.Equal(rules, Ask(new ChangeHistory(null, null, onTarget, inLab)));

    [Fact]
    public void A_person_is_held_back_only_by_a_change_in_flight()
    {
        var open = new ChangeRecord { Id = "1", Key = "1", Operation = "x_y_z", Input = "{}", Target = s_target.Key, Risk = Risk.Disrupt, Caller = new Caller(Face.Mcp, "a"), Owner = "o", StartedAt = s_now.AddSeconds(-5) };
        Assert.Equal([Rules.InFlight], Ask(new ChangeHistory(open, s_now, 99, 99), restrained: false));
    }

    [Theory]
    [InlineData(28, 8, false)]
    [InlineData(28, 9, true)]
    [InlineData(4, 2, false)]
    [InlineData(4, 3, true)]
    [InlineData(0, 3, true)]
    public void Only_a_share_of_a_hosts_containers_is_interrupted_but_a_few_on_every_host(int containers, int others, bool held) =>
        Assert.Equal(held ? [Rules.Blast] : [], LimitRules.Evaluate(new ChangeHistory(null, null, 0, 0) { OnHost = others }, s_limits, s_target, restrained: true, s_now, containers).Select(f => f.Rule));

    [Theory]
    [InlineData(true, true, null, true)]
    [InlineData(false, true, null, true)]
    [InlineData(true, false, null, false)]
    [InlineData(true, true, -1, false)]
    [InlineData(true, true, 1, true)]
    public void The_red_switch_holds_back_what_alerts_and_the_clock_set_off_approved_or_not_until_its_time_is_over(bool restrained, bool suspendable, int? endsInMinutes, bool held)
    {
        var suspension = new Suspension("cli:anna", "moving", s_now.AddHours(-1), endsInMinutes is { } minutes ? s_now.AddMinutes(minutes) : null);
        var findings = LimitRules.Evaluate(new ChangeHistory(null, null, 0, 0) { Suspension = suspension }, s_limits, s_target, restrained, s_now, suspendable: suspendable);
        Assert.Equal(held ? [Rules.Suspended] : [], findings.Select(f => f.Rule));
    }

    private static string[] Ask(ChangeHistory history, bool restrained = true) =>
        [.. LimitRules.Evaluate(history, s_limits, s_target, restrained, s_now).Select(f => f.Rule)];
}
