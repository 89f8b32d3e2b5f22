namespace Homelab.UnitTests.Core.Commands;

public sealed class CommandPolicyTests
{
    private static readonly CommandPlace s_dev = new(new Target("host", "dev"), Face.Mcp) { Tags = ["arm"] };

    [Theory]
    [InlineData("docker logs traefik")]
    [InlineData("docker logs --tail 100 -t traefik")]
    [InlineData("docker logs --tail=100 traefik")]
    [InlineData("docker logs -n5 traefik")]
    public void Options_stand_in_any_order_before_what_follows(string line) =>
        Assert.Equal(CommandVerdict.Allow, Decide(line, Rule("docker", "logs", new WordRule { Flags = Flags(("--tail", "1..1000"), ("-n", "1..10"), ("-t", null)) }, new WordRule { Container = "*" })).Verdict);

    [Theory]
    [InlineData("docker logs", "it wants")]
    [InlineData("docker logs --tail 0 traefik", "'--tail', is not")]
    [InlineData("docker logs --tail=1001 traefik", "--tail=1001")]
    [InlineData("docker logs -t -t traefik", "word 4")]
    [InlineData("docker logs --follow traefik", "--follow")]
    [InlineData("docker logs -- traefik", "--")]
    [InlineData("docker logs traefik -t", "the end")]
    [InlineData("docker logs -n 010 traefik", "-n")]
    [InlineData("docker logs .hidden", "the name of a container")]
    public void What_does_not_fit_is_denied_with_the_word_that_does_not(string line, string told)
    {
        var decision = Decide(line, Rule("docker", "logs", new WordRule { Flags = Flags(("--tail", "1..1000"), ("-n", "1..10"), ("-t", null)) }, new WordRule { Container = "*" }));

        Assert.Equal((CommandVerdict.Deny, (string?)null), (decision.Verdict, decision.Rule));
        Assert.Contains(told.Replace("'--tail', ", "--tail, ", StringComparison.Ordinal), decision.Reason, StringComparison.Ordinal);
        Assert.StartsWith("To allow it, add to policy.commands", decision.WayOut, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cat /var/log/syslog", true)]
    [InlineData("cat /var/log", true)]
    [InlineData("cat /var/logs", false)]
    [InlineData("cat /var/log/../../etc/shadow", false)]
    [InlineData("cat /var/log/./x", false)]
    [InlineData("cat //var/log/x", false)]
    [InlineData("cat /var/log/..", false)]
    [InlineData("cat var/log/x", false)]
    [InlineData("cat /VAR/LOG/x", false)]
    public void A_path_lies_below_a_folder_or_does_not(string line, bool allowed) =>
        Assert.Equal(allowed, Decide(line, Rule("cat", new WordRule { Path = "/var/log" })).Verdict == CommandVerdict.Allow);

    [Theory]
    [InlineData("systemctl restart nginx", true)]
    [InlineData("systemctl restart nginx.service", true)]
    [InlineData("systemctl restart nginx.socket", false)]
    [InlineData("systemctl restart Nginx2", false)]
    [InlineData("systemctl restart -nginx", false)]
    [InlineData("systemctl restart --force", false)]
    public void A_unit_means_the_same_with_and_without_its_type(string line, bool allowed) =>
        Assert.Equal(allowed, Decide(line, Rule("systemctl", "restart", new WordRule { Unit = "nginx" })).Verdict == CommandVerdict.Allow);

    [Theory]
    [InlineData("df")]
    [InlineData("df -h /")]
    [InlineData("'df -h'")]
    [InlineData("dF -h")]
    [InlineData("/bin/df -h")]
    [InlineData("\u0501f -h")]
    public void A_rule_of_plain_words_means_these_and_no_others(string line) => Assert.Equal(CommandVerdict.Deny, Decide(line, Rule("df", "-h")).Verdict);

    [Fact]
    public void The_narrower_rule_wins()
    {
        CommandRule[] rules = [Rule("docker", "restart", new WordRule { Container = "*" }), Rule("docker", "restart", "gitea") with { Verdict = CommandVerdict.Deny, Name = "never-gitea" }];

        Assert.Equal(CommandVerdict.Allow, Decide("docker restart web", rules).Verdict);
        var denied = Decide("docker restart gitea", rules);
        Assert.Equal((CommandVerdict.Deny, "never-gitea"), (denied.Verdict, denied.Rule));
        Assert.Equal(["policy.commands[0]"], denied.Others);

        Assert.Equal(CommandVerdict.Allow, Decide("docker restart gitea", [rules[0] with { Verdict = CommandVerdict.Deny }, rules[1] with { Verdict = CommandVerdict.Allow }]).Verdict);
    }

    [Fact]
    public void Of_two_that_beat_each_other_in_nothing_the_stricter_holds()
    {
        var narrowWords = Rule("docker", "restart", "gitea");
        var narrowPlace = Rule("docker", "restart", new WordRule { Container = "*" }) with { On = ["dev"], Verdict = CommandVerdict.Deny };

        Assert.Equal(CommandVerdict.Deny, Decide("docker restart gitea", narrowWords, narrowPlace).Verdict);
        Assert.Equal(CommandVerdict.Deny, Decide("docker restart gitea", narrowPlace, narrowWords).Verdict);
        Assert.Equal(CommandVerdict.Approve, Decide("reboot", Rule("reboot"), Rule("reboot") with { Verdict = CommandVerdict.Approve }).Verdict);
    }

    [Theory]
    [InlineData("dev", true)]
    [InlineData("host:dev", true)]
    [InlineData("host:*", true)]
    [InlineData("tag:arm", true)]
    [InlineData("tag:a*", true)]
    [InlineData("tag:dev", false)]
    [InlineData("infra", false)]
    [InlineData("vm:*", false)]
    [InlineData("container:*", false)]
    public void A_rule_speaks_only_where_it_says(string on, bool speaks) => Assert.Equal(speaks, Decide("uptime", Rule("uptime") with { On = [on] }).Verdict == CommandVerdict.Allow);

    [Fact]
    public void A_rule_speaks_only_for_its_faces()
    {
        var rule = Rule("uptime") with { Faces = [Face.Interactive, Face.Schedule] };

        Assert.Equal(CommandVerdict.Deny, Decide("uptime", rule).Verdict);
        Assert.Equal(CommandVerdict.Allow, new CommandPolicy([rule]).Decide(["uptime"], s_dev with { Face = Face.Schedule }).Verdict);
    }

    [Fact]
    public void The_command_is_about_the_container_or_unit_that_it_names()
    {
        Assert.Equal("container:gitea@dev", Decide("docker restart gitea", Rule("docker", "restart", new WordRule { Container = "*" })).Target.Key);
        Assert.Equal("unit:nginx.service@dev", Decide("systemctl restart nginx", Rule("systemctl", "restart", new WordRule { Unit = "*" })).Target.Key);
        Assert.Equal("host:dev", Decide("reboot", Rule("reboot")).Target.Key);
        Assert.Equal("command:df -h@dev", Decide("df -h", Rule("df", "-h") with { Reads = true }).Target.Key);
    }

    [Fact]
    public void A_search_that_could_take_for_ever_is_bounded()
    {
        var many = new WordRule { Like = "*", Count = "0..999" };
        var line = new CommandLine([.. Enumerable.Repeat("a", CommandLine.MostWords - 1), "-z"], null);

        Assert.Equal(CommandVerdict.Deny, new CommandPolicy([Rule("a", many, many, many, many, many, "end")]).Decide(line, s_dev).Verdict);
    }

    [Theory]
    [InlineData("more than one kind")]
    [InlineData("says nothing")]
    [InlineData("not of the form 1..1000")]
    [InlineData("not an absolute one")]
    [InlineData("not of the form -a")]
    [InlineData("64 are the most")]
    [InlineData("is not the last")]
    [InlineData("is the program")]
    public void A_rule_that_cannot_be_used_says_why(string why)
    {
        WordRule wrong = why switch
        {
            "more than one kind" => new WordRule { Word = "a", Unit = "*" },
            "says nothing" => new WordRule(),
            "not of the form 1..1000" => new WordRule { Number = "10..1" },
            "not an absolute one" => new WordRule { Path = "/var/../etc" },
            "not of the form -a" => new WordRule { Flags = Flags(("tail", null)) },
            "64 are the most" => new WordRule { Flags = Flags([.. Enumerable.Range(0, 65).Select(static i => ($"--x{i}", (string?)null))]) },
            "is not the last" => new WordRule { Rest = true },
            _ => new WordRule { Flags = Flags(("-a", null)) },
        };
        var rule = why == "is the program" ? Rule(wrong) : Rule("df", wrong, "x");

        Assert.Contains(why, CommandPolicy.Objection(rule), StringComparison.Ordinal);
        Assert.Equal("CommandRuleInvalid", Assert.Throws<HomelabException>(() => new CommandPolicy([rule])).Id);
    }

    [Fact]
    public void A_refusal_names_the_lines_that_would_allow_it()
    {
        var decision = new CommandPolicy([]).Decide(["sh", "-c", "echo \"hi\""], s_dev);

        Assert.Contains("""{ run: ["sh", "-c", "echo \"hi\""], on: ["host:dev"] }""", decision.WayOut, StringComparison.Ordinal);
        Assert.Contains("runs other programs", decision.Reason, StringComparison.Ordinal);
        Assert.Equal((Rules.Command, Requirement.Deny), (decision.ToFinding().Rule, decision.ToFinding().Verdict));
    }

    private static CommandDecision Decide(string line, params CommandRule[] rules) => new CommandPolicy(rules).Decide(CommandLine.Read(line), s_dev);

    private static CommandRule Rule(params object[] words) => new() { Run = [.. words.Select(static w => w as WordRule ?? new WordRule { Word = (string)w })], On = ["host:*"] };

    private static Dictionary<string, FlagRule> Flags(params (string Name, string? Number)[] flags) => flags.ToDictionary(static f => f.Name, static f => new FlagRule { Number = f.Number }, StringComparer.Ordinal);
}
