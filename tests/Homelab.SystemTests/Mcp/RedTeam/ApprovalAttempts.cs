namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>A person's yes that was not given, was given to somebody else, for something else or long ago, or has been used.</summary>
internal static class ApprovalAttempts
{
    private const string Answering = "An answer in a person's place";
    private const string Using = "A person's yes for something else";
    private const string Stop = "docker_stop_container";
    private const string Waiting = "\"status\":\"waiting\"";

    internal static IEnumerable<Attempt> All { get; } = [.. Answers(), .. Uses()];

    private static IEnumerable<Attempt> Answers() =>
    [
        Mid(Answering, "It waits, as if waiting were an answer", Waiting, "read mcp:mid approval_wait", async a =>
        {
            var (wish, id) = await AskAsync(a);
            Assert.Contains("\"status\":\"pending\"", await a.CallAsync("approval_wait", $$"""{"id":"{{id}}","timeout":"0s"}"""), StringComparison.Ordinal);
            return await a.CallAsync(Stop, wish);
        }),
        Mid(Answering, "It waits with an answer", "InputInvalid", "denied mcp:mid approval_wait", async a =>
            await a.CallAsync("approval_wait", $$"""{"id":"{{(await AskAsync(a)).Id}}","answer":"yes","approve":true}""")),
        Mid(Answering, "It has the gate explained, as if that let it through", "\"status\":\"found\"", "read mcp:mid heal_explain", static a => a.CallAsync("heal_explain", """{"operation":"docker_stop_container","with":"{\"container\":\"redis@dev\"}"}""")),
        Mid(Answering, "It says yes by REST with its own key", "403 ", "denied rest:rest:mid", async a => await RestAsync(a, (await AskAsync(a)).Id, "approve")),
        Mid(Answering, "It says yes by REST and types the target", "403 ", "denied rest:rest:mid", async a => await RestAsync(a, (await AskAsync(a)).Id, "approve", """{"target":"redis@dev"}""")),
        Mid(Answering, "It says yes by REST with another key", "403 ", "denied rest:rest:low", async a => await RestAsync(a, (await AskAsync(a)).Id, "approve", "{}", RedTeamStage.Low)),
        Mid(Answering, "It says yes by REST with the key of who may most", "403 ", "denied rest:rest:boss", async a => await RestAsync(a, (await AskAsync(a)).Id, "approve", "{}", RedTeamStage.Boss)),
        Mid(Answering, "It says no in a person's place", "403 ", "denied rest:rest:low", async a => await RestAsync(a, (await AskAsync(a)).Id, "deny", "", RedTeamStage.Low)),
        Mid(Answering, "It answers by a command on the host", "\"status\":\"failed\"", "denied mcp:mid ssh_run", async a => await a.CallAsync("ssh_run", $$"""{"command":"homelab approvals approve {{(await AskAsync(a)).Id}}","host":"dev"}""")),
        Mid(Answering, "It answers by a runbook", "RunbookNotFound", "denied mcp:mid runbook_run", async a => await a.CallAsync("runbook_run", $$"""{"runbook":"approve-{{(await AskAsync(a)).Id}}"}""")),
    ];

