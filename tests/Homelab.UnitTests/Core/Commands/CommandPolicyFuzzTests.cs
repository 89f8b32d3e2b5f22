using FsCheck;
using FsCheck.Fluent;

namespace Homelab.UnitTests.Core.Commands;

/// <summary>What must hold for any rules and any words.</summary>
public sealed class CommandPolicyFuzzTests
{
    private static readonly Config s_config = Config.QuickThrowOnFailure.WithMaxTest(2_000);

    [Fact]
    public void A_decision_never_throws_and_is_the_same_each_time() => ForAll(static (rules, line, place) =>
    {
        var policy = new CommandPolicy(rules);
        var (one, two) = (policy.Decide(line, place), policy.Decide(line, place));
        // Everything that is told of it is computed when it is asked for.
        Assert.NotEmpty(one.Reason);
        Assert.Equal(one.Verdict == CommandVerdict.Allow, one.WayOut is null);
        Assert.NotEmpty(one.Target.Key);
        Assert.Equal((one.Verdict, one.Rule, one.Reason, one.Target.Key), (two.Verdict, two.Rule, two.Reason, two.Target.Key));
    });

    [Fact]
    public void What_no_rule_means_is_denied_and_what_one_means_alone_is_what_it_says() => ForAll(static (rules, line, place) =>
    {
        var meaning = rules.Where(r => new CommandPolicy([r]).Decide(line, place).Rule is not null).ToList();
        var decision = new CommandPolicy(rules).Decide(line, place);
        if (meaning.Count == 0) Assert.Equal((CommandVerdict.Deny, null), (decision.Verdict, decision.Rule));
        if (meaning.Count == 1) Assert.Equal((meaning[0].Verdict, meaning[0].Name), (decision.Verdict, decision.Rule));
        Assert.Equal(Math.Max(meaning.Count - 1, 0), decision.Others.Count);
        if (meaning.Count > 0) Assert.Contains(decision.Verdict, meaning.Select(static r => r.Verdict));
    });

    [Fact]
    public void The_order_of_the_rules_says_nothing() => ForAll(static (rules, line, place) =>
    {
        var (there, back) = (new CommandPolicy(rules).Decide(line, place), new CommandPolicy([.. rules.Reverse()]).Decide(line, place));
        // Which of two that are equal in all gives its name is for the order to say.
        Assert.Equal((there.Verdict, there.Reads, there.Others.Count), (back.Verdict, back.Reads, back.Others.Count));
    });

    [Fact]
    public void A_rule_that_denies_never_lets_anything_through() => ForAll(static (rules, line, place) =>
    {
        var (last, others) = (rules[^1] with { Verdict = CommandVerdict.Deny }, rules[..^1]);
        var (before, after) = (new CommandPolicy(others).Decide(line, place), new CommandPolicy([.. others, last]).Decide(line, place));
        Assert.True(after.Verdict >= before.Verdict, $"{before.Reason} became {after.Reason}");
    });

    [Fact]
    public void A_narrower_rule_never_loses_to_a_wider_one() => ForAll(static (rules, line, place) =>
    {
        // The very words, at the very host, for the very face: nothing is narrower.
        if (line.Refusal is not null) return;
        foreach (var verdict in Enum.GetValues<CommandVerdict>())
        {
            var exact = new CommandRule { Name = "exact", Run = [.. line.Words.Select(static w => new WordRule { Word = w })], On = ["host:dev"], Faces = [place.Face], Verdict = verdict };
            var wider = rules.Where(static r => !r.On.Contains("dev", StringComparer.Ordinal) && r.Faces.Count == 0).ToArray();
            Assert.Equal((verdict, "exact"), (new CommandPolicy([.. wider, exact]).Decide(line, place) is var decision ? decision.Verdict : default, decision.Rule));
        }
    });

    private static void ForAll(Action<CommandRule[], CommandLine, CommandPlace> holds) =>
        Check.One(s_config, Prop.ForAll((from rules in Rules() from words in Words() from face in Gen.Elements(Face.Mcp, Face.Interactive) select (rules, words, face)).ToArbitrary(), sample =>
            holds(sample.rules, CommandLine.Of(sample.words), new CommandPlace(new Target("host", "dev") { Aliases = ["10.0.0.1"] }, sample.face) { Tags = ["arm"] })));

    // Few words, so that rules mean what is asked for often enough.
    private static Gen<string> Word() => Gen.Elements("docker", "restart", "web", "db", "-n", "-n5", "--tail=5", "--tail", "5", "/var/log", "/var/log/x", "ssh.service", "-", "", "a;b", "\u00e9", "\u200b", "x y");

    private static Gen<string[]> Words() => Word().ListOf().Select(static l => l.Prepend("docker").Take(7).ToArray());

    private static Gen<WordKind> Kind() => Gen.Elements<WordKind>(
        new() { Word = "restart" }, new() { Word = "web" }, new() { Choice = ["restart", "web", "-n"] }, new() { Container = "*" }, new() { Container = "w*" }, new() { Unit = "*" }, new() { Unit = "ssh" },
        new() { Path = "/var/log" }, new() { Number = "0..9" }, new() { Like = "*" }, new() { Like = "w*" });

    private static Gen<WordRule> Slot() => Gen.OneOf(
        Kind().SelectMany(static k => Gen.Elements("1", "0..1", "1..3", "0..9").Select(c => new WordRule { Word = k.Word, Choice = k.Choice, Container = k.Container, Unit = k.Unit, Path = k.Path, Number = k.Number, Like = k.Like, Count = c })),
        Gen.Constant(new WordRule { Flags = new Dictionary<string, FlagRule>(StringComparer.Ordinal) { ["-n"] = new() { Number = "0..9" }, ["--tail"] = new() { Number = "0..9" }, ["-x"] = new() } }));

    private static Gen<CommandRule[]> Rules() =>
        (from slots in Slot().ListOf()
         from rest in Gen.Elements(false, false, true)
         from program in Gen.Elements(new WordRule { Word = "docker" }, new WordRule { Choice = ["docker", "podman"] }, new WordRule { Like = "*" })
         from place in Gen.Elements("*", "host:*", "dev", "tag:arm", "tag:x86", "d*", "infra")
         from faces in Gen.Elements<Face[]>([], [], [Face.Mcp], [Face.Interactive])
         from verdict in Gen.Elements(CommandVerdict.Allow, CommandVerdict.Approve, CommandVerdict.Deny)
         from reads in Gen.Elements(false, true)
         select new CommandRule { Run = [program, .. slots.Take(4), .. rest ? (WordRule[])[new WordRule { Rest = true }] : []], On = [place], Faces = faces, Verdict = verdict, Reads = reads })
        .NonEmptyListOf().Select(static l => l.Take(8).Select(static (r, i) => r with { Name = $"r{i}" }).ToArray());
}
