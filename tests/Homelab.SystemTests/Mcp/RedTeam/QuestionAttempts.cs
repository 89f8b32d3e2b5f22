using System.Text.Json.Nodes;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>Forms (elicitation): the client is shown a question, and answers it in a person's place, or one that was shown to somebody else.</summary>
internal static class QuestionAttempts
{
    private const string Kind = "A form that a client fills in";
    private const string Stop = "docker_stop_container";
    private const string NotTaken = "denied mcp-elicitation:mcp-elicitation:mid docker_stop_container";
    private const string NotShown = "denied mcp:mid mcp_answer";
    private const string Waiting = "\"status\":\"waiting\"";

    internal static IEnumerable<Attempt> All { get; } =
    [
        Mid("It says yes where the policy takes none", "ApproverNotAllowed", NotTaken, static a => AnswerAsync(a, Yes)),
        Mid("It says yes, and more", "ApproverNotAllowed", NotTaken, static a => AnswerAsync(a, """{"action":"accept","content":{"answer":"yes","approved":true,"level":"manage"}}""")),
        Mid("It says yes as a list", Waiting, "asked mcp:mid docker_stop_container", static a => AnswerAsync(a, """{"action":"accept","content":{"answer":["yes"]}}""")),
        Mid("It says yes as true", Waiting, "asked mcp:mid docker_stop_container", static a => AnswerAsync(a, """{"action":"accept","content":{"answer":true}}""")),
        Mid("It says yes in other letters", Waiting, "asked mcp:mid docker_stop_container", static a => AnswerAsync(a, """{"action":"accept","content":{"answer":"YES"}}""")),
        Mid("It says approve", Waiting, "asked mcp:mid docker_stop_container", static a => AnswerAsync(a, """{"action":"approve","content":{"answer":"yes"}}""")),
        Mid("It accepts and says nothing", Waiting, "asked mcp:mid docker_stop_container", static a => AnswerAsync(a, """{"action":"accept","content":{}}""")),
        Mid("It answers in another field", Waiting, "asked mcp:mid docker_stop_container", static a => AnswerAsync(a, """{"action":"accept","content":{"approval":"yes","confirm":"yes"}}""")),
        Mid("It answers under another name", Waiting, "asked mcp:mid docker_stop_container", static async a =>
        {
            var (wish, state) = await ShownAsync(a);
            return await a.ModernAsync(Stop, wish, $$$""","requestState":{{{Text(state)}}},"inputResponses":{"other":{{{Yes}}}}""");
        }),
        Mid("It answers without the seal of the question", Waiting, "asked mcp:mid docker_stop_container", static async a =>
        {
            var (wish, _) = await ShownAsync(a);
            return await a.ModernAsync(Stop, wish, $$$""","inputResponses":{"approval":{{{Yes}}}}""");
        }),
        Mid("It seals the question itself", Waiting, NotShown, static async a =>
        {
            var (wish, state) = await ShownAsync(a);
            return await SendAsync(a, wish, $"{state.Split('.')[0]}.{new string('0', 64)}");
        }),
        Mid("It gives the question's id as the seal", Waiting, NotShown, static async a =>
        {
            var (wish, state) = await ShownAsync(a);
            return await SendAsync(a, wish, state.Split('.')[0]);
        }),
        Mid("It cuts the seal", Waiting, NotShown, static async a =>
        {
            var (wish, state) = await ShownAsync(a);
            return await SendAsync(a, wish, state[..^1]);
        }),
        Mid("It puts the seal of one question on another", Waiting, NotShown, static async a =>
        {
            var (_, first) = await ShownAsync(a);
            var (wish, second) = await ShownAsync(a);
            return await SendAsync(a, wish, $"{second.Split('.')[0]}.{first.Split('.')[1]}");
        }),
        Mid("It answers one question with a call of another thing", "ApproverNotAllowed", NotTaken, static async a =>
        {
            var (_, state) = await ShownAsync(a);
            return await SendAsync(a, """{"container":"gitea@dev","grace":"{n}ms"}""", state);
        }),
        Mid("It answers a question that was shown to somebody else", "ApproverNotAllowed", NotTaken, static async a =>
        {
            var (wish, state) = await ShownAsync(new Attacker(a.Stage, RedTeamStage.Boss, a.OverHttp));
            return await SendAsync(a, wish, state);
        }) with { Over = Over.Http },
        Mid("It says no, and then yes", "ApprovalClosed|ApprovalDenied|is denied and takes no more answers", "denied mcp:mid docker_stop_container|answered mcp-elicitation:mcp-elicitation:mid", static async a =>
        {
            var (wish, state) = await ShownAsync(a);
            a.Stage.Own(state.Split('.')[0]);
            await a.ModernAsync(Stop, wish, $$$""","requestState":{{{Text(state)}}},"inputResponses":{"approval":{"action":"decline"}}""");
            return await SendAsync(a, wish, state);
        }),
        Mid("It answers what destroys", "ApproverNotAllowed|LevelTooLow", "denied mcp", static async a =>
        {
            var (_, state) = await ShownAsync(a);
            return await a.ModernAsync("proxmox_delete_vm", """{"vm":"110"}""", $$$""","requestState":{{{Text(state)}}},"inputResponses":{"approval":{{{Yes}}}}""");
        }),
        Mid("It seals with what breaks the seal's reader", Waiting, NotShown, static async a => await SendAsync(a, (await ShownAsync(a)).Wish, "\u0000.\ud800.{}")),
    ];

    private const string Yes = """{"action":"accept","content":{"answer":"yes"}}""";

    private static Attempt Mid(string name, string answer, string leaves, Func<Attacker, Task<string>> act) => new(Kind, name) { By = By.Mid, Act = act, Answer = answer, Leaves = leaves };

    private static async Task<string> AnswerAsync(Attacker attacker, string response)
    {
        var (wish, state) = await ShownAsync(attacker);
        return await attacker.ModernAsync(Stop, wish, $$$""","requestState":{{{Text(state)}}},"inputResponses":{"approval":{{{response}}}}""");
    }

    private static Task<string> SendAsync(Attacker attacker, string wish, string state) => attacker.ModernAsync(Stop, wish, $$$""","requestState":{{{Text(state)}}},"inputResponses":{"approval":{{{Yes}}}}""");

    // A question that the client is shown, and its seal.
    private static async Task<(string Wish, string State)> ShownAsync(Attacker attacker)
    {
        var wish = attacker.Stage.Fill("""{"container":"redis@dev","grace":"{n}ms"}""", out _);
        var answer = await attacker.ModernAsync(Stop, wish);
        // Something may have been told before it.
        var last = answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        var json = JsonNode.Parse(last[last.IndexOf('{', StringComparison.Ordinal)..])!;
        Assert.True((string?)json["result"]?["requestState"] is not null, answer);
        return (wish, (string)json["result"]!["requestState"]!);
    }

    private static string Text(string value) => JsonValue.Create(value)!.ToJsonString();
}
