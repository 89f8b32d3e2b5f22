using static Homelab.UnitTests.Providers.Ssh.CommandBench;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class RunCommandTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly CommandRule s_df = Rule("df", "-h") with { Name = "df", Reads = true };

    private static readonly CommandRule s_restart = Rule("docker", "restart", new WordRule { Container = "*" }) with { Name = "restart" };

    private static readonly CommandRule s_reboot = Rule("reboot") with { Name = "reboot", Verdict = CommandVerdict.Approve, Root = true };

    [Fact]
    public async Task What_a_rule_allows_runs_with_exactly_its_words()
    {
        await using var bench = await OpenAsync(s_df);
        bench.Answer = static (c, _) => Task.FromResult(Ended("dev", c, output: "Filesystem\n"));

        var result = await bench.DoneAsync(new { command = "df  '-h'", host = "DEV" });

        Assert.Equal(("dev", "df", 0, "Filesystem\n"), (result.Host, result.Rule, result.ExitCode, result.Output));
        var (host, command) = Assert.Single(bench.Ran);
        Assert.Equal("dev", host);
        Assert.Equal(["df", "-h"], command.Words);
    }

    [Theory]
    [InlineData("df -h; id", "ends the command")]
    [InlineData("df -h\nid", "begins another command")]
    [InlineData("df $(id)", "expanded")]
    [InlineData("id", "no rule speaks of id")]
    [InlineData("df -h /", "is not the end")]
    public async Task What_no_rule_allows_never_gets_to_the_host_and_is_audited(string command, string why)
    {
        await using var bench = await OpenAsync(s_df);

        var e = await bench.FailAsync(new { command, host = "dev" });

        Assert.Equal((ErrorKind.Denied, "CommandNotAllowed"), (e.Kind, e.Id));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Ran);
        var entry = Assert.Single(await bench.Store.ReadAuditTailAsync(10, TestContext.Current.CancellationToken));
        Assert.Equal((AuditKind.Denied, "ssh_run", "host:dev"), (entry.Kind, entry.Operation, entry.Target));
        Assert.Contains("policy.command", entry.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Further_words_are_taken_as_they_are()
    {
        await using var bench = await OpenAsync(Rule("printf", new WordRule { Rest = true }));

        await bench.DoneAsync(new { command = "printf '%s'", host = "dev", argument = (string[])["a; b", "$x", "-"] });

        Assert.Equal(["printf", "%s", "a; b", "$x", "-"], Assert.Single(bench.Ran).Command.Words);
    }

    [Fact]
    public async Task A_rule_that_wants_a_person_asks_one_and_the_answer_holds_for_these_words()
    {
        await using var bench = await OpenAsync(s_reboot);

        var waiting = Assert.IsType<GateOutcome.Waiting>(await bench.RunAsync(new { command = "reboot", host = "dev" }));
        Assert.Empty(bench.Ran);
        await bench.Approvals.ApproveAsync(waiting.Approval.Id, "cli:me", null, TestContext.Current.CancellationToken);

        Assert.IsType<GateOutcome.Done>(await bench.RunAsync(new { command = "'reboot'", host = "dev" }, approval: waiting.Approval.Id));
        Assert.True(Assert.Single(bench.Ran).Command.AsRoot);
        Assert.Equal("ApprovalMismatch", (await Assert.ThrowsAnyAsync<HomelabException>(() => bench.RunAsync(new { command = "reboot", host = "ours" }, approval: waiting.Approval.Id))).Id);
    }

    [Fact]
    public async Task A_command_about_a_protected_container_is_held_back_as_the_operation_would_be()
    {
        await using var bench = await OpenAsync(s_restart);
        bench.Answer = static (c, _) => Task.FromResult(Ended("dev", c, output: c.Words.Contains("inspect", StringComparer.Ordinal) ? $"{Id} /{c.Words[^1]}\n" : ""));

        Assert.IsType<GateOutcome.Done>(await bench.RunAsync(new { command = "docker restart web", host = "dev" }));
        var waiting = Assert.IsType<GateOutcome.Waiting>(await bench.RunAsync(new { command = "docker restart gitea", host = "dev" }));

        Assert.Equal(("container:gitea@dev", Requirement.AskTwice), (waiting.Intent.Target.Key, waiting.Decision.Verdict));
        Assert.DoesNotContain(bench.Ran, static r => r.Command.Words is ["docker", "restart", "gitea"]);
    }

    [Fact]
    public async Task A_container_that_is_protected_by_itId_is_so_by_its_name_too()
    {
        await using var bench = await OpenAsync(s_restart);
        bench.Answer = static (c, _) => Task.FromResult(Ended("dev", c, output: $"feed{Id[4..]} /web\n"));

        var waiting = Assert.IsType<GateOutcome.Waiting>(await bench.RunAsync(new { command = "docker restart web", host = "dev" }));

        Assert.Equal(Requirement.AskTwice, waiting.Decision.Verdict);
    }

    [Fact]
    public async Task The_beginning_of_a_containerId_is_no_name_of_it()
    {
        await using var bench = await OpenAsync(s_restart);
        bench.Answer = static (c, _) => Task.FromResult(Ended("dev", c, output: $"{Id} /gitea\n"));

        var e = await bench.FailAsync(new { command = "docker restart 3f", host = "dev" });

        Assert.Equal((ErrorKind.NotFound, "ContainerNotFound"), (e.Kind, e.Id));
        Assert.Contains("is called gitea", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Ran, static r => r.Command.Words.Contains("restart", StringComparer.Ordinal));
    }

    [Fact]
    public async Task On_our_own_host_what_only_looks_runs_and_what_changes_needs_two_confirmations()
    {
        await using var bench = await OpenAsync(s_df, Rule("sync"));

        await bench.DoneAsync(new { command = "df -h", host = "ours" });
        Assert.Equal(Requirement.AskTwice, Assert.IsType<GateOutcome.Waiting>(await bench.RunAsync(new { command = "sync", host = "ours" })).Decision.Verdict);
    }

    [Fact]
    public async Task Commands_that_only_look_run_beside_each_other_and_count_for_no_limit()
    {
        await using var bench = await OpenAsync(s_df);
        var began = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Answer = async (c, token) =>
        {
            if (Interlocked.Increment(ref began) == 10) all.SetResult();
            // One that is kept waiting would keep the others waiting for ever.
            await all.Task.WaitAsync(TimeSpan.FromMinutes(3), token);
            return Ended("dev", c);
        };

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bench.DoneAsync(new { command = "df -h", host = "dev" })));
        for (var i = 0; i < 30; i++) await bench.DoneAsync(new { command = "df -h", host = "dev" });

        Assert.Equal(40, bench.Ran.Count);
    }

    [Fact]
    public async Task Only_so_many_of_a_rule_run_at_once_on_a_host()
    {
        await using var bench = await OpenAsync(s_df with { Limits = new CommandLimits { AtOnce = 2 } });
        var (now, most, waiting) = (0, 0, 0);
        var others = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.Answer = async (c, token) =>
        {
            lock (others) most = Math.Max(most, ++now);
            // Nobody ends before all others have come, and were told to wait.
            await others.Task.WaitAsync(TimeSpan.FromMinutes(3), token);
            lock (others) now--;
            return Ended("dev", c);
        };

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.RunAsync(new { command = "df -h", host = "dev" }, progress: p =>
        {
            if (p.Status.Contains("lets 2 at once run on dev", StringComparison.Ordinal) && Interlocked.Increment(ref waiting) == 18) others.SetResult();
        })));

        Assert.Equal((2, 18, 20), (most, waiting, bench.Ran.Count));
    }

    [Fact]
    public async Task A_caller_may_ask_for_less_than_the_rule_gives_and_never_for_more()
    {
        await using var bench = await OpenAsync(s_df with { Limits = new CommandLimits { Time = TimeSpan.FromSeconds(10), Output = 100 } });

        await bench.DoneAsync(new { command = "df -h", host = "dev", timeout = "5s", maxOutput = 50 });
        await bench.DoneAsync(new { command = "df -h", host = "dev", timeout = "1h", maxOutput = 5000 });
        await bench.DoneAsync(new { command = "df -h", host = "dev" });

        Assert.Equal([(5, 50), (10, 100), (10, 100)], bench.Ran.Select(static r => ((int)r.Command.Timeout.TotalSeconds, r.Command.MaxOutput)));
    }

    [Fact]
    public async Task An_exit_code_other_than_0_is_a_failure_unless_that_is_allowed()
    {
        await using var bench = await OpenAsync(s_df);
        bench.Answer = static (c, _) => Task.FromResult(Ended("dev", c, code: 3, error: "no such\u001b[31m disk\n"));

        var e = await bench.FailAsync(new { command = "df -h", host = "dev" });
        Assert.Equal((ErrorKind.Failed, "CommandFailed"), (e.Kind, e.Id));
        Assert.Contains("df -h on dev ended with exit code 3: no such [31m disk", e.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await bench.DoneAsync(new { command = "df -h", host = "dev", allowFailure = true })).ExitCode);
    }

    [Fact]
    public async Task A_lost_connection_leaves_a_change_unknown_and_a_look_not_done()
    {
        await using var bench = await OpenAsync(s_df, Rule("sync"));
        bench.Answer = static (_, _) => throw new HomelabException(ErrorKind.Unavailable, "SshConnectionLost", "It ended while the program ran.", "dev");

        Assert.Equal("OutcomeUnknown", (await bench.FailAsync(new { command = "sync", host = "dev" })).Id);
        Assert.Equal("SshConnectionLost", (await bench.FailAsync(new { command = "df -h", host = "dev" })).Id);
    }

    [Fact]
    public async Task A_host_that_is_not_in_the_lab_is_none_whatever_it_looks_like()
    {
        await using var bench = await OpenAsync(s_df);

        foreach (var host in (string[])["deb", "-oProxyCommand=id", "dev -oProxyCommand=id", "dev\n", "u@dev"])
        {
            Assert.Equal("HostNotFound", (await bench.FailAsync(new { command = "df -h", host })).Id);
        }

        Assert.Empty(bench.Ran);
    }

    [Fact]
    public async Task An_explanation_tells_words_rule_verdict_and_reason_and_runs_nothing()
    {
        await using var bench = await OpenAsync(s_df, s_restart, s_reboot);

        var refused = await bench.ExplainAsync(new { command = "docker restart x; id", host = "dev" });
        Assert.Equal((CommandVerdict.Deny, null), (refused.Verdict, refused.Rule));
        Assert.Contains("';' at character 17 ends the command and begins another", refused.Reason, StringComparison.Ordinal);

        var allowed = await bench.ExplainAsync(new { command = "docker restart  \"x\"", host = "dev" });
        Assert.Equal((CommandVerdict.Allow, "restart", "container:x@dev", "docker restart x"), (allowed.Verdict, allowed.Rule, allowed.Target, allowed.Written));

        var asked = await bench.ExplainAsync(new { command = "reboot", host = "dev", face = "webhook" });
        Assert.Equal((CommandVerdict.Approve, Face.Webhook), (asked.Verdict, asked.Face));

        Assert.Equal(CommandVerdict.Deny, (await bench.ExplainAsync(new { command = "df -h", container = "x@dev" })).Verdict);
        Assert.Equal("InputInvalid", (await Assert.ThrowsAnyAsync<HomelabException>(() => bench.ExplainAsync(new { command = "df -h" }))).Id);
        Assert.Empty(bench.Ran);
    }
}
