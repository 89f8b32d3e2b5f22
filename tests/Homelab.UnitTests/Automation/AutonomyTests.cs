using Homelab.Automation.Healing;

namespace Homelab.UnitTests.Automation;

public sealed class AutonomyTests
{
    [Theory]
    [InlineData(Autonomy.Act, null, Autonomy.Act)]
    [InlineData(Autonomy.Watch, null, Autonomy.Watch)]
    [InlineData(Autonomy.Act, Autonomy.Ask, Autonomy.Ask)]
    [InlineData(Autonomy.Ask, Autonomy.Act, Autonomy.Ask)]
    public void The_stricter_of_lab_and_runbook_holds(Autonomy lab, Autonomy? runbook, Autonomy expected) =>
        Assert.Equal(expected, AutonomyRules.Of(Make(runbook), new HealingPolicy { Autonomy = lab }));

    [Fact]
    public void What_the_lab_says_of_a_runbook_by_name_counts_before_all_else() =>
        Assert.Equal(Autonomy.Act, AutonomyRules.Of(Make(Autonomy.Watch), new HealingPolicy { Autonomy = Autonomy.Ask, Runbooks = Named(("dns-outage", Autonomy.Act), ("*", Autonomy.Watch)) }));

    [Fact]
    public void Of_patterns_the_longest_counts_and_of_equally_long_ones_the_stricter() =>
        Assert.Equal(Autonomy.Watch, AutonomyRules.Of(Make(null), new HealingPolicy { Runbooks = Named(("*", Autonomy.Act), ("dns-*", Autonomy.Ask), ("*-outa*", Autonomy.Act), ("dns-out*", Autonomy.Watch)) }));

    private static Dictionary<string, Autonomy> Named(params (string Name, Autonomy Autonomy)[] rules) => rules.ToDictionary(r => r.Name, r => r.Autonomy, StringComparer.Ordinal);

    private static Runbook Make(Autonomy? autonomy) => new() { Name = "dns-outage", Level = Level.Operate, Steps = [], Autonomy = autonomy };
}
