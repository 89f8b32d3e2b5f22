using System.Text.Json.Nodes;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Credentials that hold no more, are for something else, or should become more than they are; and sessions of others.</summary>
internal static class CredentialAttempts
{
    private const string Keys = "A credential that does not hold, or not for this";
    private const string Rising = "A way to a better credential";
    private const string Sessions = "Somebody else's session, or another name";
    private const string Stop = "docker_set_limits";
    private const string Arguments = """{"container":"redis@dev","memory":"64MiB"}""";

    internal static IEnumerable<Attempt> All { get; } = [.. OfKeys(), .. OfRising(), .. OfSessions()];

    private static IEnumerable<Attempt> OfKeys() =>
    [
        Http(Keys, "It shows a key that was taken back", "401 ", "denied mcp:revoked mcp_login", async a =>
        {
            var key = await a.Stage.KeyAsync("revoked", Level.Manage);
            await a.Stage.RevokeAsync("revoked");
            return await CallAsync(a, key);
        }),
        Http(Keys, "It shows a key whose time is over", "401 ", "denied mcp:over mcp_login", async a => await CallAsync(a, await a.Stage.KeyAsync("over", Level.Manage, expiresIn: TimeSpan.FromMinutes(-1)))),
        Http(Keys, "It shows a key for other operations", "OperationNotGranted", "denied mcp:claude docker_set_limits", async a => await CallAsync(a, await a.Stage.KeyAsync("claude", Level.Manage, "docker_list_*"))),
        Http(Keys, "It shows a key of level manage whose name may less", "LevelTooLow", "denied mcp:nobody docker_set_limits", async a => await CallAsync(a, await a.Stage.KeyAsync("nobody", Level.Manage))),
        Http(Keys, "It starts a VM by REST", "403 ", "denied rest:low proxmox_start_vm", static a => a.HttpAsync("POST", "/api/vms/110/start", "{}")) with { By = By.Low },
        Http(Keys, "It stops a VM by REST", "403 ", "denied rest:low proxmox_stop_vm", static a => a.HttpAsync("POST", "/api/vms/100/stop", "{}")) with { By = By.Low },
        Http(Keys, "It restarts a VM by REST and says that it is agreed to", "403 ", "denied rest:low proxmox_reboot_vm", static a => a.HttpAsync("POST", "/api/vms/100/reboot", "{}", "X-Approved: true", "X-Homelab-Level: manage", "Idempotency-Key: 01J")) with { By = By.Low },
    ];

    private static IEnumerable<Attempt> OfRising() =>
    [
        Http(Rising, "Its own client asks for a higher scope", "LevelTooLow", "denied mcp:robot docker_set_limits", async a => await CallAsync(a, await TokenAsync(a, "&scope=mcp+manage+admin"))) with { By = By.Low },
        Http(Rising, "Its own client asks for a level", "LevelTooLow", "denied mcp:robot docker_restart_container", async a =>
            await a.HttpAsync("POST", "/mcp", a.Stage.Fill(Attacker.Message("docker_restart_container", """{"container":"redis@dev"}"""), out _), $"Authorization: Bearer {await TokenAsync(a, "&level=manage&operations=*")}")) with { By = By.Low },
        Http(Rising, "Its own client asks for a token of another server", "invalid_target", "denied mcp:robot oauth_token", static a => FormAsync(a, "&resource=https%3A%2F%2Fother.example%2Fmcp")) with { By = By.Low },
        Http(Rising, "Its own client asks for a refresh of nothing", "invalid_grant", "denied mcp:robot oauth_token", static a => a.HttpAsync("POST", "/oauth/token", $"grant_type=refresh_token&refresh_token=hlr_none&client_id=robot&client_secret={RedTeamStage.RobotSecret}", "Authorization:", "Content-Type: application/x-www-form-urlencoded")) with { By = By.Low },
        Http(Rising, "Its own client uses a grant that is not there", "unsupported_grant_type", "denied mcp:robot oauth_token", static a => a.HttpAsync("POST", "/oauth/token", $"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&client_id=robot&client_secret={RedTeamStage.RobotSecret}", "Authorization:", "Content-Type: application/x-www-form-urlencoded")) with { By = By.Low },
        Http(Rising, "It guesses the secret of a client", "invalid_client", "denied mcp:robot oauth_token", static a => a.HttpAsync("POST", "/oauth/token", "grant_type=client_credentials&client_id=robot&client_secret=guess", "Authorization:", "Content-Type: application/x-www-form-urlencoded")) with { By = By.Low },
        Http(Rising, "A key for making keys makes a better one", "\"status\":\"failed\"|\"status\":\"waiting\"", "denied mcp:claude access_create_key|asked mcp:claude access_create_key", async a =>
            await a.HttpAsync("POST", "/mcp", a.Stage.Fill(Attacker.Message("access_create_key", """{"name":"better","level":"manage","operation":["*"]}"""), out _), $"Authorization: Bearer {await a.Stage.KeyAsync("claude", Level.Manage, "access_*")}")) with { By = By.Mid },
        Http(Rising, "A key of level manage makes another without a person", "\"status\":\"waiting\"", "asked mcp:boss access_create_key", static a =>
            a.HttpAsync("POST", "/mcp", a.Stage.Fill(Attacker.Message("access_create_key", """{"name":"better{n}","level":"manage"}"""), out _), $"Authorization: Bearer {a.Stage.KeyOf(RedTeamStage.Boss)}")),
        new Attempt(Rising, "It lets itself in as a client") { Act = static a => a.CallAsync("mcp_allow_client", """{"client":"robot","level":"manage","sentTo":"x","code":"BCDF-GHJK","request":"0"}"""), Answer = "Unknown tool", Leaves = "denied mcp:{me} mcp_call" },
        new Attempt(Rising, "A runbook makes the key") { Act = static a => a.CallAsync("runbook_run", """{"runbook":"make-a-key"}"""), Answer = "LevelTooLow", AnswerToMid = "\"status\":\"failed\"", Leaves = "denied mcp:{me} runbook_run", LeavesOfMid = "denied mcp:{me} access_create_key" },
    ];

