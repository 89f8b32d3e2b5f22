using System.Text;
using System.Text.Json.Nodes;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Mcp.Http;

/// <summary>Requests that the SDK never sees: from strangers, by other names, in other forms, or with headers and bodies that do not agree.</summary>
public sealed class GuardTests(GuardTests.Fixture fixture) : IClassFixture<GuardTests.Fixture>
{
    private const string List = """{"jsonrpc":"2.0","id":7,"method":"tools/list"}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Authorization:")]
    [InlineData("Authorization: Bearer wrong")]
    [InlineData("Authorization: Basic {key}")]
    [InlineData("Authorization: {key}")]
    public async Task A_stranger_is_asked_who_he_is_before_anything_of_the_body_is_read(string header)
    {
        var bench = fixture.Bench;
        // The body never comes.
        var answer = await bench.SendAsync("POST", "", header.Replace("{key}", await bench.KeyAsync("tester"), StringComparison.Ordinal), "Content-Length: 1000", "Host: evil.example", "Accept: text/html");
        Assert.Equal((401, "TokenRefused"), (answer.Status, answer.AsWeb.Problem()));
        Assert.StartsWith("Bearer", answer.Headers["www-authenticate"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1:{port}", 200)]
    [InlineData("localhost:{port}", 200)]
    [InlineData("LOCALHOST:{port}", 200)]
    [InlineData("[::1]:{port}", 200)]
    [InlineData("lab.example.net", 200)]
    [InlineData("LAB.example.net.", 200)]
    [InlineData("lab.example.net:443", 200)]
    [InlineData("proxy.lan", 200)]
    [InlineData("proxy.lan:1234", 200)]
    [InlineData("other.lan:8443", 200)]
    [InlineData("other.lan", 421)]
    [InlineData("other.lan:8444", 421)]
    [InlineData("lab.example.net:8443", 421)]
    [InlineData("lab.example.net.evil.example", 421)]
    [InlineData("evil.example", 421)]
    [InlineData("evil.example:{port}", 421)]
    [InlineData("localhost", 421)]
    [InlineData("127.0.0.1:1", 421)]
    [InlineData("127.0.0.2:{port}", 421)]
    [InlineData("localhost.evil.example:{port}", 421)]
    public async Task Only_the_names_of_this_server_lead_here(string host, int status)
    {
        var answer = await fixture.Bench.SendAsync("POST", List, $"Host: {Here(host)}");
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Body}");
        if (status == 421) Assert.Contains("mcp.hosts", Error(answer).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://inspector.example.net", 200)]
    [InlineData("https://INSPECTOR.example.net", 200)]
    [InlineData("https://inspector.example.net:443", 200)]
    [InlineData("https://lab.example.net", 200)]
    [InlineData("http://127.0.0.1:{port}", 200)]
    [InlineData("http://localhost:{port}", 200)]
    [InlineData("http://inspector.example.net", 403)]
    [InlineData("https://inspector.example.net:8443", 403)]
    [InlineData("https://inspector.example.net.evil.example", 403)]
    [InlineData("https://evil.example", 403)]
    [InlineData("http://evil.example:{port}", 403)]
    [InlineData("http://localhost:1", 403)]
    [InlineData("https://localhost:{port}", 403)]
    [InlineData("null", 403)]
    [InlineData("file://", 403)]
    [InlineData("inspector.example.net", 403)]
    [InlineData("*", 403)]
    public async Task Only_pages_of_the_lab_files_origins_may_use_it(string origin, int status)
    {
        var answer = await fixture.Bench.SendAsync("POST", List, $"Origin: {Here(origin)}");
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Body}");
        Assert.Equal(status == 200 ? Here(origin) : null, answer.Headers.GetValueOrDefault("access-control-allow-origin"));
        // A browser asks before it sends anything, and without the credential.
        var asked = await fixture.Bench.SendAsync("OPTIONS", "", "Authorization:", $"Origin: {Here(origin)}", "Access-Control-Request-Method: POST", "Access-Control-Request-Headers: authorization, mcp-param-region, x-other");
        Assert.Equal(status == 200 ? 204 : 403, asked.Status);
        if (status != 200) return;
        Assert.Contains("mcp-session-id", asked.Headers["access-control-allow-headers"], StringComparison.Ordinal);
        Assert.Contains("mcp-param-region", asked.Headers["access-control-allow-headers"], StringComparison.Ordinal);
        Assert.DoesNotContain("x-other", asked.Headers["access-control-allow-headers"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Accept: application/json", 406)]
    [InlineData("Accept: text/event-stream", 406)]
    [InlineData("Accept: text/html", 406)]
    [InlineData("Accept: application/json;q=0, text/event-stream", 406)]
    [InlineData("Accept: application/json, text/event-stream", 200)]
    [InlineData("Accept: text/event-stream;q=0.5, application/*", 200)]
    [InlineData("Accept: */*", 200)]
    [InlineData("Accept:", 200)]
    [InlineData("Content-Type: text/plain", 415)]
    [InlineData("Content-Type: application/x-www-form-urlencoded", 415)]
    [InlineData("Content-Type: application/json; charset=iso-8859-1", 415)]
    [InlineData("Content-Type: application/jsonp", 415)]
    [InlineData("Content-Type:", 415)]
    [InlineData("Content-Type: application/json; charset=utf-8", 200)]
    [InlineData("Content-Type: Application/JSON", 200)]
    public async Task It_takes_JSON_and_gives_JSON_or_events(string header, int status)
    {
        var answer = await fixture.Bench.SendAsync("POST", List, header);
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Body}");
        if (status != 200) Assert.Equal(-32000, Error(answer).Code);
    }

    [Theory]
    [InlineData("", -32700, null)]
    [InlineData("{", -32700, null)]
    [InlineData("hello", -32700, null)]
    [InlineData("\"text\"", -32600, null)]
    [InlineData("null", -32600, null)]
    [InlineData("[]", -32600, null)]
    [InlineData("[{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"}]", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7}", -32600, "7")]
    [InlineData("{\"jsonrpc\":\"1.0\",\"id\":7,\"method\":\"ping\"}", -32600, "7")]
    [InlineData("{\"id\":\"a\",\"method\":\"ping\"}", -32600, "\"a\"")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":3}", -32600, "7")]
    [InlineData("{\"jsonrpc\":2,\"id\":7,\"method\":\"ping\"}", -32600, "7")]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"method\":\"tools/list\"}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\"} {}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":\"\\ud800\",\"method\":\"ping\"}", -32700, null)]
    [InlineData("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"ping\",\"params\":{\"\\ud800\":1}}", -32700, null)]
    public async Task What_is_no_message_is_told_so_with_the_id_where_it_has_one(string body, int code, string? id)
    {
        var answer = await fixture.Bench.SendAsync("POST", body);
        Assert.Equal(400, answer.Status);
        Assert.Equal((code, id), (Error(answer).Code, JsonNode.Parse(answer.Body)!["id"]?.ToJsonString()));
    }

    [Fact]
    public async Task A_body_that_is_too_deep_or_too_long_is_refused()
    {
        var deep = """{"jsonrpc":"2.0","id":7,"method":"ping","params":""" + new string('[', 200) + new string(']', 200) + "}";
        Assert.Equal(-32700, Error(await fixture.Bench.SendAsync("POST", deep)).Code);
        var lengthy = await fixture.Bench.SendAsync("POST", List.Replace("tools/list", new string('x', DoorBench.BodyLimit), StringComparison.Ordinal));
        Assert.Equal((413, -32000), (lengthy.Status, Error(lengthy).Code));
        var chunked = RawHttp.Request("POST /mcp HTTP/1.1", [$"Host: {fixture.Bench.Url.Authority}", $"Authorization: Bearer {await fixture.Bench.KeyAsync("tester")}", "Content-Type: application/json", "Transfer-Encoding: chunked"], Encoding.UTF8.GetBytes($"20000\r\n{new string(' ', 0x20000)}\r\n0\r\n\r\n"));
        Assert.Equal(413, (await RawHttp.SendAsync(fixture.Bench.Url, chunked)).Status);
    }

    [Theory]
    [InlineData("PUT", 405)]
    [InlineData("PATCH", 405)]
    [InlineData("HEAD", 405)]
    [InlineData("TRACE", 405)]
    [InlineData("GET", 400)]
    [InlineData("DELETE", 400)]
    public async Task Other_methods_are_not_taken_and_two_of_them_need_a_session(string method, int status) => Assert.Equal(status, (await fixture.Bench.SendAsync(method, "")).Status);

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task The_revision_without_sessions_takes_POST_alone(string method)
    {
        var answer = await fixture.Bench.SendAsync(method, "", "MCP-Protocol-Version: 2026-07-28", "Mcp-Session-Id: hls_anything");
        Assert.Equal((405, "POST"), (answer.Status, answer.Headers["allow"]));
    }

    [Theory]
    [InlineData("tools/list", "", "MCP-Protocol-Version: 2031-01-01", 400, -32022)]
    [InlineData("tools/list", "", "MCP-Protocol-Version: x", 400, -32022)]
    [InlineData("tools/list", "", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/list", 200, 0)]
    [InlineData("tools/list", "", "MCP-Protocol-Version: 2026-07-28", 400, -32020)]
    [InlineData("tools/list", "", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call", 400, -32020)]
    [InlineData("tools/list", "", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: TOOLS/LIST", 400, -32020)]
    [InlineData("tools/list", "", "Mcp-Method: tools/list", 400, -32020)]
    [InlineData("tools/list", "-protocolVersion", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/list", 400, -32602)]
    [InlineData("tools/list", "-clientCapabilities", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/list", 400, -32602)]
    [InlineData("tools/list", "", "MCP-Protocol-Version: 2025-11-25|Mcp-Method: tools/list", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: test_simple_text", 200, 0)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name:  test_simple_text ", 200, 0)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: =?base64?dGVzdF9zaW1wbGVfdGV4dA==?=", 200, 0)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: =?base64?dGVzdF9zaW1wbGVfdGV4dA?=", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: =?base64?/w==?=", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: test_error_handling", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_simple_text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call", 400, -32020)]
    [InlineData("tools/call", "\"name\":7", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: 7", 400, -32020)]
    [InlineData("resources/read", "\"uri\":\"test://static-text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: resources/read|Mcp-Name: test://static-text", 200, 0)]
    [InlineData("resources/read", "\"uri\":\"test://static-text\"", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: resources/read|Mcp-Name: test://other", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_header_tool\",\"arguments\":{\"region\":\"eu\",\"query\":\"q\"}", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: test_header_tool|Mcp-Param-Region: eu", 200, 0)]
    [InlineData("tools/call", "\"name\":\"test_header_tool\",\"arguments\":{\"region\":\"eu\",\"query\":\"q\"}", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: test_header_tool|Mcp-Param-Region: us", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_header_tool\",\"arguments\":{\"region\":\"eu\",\"query\":\"q\"}", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: test_header_tool", 400, -32020)]
    [InlineData("tools/call", "\"name\":\"test_header_tool\",\"arguments\":{\"query\":\"q\"}", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: tools/call|Mcp-Name: test_header_tool|Mcp-Param-Region: eu", 400, -32020)]
    [InlineData("initialize", "", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: initialize", 404, -32601)]
    [InlineData("ping", "", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: ping", 404, -32601)]
    [InlineData("no/such/method", "", "MCP-Protocol-Version: 2026-07-28|Mcp-Method: no/such/method", 404, -32601)]
    public async Task Headers_and_body_must_say_the_same_in_the_revision_without_sessions(string method, string parameters, string headers, int status, int code)
    {
        var meta = new JsonObject { ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28", ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject() };
        if (parameters.StartsWith('-')) Assert.True(meta.Remove($"io.modelcontextprotocol/{parameters[1..]}"));
        var given = JsonNode.Parse($"{{{(parameters.StartsWith('-') ? "" : parameters)}}}")!.AsObject();
        given["_meta"] = meta;
        var body = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = "q-1", ["method"] = method, ["params"] = given };
        var answer = await fixture.Bench.SendAsync("POST", body.ToJsonString(), headers.Split('|'));
        Assert.True(status == answer.Status, $"{answer.Status}: {answer.Body}");
        var json = DoorBench.Json(answer);
        Assert.Equal("q-1", (string?)json["id"]);
        Assert.Equal(code, (int?)json["error"]?["code"] ?? 0);
        if (code == -32022) Assert.Equal(["2026-07-28"], json["error"]!["data"]!["supported"]!.AsArray().Select(v => (string?)v));
    }

    [Fact]
    public async Task Who_names_a_revision_that_is_not_spoken_is_told_all_that_are()
    {
        var answer = await fixture.Bench.SendAsync("POST", List, "MCP-Protocol-Version: 2031-01-01");
        var json = JsonNode.Parse(answer.Body)!;
        Assert.Equal((400, -32022, 7), (answer.Status, Error(answer).Code, (int)json["id"]!));
        Assert.Equal(["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"], json["error"]!["data"]!["supported"]!.AsArray().Select(v => (string?)v));
    }

    [Fact]
    public async Task Who_sends_what_curl_sends_is_answered_with_plain_JSON_and_needs_no_introduction()
    {
        var answer = await fixture.Bench.SendAsync("POST", List, "Accept: */*");
        Assert.Equal((200, "application/json"), (answer.Status, answer.AsWeb.ContentType));
        var json = JsonNode.Parse(answer.Body)!;
        Assert.Equal(7, (int)json["id"]!);
        Assert.Contains(json["result"]!["tools"]!.AsArray(), t => (string?)t!["name"] == "test_simple_text");
        // Progress comes on the way to an answer; only the answer is of use here.
        var progress = await fixture.Bench.SendAsync("POST", """{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"test_tool_with_progress","_meta":{"progressToken":"p"}}}""", "Accept: */*");
        Assert.Equal(8, (int)JsonNode.Parse(progress.Body)!["id"]!);
    }

    [Fact]
    public async Task A_session_that_is_none_is_told_with_the_id_of_the_request()
    {
        var answer = await fixture.Bench.CallAsync("hls_" + new string('x', 43), List);
        Assert.Equal((404, -32001, 7), (answer.Status, Error(answer).Code, (int)JsonNode.Parse(answer.Body)!["id"]!));
    }

    [Fact]
    public async Task Nothing_is_kept_by_a_cache()
    {
        Assert.Contains("no-store", (await fixture.Bench.SendAsync("POST", List)).Headers["cache-control"], StringComparison.Ordinal);
        Assert.Contains("no-store", (await fixture.Bench.SendAsync("POST", List, "Authorization:")).Headers["cache-control"], StringComparison.Ordinal);
    }

    private static (int Code, string Message) Error(RawAnswer answer)
    {
        var json = JsonNode.Parse(answer.Body)!;
        Assert.Equal("2.0", (string?)json["jsonrpc"]);
        var message = (string)json["error"]!["message"]!;
        Assert.True(message.Length is > 20 and < 800 && ForeignText.IsClean(message), message);
        return ((int)json["error"]!["code"]!, message);
    }

    private string Here(string text) => text.Replace("{port}", $"{fixture.Bench.Url.Port}", StringComparison.Ordinal);

    public sealed class Fixture : IAsyncLifetime
    {
        internal DoorBench Bench { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Bench = await DoorBench.OpenAsync(new McpDefinition { Url = "https://lab.example.net", Hosts = ["proxy.lan", "other.lan:8443"], Origins = ["https://inspector.example.net"] });

        public ValueTask DisposeAsync() => Bench.DisposeAsync();
    }
}
