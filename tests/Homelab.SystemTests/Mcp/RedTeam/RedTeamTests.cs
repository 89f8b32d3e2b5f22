using System.Globalization;
using System.Text;
using Homelab.UnitTests.Configuration;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>AI clients that try to bring about more than they may. None of it succeeds, and each try is in the audit with the client's name.</summary>
public sealed class RedTeamTests(RedTeamStage stage) : IClassFixture<RedTeamStage>
{
    private static readonly Attempt[] s_all =
    [
        .. LevelAttempts.All, .. NameAttempts.All, .. ArgumentAttempts.All, .. MessageAttempts.All, .. HeaderAttempts.All, .. CommandAttempts.All, .. TargetAttempts.All, .. ResourceAttempts.All,
        .. ApprovalAttempts.All, .. QuestionAttempts.All, .. CredentialAttempts.All, .. RaceAttempts.All, .. RestAttempts.All,
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, string, Level, string>> Tries() =>
        from attempt in s_all
        from t in attempt.Tries
        select new TheoryDataRow<string, string, Level, string>(attempt.Kind, attempt.Name, t.Level, t.OverHttp ? "HTTP" : "stdio");

    [Theory]
    [MemberData(nameof(Tries))]
    public Task Nothing_comes_of_it_and_it_is_in_the_audit(string kind, string name, Level level, string way) => stage.JudgeAsync(s_all.Single(a => a.Kind == kind && a.Name == name), level, way == "HTTP");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_judge_sees_the_effect_where_the_same_call_is_made_by_one_who_may_and_a_person_agreed(bool overHttp)
    {
        // Each way its own container: one that is stopped cannot be stopped.
        var container = overHttp ? "litellm@ai" : "mcp-servers@ai";
        var attempt = Attempt.Call("control", "It stops a container", "docker_stop_container", $$"""{"container":"{{container}}"}""", "\"status\":", "mcp:boss docker_stop_container") with
        {
            Act = async a =>
            {
                var boss = new Attacker(stage, RedTeamStage.Boss, a.OverHttp);
                var wish = $$"""{"container":"{{container}}"}""";
                await stage.ApproveAsync(Attacker.ApprovalIn(await boss.CallAsync("docker_stop_container", wish)));
                return await boss.CallAsync("docker_stop_container", wish);
            },
        };
        var seen = await Assert.ThrowsAnyAsync<Exception>(() => stage.JudgeAsync(attempt, Level.Monitor, overHttp));
        Assert.Contains("It had an effect: ", seen.Message, StringComparison.Ordinal);
        Assert.Contains("/stop", seen.Message, StringComparison.Ordinal);
        await stage.AcceptAsync();
    }

    [Fact]
    public async Task The_judge_misses_a_line_of_the_audit_that_is_not_there_and_an_answer_that_is_another()
    {
        var attempt = Attempt.Call("control", "It looks", "docker_list_containers", "{}", "\"status\":\"found\"", "read mcp:{me} docker_list_containers");
        await stage.JudgeAsync(attempt, Level.Monitor, overHttp: true);
        await Assert.ThrowsAnyAsync<Exception>(() => stage.JudgeAsync(attempt with { Answer = "LevelTooLow" }, Level.Monitor, overHttp: true));
    }

    [Theory]
    [InlineData("/hooks/telegram")]
    [InlineData("/hook/telegram")]
    [InlineData("/hooks/uptime-alert")]
    [InlineData("/telegram/webhook")]
    [InlineData("/api/telegram")]
    [InlineData("/mcp/approve")]
    [InlineData("/api/operations/docker_set_limits")]
    [InlineData("/api/../mcp/../api/approvals")]
    public async Task No_other_route_answers_for_a_person(string path)
    {
        var mid = new Attacker(stage, RedTeamStage.Mid, overHttp: true);
        var id = Attacker.ApprovalIn(await mid.CallAsync("docker_stop_container", """{"container":"redis@dev","grace":"{n}ms"}"""));
        var answer = await mid.RawAsync("POST", path, $$$$"""{"update_id":1,"callback_query":{"id":"1","from":{"id":1111},"data":"approve:{{{{id}}}}"},"id":"{{{{id}}}}","approved":true}""");
        Assert.InRange(answer.Status, 400, 499);
        Assert.Equal((ApprovalStatus.Pending, 0), (await stage.Store.FindApprovalAsync(id, Cancellation)) is { } asked ? (asked.Status, asked.Confirmations.Count) : default);
    }

    [Fact]
    public void The_page_lists_what_is_tried()
    {
        Assert.Equal(s_all.Length, s_all.DistinctBy(static a => (a.Kind, a.Name)).Count());
        Assert.InRange(s_all.Length, 150, int.MaxValue);
        var page = new StringBuilder("""
            # What AI clients try, and do not succeed in

            Every build lets clients of level 1 and of level 2 try to bring about more than they may: over HTTP at the real `homelab serve` and over the standard input and output of the real `homelab mcp`, on a
            simulated homelab. After each try a judge looks at everything that could have been changed (what the simulated engines, hypervisors and hosts were asked, keys, clients, approvals, files) and at
            the audit, which must have a new line with the client's name. A control shows that the judge sees an effect where the same call is made by one who may, after a person's yes.

            | kind | attempts | tries |
            |---|---|---|

            """);
        // As many as the catalog has: a page that counted them would be another with each new tool.
        var written = s_all.Where(static a => a.Kind != LevelAttempts.Bare).ToArray();
        foreach (var kind in written.GroupBy(static a => a.Kind)) page.Append(CultureInfo.InvariantCulture, $"| {kind.Key} | {kind.Count()} | {kind.Sum(static a => a.Tries.Count())} |\n");
        page.Append(CultureInfo.InvariantCulture, $"| {LevelAttempts.Bare} | one for each | |\n| **all but those of the last line** | **{written.Length}** | **{written.Sum(static a => a.Tries.Count())}** |\n\nThe attempts themselves are in `tests/Homelab.SystemTests/Mcp/RedTeam`, a sentence each. This page is written by a test.\n");
        PublishedFile.AssertIs("docs/mcp-red-team.md", page.ToString());
    }
}
