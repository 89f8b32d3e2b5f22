namespace Homelab.SystemTests.Mcp.RedTeam;

/// <summary>What can be said over HTTP beside the message: headers that differ from it, headers that claim something, other methods and addresses.</summary>
internal static class HeaderAttempts
{
    private const string Differing = "Headers that say another thing than the body";
    private const string Claiming = "Headers and addresses that claim a right";
    private const string Smuggled = "Another way to the same address";
    private const string Plain = """{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{"name":"docker_set_limits","arguments":{"container":"redis@dev","memory":"64MiB"}}}""";
    private const string Refused = "denied mcp:{me} mcp_request";
    private const string Denied = "denied mcp:{me} docker_set_limits";

    private static readonly string s_modern = $$$"""{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{"name":"docker_set_limits","arguments":{"container":"redis@dev","memory":"64MiB"},{{{Attacker.Meta}}}}}""";

    internal static IEnumerable<Attempt> All { get; } = [.. Different(), .. Claims(), .. Others()];

    private static IEnumerable<Attempt> Different() => Attempt.Rows<(string Name, string Message, string[] Headers)>(
        ("The header names a harmless tool", s_modern, [Revision, "Mcp-Method: tools/call", "Mcp-Name: docker_list_containers"]),
        ("The header names the tool in other letters", s_modern, [Revision, "Mcp-Method: tools/call", "Mcp-Name: DOCKER_SET_LIMITS"]),
        ("The header names a harmless method", s_modern, [Revision, "Mcp-Method: tools/list", "Mcp-Name: docker_set_limits"]),
        ("The header names no tool", s_modern, [Revision, "Mcp-Method: tools/call"]),
        ("The header names no method", s_modern, [Revision, "Mcp-Name: docker_set_limits"]),
        ("The header names two tools", s_modern, [Revision, "Mcp-Method: tools/call", "Mcp-Name: docker_list_containers", "Mcp-Name: docker_set_limits"]),
        ("The header names the tool as base64 of another", s_modern, [Revision, "Mcp-Method: tools/call", "Mcp-Name: =?base64?ZG9ja2VyX2xpc3RfY29udGFpbmVycw==?="]),
        ("The header names an older revision", s_modern, ["MCP-Protocol-Version: 2025-11-25", "Mcp-Method: tools/call", "Mcp-Name: docker_set_limits"]),
        ("The header names no revision", s_modern, ["Mcp-Method: tools/call", "Mcp-Name: docker_set_limits"]),
        ("The header names a revision that never was", Plain, ["MCP-Protocol-Version: 2099-01-01"]),
        ("The header names two revisions", s_modern, [Revision, "MCP-Protocol-Version: 2025-11-25", "Mcp-Method: tools/call", "Mcp-Name: docker_set_limits"]),
        ("The body names no revision where the header does", Plain, [Revision, "Mcp-Method: tools/call", "Mcp-Name: docker_set_limits"]))
        .Select(static d => Attempt.Say(Differing, d.Name, d.Message, "400 ", Refused, d.Headers) with { Over = Over.Http })
        .Append(Attempt.Say(Differing, "The header repeats an argument as another", s_modern, "LevelTooLow", Denied, Revision, "Mcp-Method: tools/call", "Mcp-Name: docker_set_limits", "Mcp-Param-Container: nobody", "Mcp-Param-Approved: true") with { Over = Over.Http });

