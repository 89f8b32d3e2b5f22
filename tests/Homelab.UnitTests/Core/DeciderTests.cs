namespace Homelab.UnitTests.Core;

public sealed class DeciderTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly Target s_web = new("thing", "web", "dev") { Aliases = ["0123456789ab"] };
    private static readonly Caller s_hook = new(Face.Webhook, "uptime-alert");

    private AccessPolicy _access = new() { Webhook = Level.Manage, Mcp = Level.Monitor };
    private GatePolicy _policy = new();
    private string[] _self = [];

    [Theory]
    [InlineData(Level.None)]
    [InlineData(Level.Monitor)]
    public void A_caller_below_the_operations_level_is_denied_and_told_the_way_out(Level level)
    {
        _access = new AccessPolicy { Mcp = level };
        var decision = Decide(new AddThing(), caller: new Caller(Face.Mcp, "claude"));
        Assert.Equal(Requirement.Deny, decision.Verdict);
        var finding = Assert.Single(decision.Decisive);
        Assert.Equal(Rules.Level, finding.Rule);
        Assert.Contains("access.mcp", finding.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identitys_own_level_replaces_the_level_of_its_face()
    {
        _access = new AccessPolicy { Mcp = Level.Monitor, Identities = new Dictionary<string, Level> { ["mcp:claude"] = Level.Operate } };
        Assert.Equal(Requirement.Auto, Decide(new AddThing(), caller: new Caller(Face.Mcp, "claude")).Verdict);
        Assert.Equal(Requirement.Deny, Decide(new AddThing(), caller: new Caller(Face.Mcp, "other")).Verdict);
        Assert.Equal(Requirement.Deny, Decide(new AddThing(), caller: new Caller(Face.Rest, "claude") { Ceiling = Level.Monitor }).Verdict);
    }

    [Fact]
    public void What_is_foreseen_without_a_target_is_never_stricter_than_what_is_decided_with_one()
    {
        _policy = new GatePolicy { Approvals = new Dictionary<string, Requirement> { ["sample_add_thing"] = Requirement.Ask }, Targets = [new TargetRule { Target = "web@dev", Require = Requirement.Deny }] };
        var decider = new Decider(_access, _policy, _self);
        var foreseen = decider.Foresee(new AddThing().Descriptor, s_hook);
        Assert.Equal((Requirement.Ask, Requirement.Deny), (foreseen.Verdict, Decide(new AddThing(), caller: s_hook).Verdict));
        Assert.Equal([Rules.Level, Rules.Matrix], foreseen.Findings.Select(f => f.Rule));
        Assert.Equal(Requirement.Deny, decider.Foresee(new AddThing().Descriptor, new Caller(Face.Mcp, "claude")).Verdict);
    }

    [Fact]
    public void A_credentials_ceiling_lowers_what_the_policy_gives_and_never_raises_it()
    {
        Assert.Equal(Requirement.Deny, Decide(new AddThing(), caller: s_hook with { Ceiling = Level.Monitor }).Verdict);
        _access = new AccessPolicy { Webhook = Level.Monitor };
        Assert.Equal(Requirement.Deny, Decide(new AddThing(), caller: s_hook with { Ceiling = Level.Manage }).Verdict);
    }

    [Fact]
    public void A_credential_for_some_operations_is_for_no_others_whatever_its_level()
    {
        var narrow = s_hook with { Scope = OperationScope.Of(["sample_stop_*"]) };
        Assert.Equal(Requirement.Auto, Decide(new AddThing(), caller: s_hook with { Scope = OperationScope.Of(["sample_add_*"]) }).Verdict);
        var decision = Decide(new AddThing(), caller: narrow);
        Assert.Equal((Requirement.Deny, Rules.Scope), (decision.Verdict, decision.Findings[0].Rule));
        Assert.Equal("OperationNotGranted", GateException.Of(new Intent("Add", Target.Lab), decision).Id);
        Assert.Equal(Rules.Level, Decide(new AddThing(), caller: narrow with { Ceiling = Level.None }).Findings[0].Rule);
    }

    [Fact]
    public void What_the_lab_file_says_of_one_runbook_holds_for_its_steps_alone()
    {
        _policy = new GatePolicy
        {
            Approvals = new Dictionary<string, Requirement> { ["sample_delete_*"] = Requirement.Deny },
            Runbooks = new Dictionary<string, RunbookPolicy> { ["tidy-up"] = new() { Approvals = new Dictionary<string, Requirement> { ["sample_stop_thing"] = Requirement.Auto, ["sample_delete_thing"] = Requirement.Auto } } },
        };
        Assert.Equal(Requirement.Auto, Decide(new StopThing(), caller: s_hook with { Runbook = "tidy-up" }).Verdict);
        Assert.Equal(Requirement.Ask, Decide(new StopThing(), caller: s_hook with { Runbook = "other" }).Verdict);
        Assert.Equal(Requirement.Ask, Decide(new StopThing(), caller: s_hook).Verdict);
        Assert.Contains("policy.runbooks.tidy-up", Decide(new StopThing(), caller: s_hook with { Runbook = "tidy-up" }).Findings[1].Reason, StringComparison.Ordinal);
        // What is denied for all is denied for it too.
        Assert.Equal(Requirement.Deny, Decide(new DeleteThing(), caller: s_hook with { Runbook = "tidy-up" }).Verdict);
    }

    [Fact]
    public void The_default_matrix_is_that_of_the_operations()
    {
        Assert.Equal(Requirement.Auto, Decide(new ReadThing()).Verdict);
        Assert.Equal(Requirement.Auto, Decide(new RestartThing()).Verdict);
        Assert.Equal(Requirement.Ask, Decide(new StopThing()).Verdict);
        Assert.Equal(Requirement.AskTwice, Decide(new DeleteThing()).Verdict);
    }

    [Fact]
    public void The_most_specific_pattern_of_the_policy_wins()
    {
        _policy = new GatePolicy { Approvals = new Dictionary<string, Requirement> { ["*"] = Requirement.Deny, ["sample_*"] = Requirement.AskTwice, ["sample_stop_thing"] = Requirement.Auto } };
        Assert.Equal(Requirement.Auto, Decide(new StopThing()).Verdict);
        Assert.Equal(Requirement.AskTwice, Decide(new RestartThing()).Verdict);
    }

    [Fact]
    public void A_rule_for_the_target_makes_it_stricter_and_never_laxer()
    {
        _policy = new GatePolicy { Targets = [new TargetRule { Target = "web@dev", Require = Requirement.Ask }, new TargetRule { Target = "*", Operation = "sample_delete_*", Require = Requirement.Auto }] };
        Assert.Equal(Requirement.Ask, Decide(new RestartThing()).Verdict);
        Assert.Equal(Requirement.AskTwice, Decide(new DeleteThing()).Verdict);
        Assert.Equal(Requirement.Auto, Decide(new RestartThing(), new Target("thing", "db", "dev")).Verdict);
    }

    [Theory]
    [InlineData("web")]
    [InlineData("web@dev")]
    [InlineData("thing:web@dev")]
    [InlineData("*@dev")]
    [InlineData("thing:0123456789ab")]
    [InlineData("THING:0123*")]
    [InlineData("0123456789ab")]
    public void A_protected_target_is_met_under_every_name_it_has(string pattern)
    {
        _policy = new GatePolicy { Protected = [pattern] };
        Assert.Equal(Requirement.AskTwice, Decide(new RestartThing()).Verdict);
        Assert.Equal(Requirement.Auto, Decide(new AddThing()).Verdict);
        Assert.Equal(Requirement.Deny, Decide(new DeleteThing()).Verdict);
    }

    [Fact]
    public void What_we_run_on_is_interrupted_only_after_two_confirmations()
    {
        _self = ["web@dev"];
        var decision = Decide(new RestartThing(), caller: new Caller(Face.Interactive, "anna"));
        Assert.Equal(Requirement.AskTwice, decision.Verdict);
        Assert.Equal(Rules.Self, Assert.Single(decision.Decisive).Rule);
    }

    [Fact]
    public void A_quiet_window_holds_back_unattended_interruptions_and_nothing_else()
    {
        _policy = new GatePolicy { Windows = [new QuietWindow { Name = "lunch", From = new TimeOnly(11, 0), To = new TimeOnly(13, 0) }] };
        Assert.Equal(Requirement.Deny, Decide(new RestartThing()).Verdict);
        Assert.Equal(Requirement.Auto, Decide(new AddThing()).Verdict);
        Assert.Equal(Requirement.Auto, Decide(new RestartThing(), caller: new Caller(Face.Interactive, "anna")).Verdict);
        Assert.Equal(Requirement.Auto, Decide(new RestartThing(), at: s_noon.AddHours(1)).Verdict);
    }

    [Fact]
    public void Every_rule_that_spoke_is_in_the_decision()
    {
        _policy = new GatePolicy { Protected = ["web"], Targets = [new TargetRule { Target = "web", Require = Requirement.Ask }] };
        Assert.Equal([Rules.Level, Rules.Matrix, Rules.Target, Rules.Protected], Decide(new StopThing()).Findings.Select(f => f.Rule));
    }

    private Decision Decide(Operation operation, Target? target = null, Caller? caller = null, DateTimeOffset? at = null) =>
        new Decider(_access, _policy, _self).Decide(operation.Descriptor, target ?? s_web, caller ?? s_hook, at ?? s_noon);
}
