namespace Homelab.UnitTests.Core;

public sealed class AuditChainTests
{
    [Fact]
    public async Task An_untouched_chain_holds_to_its_end()
    {
        var verdict = await VerifyAsync(Chain(5));
        Assert.True(verdict.Intact);
        Assert.Equal(5, verdict.Line);
    }

    [Fact]
    public async Task A_changed_field_shows_at_its_line_whatever_the_field()
    {
        var clean = Chain(3);
        AuditEntry[] forged =
        [
            clean[1] with { Time = clean[1].Time.AddTicks(1) },
            clean[1] with { Kind = AuditKind.Denied },
            clean[1] with { Operation = "x" },
            clean[1] with { Target = "x" },
            clean[1] with { Trigger = "x" },
            clean[1] with { Identity = "x" },
            clean[1] with { Decision = "x" },
            clean[1] with { Result = "x" },
            clean[1] with { Error = "x" },
            clean[1] with { Elapsed = TimeSpan.FromTicks(1) },
            clean[1] with { Incident = "x" },
            clean[1] with { Run = "x" },
            clean[1] with { Change = "x" },
            clean[1] with { Approval = "x" },
        ];
        foreach (var forgery in forged)
        {
            var verdict = await VerifyAsync([clean[0], forgery, clean[2]]);
            Assert.False(verdict.Intact);
            Assert.Equal(2, verdict.Line);
        }
    }

    [Fact]
    public async Task Text_moved_from_one_field_to_the_next_shows()
    {
        var chain = Chain(2);
        Assert.False((await VerifyAsync([chain[0], chain[1] with { Operation = "", Target = chain[1].Operation + chain[1].Target }])).Intact);
    }

    [Fact]
    public async Task A_removed_line_shows()
    {
        var chain = Chain(4);
        Assert.Equal(3, (await VerifyAsync([chain[0], chain[2], chain[3]])).Line);
    }

    [Fact]
    public async Task A_relinked_line_shows_at_the_line_after_it()
    {
        var chain = Chain(3);
        var forged = AuditChain.Link(chain[1] with { Result = "forged" }, 2, chain[0].Hash);
        Assert.Equal(3, (await VerifyAsync([chain[0], forged, chain[2]])).Line);
    }

    private static List<AuditEntry> Chain(int length)
    {
        var chain = new List<AuditEntry>();
        for (var i = 1; i <= length; i++)
        {
            var entry = new AuditEntry { Time = DateTimeOffset.UnixEpoch.AddSeconds(i), Kind = AuditKind.Intent, Operation = $"a_b_{i}", Target = "lab:lab", Trigger = "mcp", Identity = "me" };
            chain.Add(AuditChain.Link(entry, i, i == 1 ? AuditChain.Root : chain[^1].Hash));
        }

        return chain;
    }

    private static Task<AuditVerdict> VerifyAsync(IEnumerable<AuditEntry> entries) => AuditChain.VerifyAsync(entries.ToAsyncEnumerable(), TestContext.Current.CancellationToken);
}
