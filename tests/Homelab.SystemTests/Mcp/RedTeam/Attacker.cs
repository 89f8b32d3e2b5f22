using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>A client that keeps to no rule. It says exactly what it was told to, and gives back exactly what it heard.</summary>
/// <param name="stage">Where it is let loose.</param>
/// <param name="name">Its name: that of its key, and that by which it was started.</param>
/// <param name="overHttp">True for HTTP; else standard input and output.</param>
internal sealed class Attacker(RedTeamStage stage, string name, bool overHttp)
{
    internal const string Meta = "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{\"form\":{}}},\"io.modelcontextprotocol/clientInfo\":{\"name\":\"red\",\"version\":\"1\"}}";

    internal RedTeamStage Stage => stage;

    internal string Name => name;

    internal bool OverHttp => overHttp;

    /// <summary>A call as its JSON.</summary>
    internal static string Message(string tool, string arguments, string more = "") =>
        $$$"""{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{"name":{{{JsonValue.Create(tool)!.ToJsonString()}}},"arguments":{{{arguments}}}{{{more}}}}}""";

    internal Task<string> CallAsync(string tool, string arguments = "{}") => SayAsync(Message(tool, arguments));

    /// <summary>Says a message in which <c>{id}</c> is an id and <c>{n}</c> a number that nobody had before.</summary>
    internal Task<string> SayAsync(string message, params string[] headers)
    {
        message = stage.Fill(message, out var id);
        return overHttp ? HttpAsync("POST", "/mcp", message, headers) : stage.StdioOf(name).SayAsync(message, id);
    }

    /// <summary>A call of the revision without sessions, by a client that can show questions.</summary>
    internal Task<string> ModernAsync(string tool, string arguments, string more = "")
    {
        var message = Message(tool, arguments, $",{Meta}{more}");
        string[] headers = ["MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call", $"Mcp-Name: {tool}"];
        message = stage.Fill(message, out var id);
        return overHttp ? HttpAsync("POST", "/mcp", message, headers) : stage.ModernStdioAsync(name, message, id);
    }

    /// <summary>A request with its own key, where the headers give no other. What comes back is the status and the body.</summary>
    internal async Task<string> HttpAsync(string method, string path, string body, params string[] headers) => Shown(await RawAsync(method, path, body, headers));

    internal async Task<RawAnswer> RawAsync(string method, string path, string body, params string[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        string[] usual = [$"Host: {stage.Url.Authority}", $"Authorization: Bearer {stage.KeyOf(name)}", "Content-Type: application/json", "Accept: */*", $"Content-Length: {bytes.Length.ToString(CultureInfo.InvariantCulture)}"];
        var all = usual.Where(u => !headers.Any(h => h.StartsWith(u[..(u.IndexOf(':', StringComparison.Ordinal) + 1)], StringComparison.OrdinalIgnoreCase))).Concat(headers.Where(static h => !h.EndsWith(':'))).Append("Connection: close");
        return await RawHttp.SendAsync(stage.Url, RawHttp.Request($"{method} {path} HTTP/1.1", all, bytes));
    }

    internal static string Shown(RawAnswer answer) => $"{answer.Status} {answer.Body}";

    /// <summary>Begins a session, as an older client does.</summary>
    internal async Task<string> BeginAsync(string claim = "red")
    {
        var begun = await RawAsync("POST", "/mcp", $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"{{{{claim}}}}","version":"1"}}}""", "Accept: application/json, text/event-stream");
        return begun.Headers["mcp-session-id"];
    }

    /// <summary>The id of the question that a call was answered with.</summary>
    internal static string ApprovalIn(string answer)
    {
        const string Before = "Approval ";
        var at = answer.IndexOf(Before, StringComparison.Ordinal);
        Assert.True(at >= 0, answer);
        return answer[(at + Before.Length)..][..20];
    }
}
