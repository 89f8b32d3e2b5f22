using Homelab.Configuration;
using Homelab.Providers.Ssh;
using Homelab.Tests;
using Homelab.UnitTests.Configuration;

namespace Homelab.UnitTests.Core.Commands;

/// <summary>The bypass corpus against reader and policy. What is executed at last is seen in the system tests.</summary>
public sealed class BypassCorpusTests
{
    private static readonly LabDefinition s_lab = new LabReader(LabFolder.Providers, static _ => null).Read(BypassCorpus.LabFile).Lab;

    private static readonly CommandPolicy s_policy = new(s_lab.Policy.Commands);

    public static TheoryData<string> Families => [.. BypassCorpus.Families.Select(static f => f.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Nothing_gets_past_reader_and_policy_and_what_is_legal_does(string family)
    {
        var wrong = BypassCorpus.Cases.Where(c => c.Family == family).Select(static c => (Case: c, Seen: Seen(c))).Where(static c => c.Seen.Length > 0).Select(static c => $"{c.Case}: {c.Seen}").ToList();

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Take(20)));
    }

    [Fact]
    public void The_corpus_is_as_large_as_it_says_and_every_family_has_what_is_stopped()
    {
        Assert.InRange(BypassCorpus.Cases.Count(), 400, int.MaxValue);
        Assert.InRange(BypassCorpus.Families.Count, 25, int.MaxValue);
        Assert.Empty(BypassCorpus.Cases.GroupBy(static c => c.Id, StringComparer.Ordinal).Where(static g => g.Count() > 1).Select(static g => g.Key));
        Assert.All(BypassCorpus.Cases, static c => Assert.NotEmpty(c.Why));
        Assert.Equal(["legal"], BypassCorpus.Families.Where(static f => f.Cases.All(static c => c.Expect == BypassCase.Allowed)).Select(static f => f.Name));
        Assert.InRange(BypassCorpus.Cases.Count(static c => c.Expect == BypassCase.Allowed), 60, int.MaxValue);
    }

    private static string Seen(BypassCase asked)
    {
        var line = HostCommands.Read(asked.Line, asked.Words);
        if (!asked.HasHost) return s_lab.Hosts.ContainsKey(asked.Host) ? "the lab has that host" : "";
        var host = s_lab.Hosts.Single(h => string.Equals(h.Key, asked.Host, StringComparison.OrdinalIgnoreCase));
        var decision = s_policy.Decide(line, new CommandPlace(new Target("host", host.Key) { Aliases = [host.Value.Address] }, asked.Face) { Tags = host.Value.Tags });
        var seen = (decision.Line.Refusal, decision.Verdict) switch
        {
            (not null, _) => BypassCase.Refused,
            (_, CommandVerdict.Deny) => BypassCase.Denied,
            (_, CommandVerdict.Approve) => BypassCase.Approve,
            _ => BypassCase.Allowed,
        };
        if (seen != asked.Expect) return $"{seen}, not {asked.Expect}: {decision.Reason}";
        if (asked.Rule is { } rule && !Wildcard.Matches(rule, decision.Rule)) return $"rule {decision.Rule} spoke, not {rule}";
        if (seen == BypassCase.Refused && decision.Verdict != CommandVerdict.Deny) return "refused, and not denied";
        return seen == BypassCase.Allowed && asked.Runs is { } runs && !runs.SequenceEqual(line.Words, StringComparer.Ordinal) ? $"read as {string.Join('|', line.Words)}" : "";
    }
}