    private static IEnumerable<Attempt> Claims() => Attempt.Rows<(string Name, string Path, string[] Headers)>(
        ("A proxy is said to know somebody else", "/mcp", ["X-Forwarded-User: boss", "Remote-User: boss", "X-Remote-User: root", "Tailscale-User-Login: boss"]),
        ("The request is said to come from this machine", "/mcp", ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1;by=boss"]),
        ("A header gives a level", "/mcp", ["X-Homelab-Level: manage", "Mcp-Level: 4", "X-Capability-Level: 4"]),
        ("A header gives an approval", "/mcp", ["X-Homelab-Approved: true", "X-Approval: 0123456789abcdef0123"]),
        ("A header gives another address", "/mcp", ["X-Original-URL: /api/approvals", "X-Rewrite-URL: /api/vms/110/start"]),
        ("A cookie gives a level", "/mcp", ["Cookie: level=manage; caller=boss; hl_consent_0=1"]),
        ("The address gives a level", "/mcp?level=manage&approved=true", []),
        ("The address names somebody else", "/mcp?caller=interactive:root&name=boss", []),
        ("The address brings a key of its own", "/mcp?access_token=hlk_00000000&api_key=hlk_00000000", []),
        ("The older address is asked", "/", []))
        .Select(static c => new Attempt(Claiming, c.Name) { Over = Over.Http, Act = a => a.HttpAsync("POST", c.Path, a.Stage.Fill(Plain, out _), c.Headers), Answer = "LevelTooLow", Leaves = Denied });

    private static IEnumerable<Attempt> Others() => Attempt.Rows<(string Name, string Method, string Path, string[] Headers, string Answer)>(
        ("It gets with the call as a body", "GET", "/mcp", [], "400 "),
        ("It deletes with the call as a body", "DELETE", "/mcp", [], "400 "),
        ("It gets, and says that it posts", "GET", "/mcp", ["X-HTTP-Method-Override: POST", "X-HTTP-Method: POST", "X-Method-Override: POST"], "400 "),
        ("It gets with the method in the address", "GET", "/mcp?_method=POST", [], "400 "),
        ("It gets in the revision without sessions", "GET", "/mcp", [Revision], "405 "),
        ("It puts the call", "PUT", "/mcp", [], "405 "),
        ("It patches the call in", "PATCH", "/mcp", [], "405 "),
        ("It asks for the head of a call", "HEAD", "/mcp", [], "405 "),
        ("It calls by a method of its own", "CALL", "/mcp", [], "405 "),
        ("It names a method of MCP as HTTP's", "tools-call", "/mcp", [], "405 "),
        ("It puts the call at the older address", "PUT", "/", [], "405 "),
        ("It gets from the older address", "GET", "/", [], "405 "),
        ("It deletes at the older address", "DELETE", "/", [], "405 "),
        ("It asks for a page's leave with a key, by another name", "OPTIONS", "/mcp", ["Host: evil.example", "Origin: https://evil.example"], "421 "),
        ("It asks for a foreign page's leave with a key", "OPTIONS", "/mcp", ["Origin: https://evil.example"], "403 "),
        ("It posts to a tool as if it were an address", "POST", "/mcp/docker_set_limits", [], "404 "),
        ("It posts to a session as if it were an address", "POST", "/mcp/sessions/1", [], "404 "),
        ("It posts where an older server had its events", "POST", "/sse", [], "404 "),
        ("It posts into the health", "POST", "/health", [], "405 "),
        ("It gives an alert with its key", "POST", "/hooks/uptime-alert", [], "401 "),
        ("It gives an alert to a hook that there is not", "POST", "/hooks/telegram", [], "404 "),
        ("It comes by another name", "POST", "/mcp", ["Host: evil.example"], "421 "),
        ("It comes by the name of a neighbour", "POST", "/mcp", ["Host: 127.0.0.1:1"], "421 "),
        ("It comes from a foreign page", "POST", "/mcp", ["Origin: https://evil.example"], "403 "),
        ("It comes from a page without an origin", "POST", "/mcp", ["Origin: null"], "403 "),
        ("It takes nothing that could be answered", "POST", "/mcp", ["Accept: text/html"], "406 "))
        .Select(static o => new Attempt(Smuggled, o.Name) { Over = Over.Http, Act = a => a.HttpAsync(o.Method, o.Path, a.Stage.Fill(Plain, out _), o.Headers), Answer = o.Answer, Leaves = Refused });

    private const string Revision = "MCP-Protocol-Version: 2026-07-28";
}
