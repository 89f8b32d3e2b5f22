namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Rights that are taken away between two steps, and the same act again under other names; and runbooks, whose steps are the caller's own.</summary>
internal static class RaceAttempts
{
    private const string Races = "A right that ended meanwhile";
    private const string Limits = "The same act again, under another name";
    private const string Runbooks = "Steps that somebody else takes";
    private const string Stop = "docker_stop_container";

    internal static IEnumerable<Attempt> All { get; } =
    [
        new Attempt(Races, "Its key is taken back between the list and the call")
        {
            By = By.Mid, Over = Over.Http, Answer = "401 ", Leaves = "denied mcp:fleeting mcp_login",
            Act = static async a =>
            {
                var key = await a.Stage.KeyAsync("fleeting", Level.Manage);
                Assert.StartsWith("200 ", await SayAsync(a, key, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}"""), StringComparison.Ordinal);
                await a.Stage.RevokeAsync("fleeting");
                await a.Stage.ForgottenAsync(key);
                return await SayAsync(a, key, a.Stage.Fill(Attacker.Message(Stop, """{"container":"redis@dev"}"""), out _));
            },
        },
        new Attempt(Races, "Its key is another, of a lower level, when a person has said yes")
        {
            By = By.Mid, Over = Over.Http, Answer = "LevelTooLow", Leaves = "denied mcp:claude docker_stop_container",
            Act = static async a =>
            {
                var wish = a.Stage.Fill("""{"container":"redis@dev","grace":"{n}ms"}""", out _);
                var asked = await SayAsync(a, await a.Stage.KeyAsync("claude", Level.Operate), a.Stage.Fill(Attacker.Message(Stop, wish), out _));
                await a.Stage.ApproveAsync(Attacker.ApprovalIn(asked));
                return await SayAsync(a, await a.Stage.KeyAsync("claude", Level.Monitor), a.Stage.Fill(Attacker.Message(Stop, wish), out _));
            },
        },
        new Attempt(Races, "Its level is lowered in the lab file when a person has said yes")
        {
            By = By.Mid, Over = Over.Http, Answer = "LevelTooLow", Leaves = "denied mcp:lowered docker_stop_container",
            Act = static async a =>
            {
                var key = await a.Stage.KeyAsync("lowered", Level.Operate);
                var wish = a.Stage.Fill("""{"container":"redis@dev","grace":"{n}ms"}""", out _);
                await a.Stage.ApproveAsync(Attacker.ApprovalIn(await SayAsync(a, key, a.Stage.Fill(Attacker.Message(Stop, wish), out _))));
                await a.Stage.LowerAsync("lowered", async () => !(await SayAsync(a, key, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")).Contains($"\"{Stop}\"", StringComparison.Ordinal));
                return await SayAsync(a, key, a.Stage.Fill(Attacker.Message(Stop, wish), out _));
            },
        },
        new Attempt(Limits, "It restarts one container by three names within the time that must pass")
        {
            By = By.Mid, Answer = "LimitReached", Leaves = "denied mcp:mid docker_restart_container", Effects = 1,
            Act = static async a =>
            {
                // Each way its own container, since the other one's limit holds for both.
                var service = a.OverHttp ? "postgres" : "homepage";
                var container = a.Stage.Lab.Homelab.ContainerOf(service);
                var first = await a.CallAsync("docker_restart_container", $$"""{"container":"{{container.Spec.Name}}"}""");
                Assert.Contains("\"status\":\"done\"", first, StringComparison.Ordinal);
                Assert.Contains("LimitReached", await a.CallAsync("docker_restart_container", $$"""{"container":"{{container.Id}}"}"""), StringComparison.Ordinal);
                return await a.CallAsync("docker_restart_container", $$"""{"container":"{{container.Id[..12]}}"}""");
            },
        },
        .. Attempt.Rows<(string Name, string Runbook, string Values, string Answer, string Leaves)>(
            ("A runbook makes a container anew for it", "rebuild", "", "\"status\":\"failed\"", "denied mcp:{me} docker_recreate_container"),
            ("A runbook takes memory away for it", "shrink", "", "\"status\":\"failed\"", "denied mcp:{me} docker_set_limits"),
            ("A runbook stops a container for it", "stopping", """{\"n\":{n}}""", "\"status\":\"waiting\"", "asked mcp:{me} docker_stop_container"),
            ("A runbook stops what it was told, which is protected", "by-value", """{\"n\":{n},\"container\":\"traefik@infra\"}""", "\"status\":\"waiting\"", "asked mcp:{me} docker_stop_container"),
            ("A runbook is told an expression", "by-value", """{\"n\":{n},\"container\":\"{{ 'traefik@infra' }}\"}""", "\"status\":\"failed\"|\"status\":\"waiting\"", "mcp:{me} docker_stop_container"),
            ("A runbook is named by a path", "../../homelab", "", "RunbookNotFound|InputInvalid", "denied mcp:{me} runbook_run"),
            ("A runbook is told to be another caller's", "stopping", """{\"n\":{n},\"caller\":\"interactive:root\",\"approved\":true}""", "\"status\":\"waiting\"", "asked mcp:{me} docker_stop_container")).Select(static r => new Attempt(Runbooks, r.Name)
        {
            Act = a => a.CallAsync("runbook_run", r.Values.Length == 0 ? $$"""{"runbook":"{{r.Runbook}}","wait":"10m"}""" : $$"""{"runbook":"{{r.Runbook}}","values":"{{r.Values}}","wait":"10m"}"""),
            Answer = "LevelTooLow",
            AnswerToMid = r.Answer,
            Leaves = "denied mcp:{me} runbook_run",
            LeavesOfMid = r.Leaves,
        }),
        new Attempt(Runbooks, "Healing is set off for it, of a service that it does not see")
        {
            Act = static a => a.CallAsync("heal_run", """{"service":"../traefik"}"""), Answer = "LevelTooLow", AnswerToMid = "\"status\":\"failed\"", Leaves = "denied mcp:{me} heal_run",
        },
    ];

    private static Task<string> SayAsync(Attacker attacker, string key, string message) => attacker.HttpAsync("POST", "/mcp", message, $"Authorization: Bearer {key}");
}