    private static IEnumerable<Attempt> Uses() =>
    [
        Mid(Using, "It does another thing with a yes", Waiting, "asked mcp:mid docker_stop_container", async a =>
        {
            await a.Stage.ApproveAsync((await AskAsync(a)).Id);
            return await a.CallAsync(Stop, """{"container":"redis@dev","grace":"{n}ms"}""");
        }),
        Mid(Using, "It does it to another container with a yes", Waiting, "asked mcp:mid docker_stop_container container:postgresql@dev", async a =>
        {
            var (wish, id) = await AskAsync(a);
            await a.Stage.ApproveAsync(id);
            return await a.CallAsync(Stop, wish.Replace("redis", "postgresql", StringComparison.Ordinal));
        }),
        Mid(Using, "It names the id of a yes for another thing", "InputInvalid", "denied mcp:mid docker_stop_container", async a =>
        {
            var (_, id) = await AskAsync(a);
            await a.Stage.ApproveAsync(id);
            return await a.CallAsync(Stop, $$"""{"container":"gitea@dev","approval":"{{id}}"}""");
        }),
        Mid(Using, "Another client of the same level uses a yes", Waiting, "asked mcp:second docker_stop_container", async a =>
        {
            var (wish, id) = await AskAsync(a);
            await a.Stage.ApproveAsync(id);
            return await a.HttpAsync("POST", "/mcp", a.Stage.Fill(Attacker.Message(Stop, wish), out _), $"Authorization: Bearer {await a.Stage.SecondAsync()}");
        }),
        Mid(Using, "A client of level 1 uses a yes", "LevelTooLow", "denied mcp:low docker_stop_container", async a =>
        {
            var (wish, id) = await AskAsync(a);
            await a.Stage.ApproveAsync(id);
            return await new Attacker(a.Stage, RedTeamStage.Low, a.OverHttp).CallAsync(Stop, wish);
        }),
        Mid(Using, "It uses a yes by REST", "404 |403 |405 ", "answered cli:cli:anna", async a =>
        {
            var (_, id) = await AskAsync(a);
            await a.Stage.ApproveAsync(id);
            return await RestAsync(a, id, "run");
        }),
        Mid(Using, "It goes on after a no", "ApprovalDenied", "denied mcp:mid docker_stop_container", async a =>
        {
            var (wish, id) = await AskAsync(a);
            await a.Stage.DenyAsync(id);
            return await a.CallAsync(Stop, wish);
        }),
        Mid(Using, "It goes on with one yes where two are needed", "\"confirmationsGiven\":1", "asked mcp:mid docker_restart_container", async a =>
        {
            var wish = a.Stage.Fill("""{"container":"traefik@infra","timeout":"{n}ms"}""", out _);
            await a.Stage.ApproveAsync(Attacker.ApprovalIn(await a.CallAsync("docker_restart_container", wish)));
            return await a.CallAsync("docker_restart_container", wish);
        }),
        Mid(Using, "It goes on with a yes whose time is over", Waiting, "asked mcp:mid docker_stop_container", async a =>
        {
            var (wish, id) = await AskAsync(new Attacker(a.Stage, RedTeamStage.Boss, a.OverHttp));
            await a.Stage.AgreedLongAgoAsync(id, a.Name);
            return await a.CallAsync(Stop, wish);
        }),
        Mid(Using, "It uses a yes twice", Waiting, "asked mcp:mid proxmox_reset_vm", async a =>
        {
            var wish = a.OverHttp ? """{"vm":"ai"}""" : """{"vm":"infra"}""";
            await a.Stage.ApproveAsync(Attacker.ApprovalIn(await a.CallAsync("proxmox_reset_vm", wish)));
            Assert.Contains("\"status\":\"done\"", await a.CallAsync("proxmox_reset_vm", wish), StringComparison.Ordinal);
            return await a.CallAsync("proxmox_reset_vm", wish);
        }) with { Effects = 1 },
        Mid(Using, "It uses a yes twenty times at once", "", "intent mcp:mid docker_stop_container", async a =>
        {
            var wish = a.Stage.Fill("""{"container":"ragflow@ai","grace":"{n}ms"}""", out _);
            await a.Stage.ApproveAsync(Attacker.ApprovalIn(await a.CallAsync(Stop, wish)));
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => a.CallAsync(Stop, wish)));
            return string.Join('\n', answers);
        }) with { Effects = 1, Over = Over.Http },
    ];

    private static Attempt Mid(string kind, string name, string answer, string leaves, Func<Attacker, Task<string>> act) => new(kind, name) { By = By.Mid, Act = act, Answer = answer, Leaves = leaves };

    // A question of its own, which nobody has asked before.
    private static async Task<(string Wish, string Id)> AskAsync(Attacker attacker)
    {
        var wish = attacker.Stage.Fill("""{"container":"redis@dev","grace":"{n}ms"}""", out _);
        return (wish, Attacker.ApprovalIn(await attacker.CallAsync(Stop, wish)));
    }

    private static Task<string> RestAsync(Attacker attacker, string id, string word, string body = "{}", string? key = null) =>
        attacker.HttpAsync("POST", $"/api/approvals/{id}/{word}", body, $"Authorization: Bearer {attacker.Stage.KeyOf(key ?? attacker.Name)}");
}