    private static IEnumerable<Attempt> OfSessions() =>
    [
        Http(Sessions, "It calls in a session that another began", "404 ", "denied mcp:{me} mcp_session", static async a => await InAsync(a, await OthersAsync(a), "POST")),
        Http(Sessions, "It listens in a session that another began", "404 ", "denied mcp:{me} mcp_session", static async a => await InAsync(a, await OthersAsync(a), "GET")),
        Http(Sessions, "It ends a session that another began", "404 ", "denied mcp:{me} mcp_session", static async a => await InAsync(a, await OthersAsync(a), "DELETE")),
        Http(Sessions, "It guesses a session", "404 ", "denied mcp:{me} mcp_session", static a => InAsync(a, "hls_" + new string('A', 43), "POST")),
        Http(Sessions, "It names a session with a line break", "400 |404 ", "denied mcp:{me} mcp_session", static a => InAsync(a, "hls_x;boss", "POST")),
        Http(Sessions, "It begins a session as somebody else", "LevelTooLow", "denied mcp:{me} docker_set_limits", static async a => await InAsync(a, await a.BeginAsync("boss"), "POST")),
        Http(Sessions, "It begins a session as an approver", "LevelTooLow", "denied mcp:{me} docker_set_limits", static async a => await InAsync(a, await a.BeginAsync("cli:anna"), "POST")),
        Http(Sessions, "It cancels in its own session what another does", "202 ", "denied mcp:{me} mcp_request notifications/cancelled", static async a =>
            await a.HttpAsync("POST", "/mcp", """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""", "Accept: application/json, text/event-stream", $"Mcp-Session-Id: {await a.BeginAsync()}")),
        Http(Sessions, "It answers in its own session what was asked in none", "202 ", "denied mcp:{me} mcp_request answer", static async a =>
            await a.HttpAsync("POST", "/mcp", """{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"answer":"yes"}}}""", "Accept: application/json, text/event-stream", $"Mcp-Session-Id: {await a.BeginAsync()}")),
        new Attempt(Sessions, "It introduces itself a second time, as somebody else")
        {
            Over = Over.Stdio,
            Act = static async a =>
            {
                await a.SayAsync("""{"jsonrpc":"2.0","id":{id},"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{"experimental":{"level":{"manage":true}}},"clientInfo":{"name":"boss","version":"1"},"level":"manage"}}""");
                return await a.CallAsync(Stop, Arguments);
            },
            Answer = "LevelTooLow",
            Leaves = "denied mcp:{me} docker_set_limits",
        },
    ];

    private static Attempt Http(string kind, string name, string answer, string leaves, Func<Attacker, Task<string>> act) => new(kind, name) { Over = Over.Http, By = leaves.Contains("{me}", StringComparison.Ordinal) ? By.Both : By.Mid, Act = act, Answer = answer, Leaves = leaves };

    private static Task<string> CallAsync(Attacker attacker, string key) => attacker.HttpAsync("POST", "/mcp", attacker.Stage.Fill(Attacker.Message(Stop, Arguments), out _), $"Authorization: Bearer {key}");

    private static Task<string> OthersAsync(Attacker attacker) => new Attacker(attacker.Stage, RedTeamStage.Boss, overHttp: true).BeginAsync();

    private static Task<string> InAsync(Attacker attacker, string session, string method) =>
        attacker.HttpAsync(method, "/mcp", method == "POST" ? attacker.Stage.Fill(Attacker.Message(Stop, Arguments), out _) : "", "Accept: application/json, text/event-stream", $"Mcp-Session-Id: {session}");

    private static Task<string> FormAsync(Attacker attacker, string more) =>
        attacker.HttpAsync("POST", "/oauth/token", $"grant_type=client_credentials&client_id=robot&client_secret={RedTeamStage.RobotSecret}{more}", "Authorization:", "Content-Type: application/x-www-form-urlencoded");

    private static async Task<string> TokenAsync(Attacker attacker, string more)
    {
        var answer = await FormAsync(attacker, more);
        return (string)JsonNode.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..])!["access_token"]!;
    }
}
