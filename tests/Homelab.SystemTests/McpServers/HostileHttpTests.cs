using System.Globalization;
using Homelab.Tests;
using Microsoft.AspNetCore.Http;

namespace Homelab.SystemTests.McpServers;

/// <summary>Servers that do what no server should: each is a line that says so, in a bounded time, and gets nothing that is not meant for it.</summary>
public sealed class HostileHttpTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text/html", "<html>hello</html>", "text/html where MCP has JSON")]
    [InlineData("application/json", "{\"hello\":1}", "")]
    [InlineData("application/json", "{\"jsonrpc\":\"2.0\",", "")]
    [InlineData("application/json", "[]", "")]
    [InlineData("application/json", "{\"jsonrpc\":\"2.0\",\"id\":99,\"result\":{}}", "")]
    [InlineData("application/json", "null", "")]
    [InlineData("text/event-stream", "data: hello\n\n", "")]
    [InlineData("text/event-stream", "", "")]
    public async Task What_answers_something_else_is_odd(string type, string body, string says)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, _) =>
        {
            await ScriptedServer.RawAsync(http, body, type);
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd"), (found.State, found.Error));
        Assert.Contains(says, found.Detail, StringComparison.Ordinal);
        Assert.NotEqual("", found.Fix);
    }

    [Theory]
    [InlineData("initialize", "{}")]
    [InlineData("initialize", "[]")]
    [InlineData("initialize", "{\"protocolVersion\":\"1999-01-01\",\"capabilities\":{},\"serverInfo\":{\"name\":\"x\",\"version\":\"1\"}}")]
    [InlineData("initialize", "{\"protocolVersion\":5,\"capabilities\":[],\"serverInfo\":null}")]
    [InlineData("tools/list", "{}")]
    [InlineData("tools/list", "{\"tools\":{}}")]
    [InlineData("tools/list", "{\"tools\":[{\"name\":null,\"inputSchema\":{\"type\":\"object\"}}]}")]
    [InlineData("tools/list", "{\"tools\":[{\"name\":\"x\",\"inputSchema\":7}]}")]
    [InlineData("tools/list", "{\"tools\":[],\"nextCursor\":7}")]
    public async Task A_result_that_is_none_of_the_protocol_is_not_taken_for_one(string of, string result)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, method) =>
        {
            if (method != of) return false;
            await ScriptedServer.ResultAsync(http, result);
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        var found = await bench.LookAsync();
        // An empty list of tools that is not there is none.
        if (found.State == McpServerState.Online) Assert.Equal(0, found.TotalTools);
        else Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd"), (found.State, found.Error));
    }

    [Fact]
    public async Task One_that_never_answers_is_given_up()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, _) =>
        {
            asked.TrySetResult();
            await WaitAsync(http.RequestAborted);
            return true;
        };
        await using var bench = ServersBench.At(server.Url, time: time);
        var looking = bench.LookAsync();
        await asked.Task.WaitAsync(Cancellation);
        await Eventually.HoldsAsync("it is given up", () => PassAsync(time, looking), Cancellation);
        var found = await looking;
        Assert.Equal((McpServerState.Unknown, "McpServerNoAnswer"), (found.State, found.Error));
        Assert.Contains("did not answer within 10s", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_never_stops_talking_is_given_up()
    {
        var time = new ManualTime();
        var asked = new TaskCompletionSource();
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, _) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(": still here\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            asked.TrySetResult();
            await WaitAsync(http.RequestAborted);
            return true;
        };
        await using var bench = ServersBench.At(server.Url, time: time);
        var looking = bench.LookAsync();
        await asked.Task.WaitAsync(Cancellation);
        await Eventually.HoldsAsync("it is given up", () => PassAsync(time, looking), Cancellation);
        Assert.Equal("McpServerNoAnswer", (await looking).Error);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    public async Task No_more_is_read_than_a_few_questions_can_be_worth(string type)
    {
        await using var server = await ScriptedServer.StartAsync();
        var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Script = async (http, method) =>
        {
            if (method != "tools/list") return false;
            http.Response.ContentType = type;
            var piece = new string(' ', 64 * 1024);
            await http.Response.WriteAsync("data: {", http.RequestAborted);
            http.RequestAborted.Register(() => hungUp.TrySetResult());
            while (!http.RequestAborted.IsCancellationRequested) await http.Response.WriteAsync(piece, http.RequestAborted);
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd", "scripted"), (found.State, found.Error, found.Product));
        Assert.Contains("sends more than 8", found.Detail, StringComparison.Ordinal);
        // How much is under way by then is the system's business; nobody takes it any more.
        await hungUp.Task.WaitAsync(Cancellation);
    }

    [Theory]
    [InlineData(false, "more than 50 pages", 50)]
    [InlineData(true, "in a circle", 3)]
    public async Task A_list_that_does_not_end_is_cut_off(bool isCircle, string says, int pages)
    {
        await using var server = await ScriptedServer.StartAsync();
        var page = 0;
        server.Script = async (http, method) =>
        {
            if (method != "tools/list") return false;
            var next = Interlocked.Increment(ref page);
            if (isCircle) next %= 2;
            await ScriptedServer.ResultAsync(http, $$$"""{"tools":{{{server.Tools}}},"nextCursor":"{{{next}}}"}""");
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd", 0), (found.State, found.Error, found.TotalTools));
        Assert.Contains(says, found.Detail, StringComparison.Ordinal);
        Assert.Equal(pages, page);
    }

    [Fact]
    public async Task A_list_that_is_too_long_is_cut_off()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Tools = $"[{string.Join(',', Enumerable.Range(0, 2001).Select(static i => string.Create(CultureInfo.InvariantCulture, $$$"""{"name":"t{{{i}}}","inputSchema":{"type":"object"}}""")))}]";
        await using var bench = ServersBench.At(server.Url);
        Assert.Contains("lists more than 2000 tools", (await bench.LookAsync()).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_says_moves_no_terminal_and_gives_back_no_secret()
    {
        await using var server = await ScriptedServer.StartAsync();
        var hidden = ServersBench.Token.Insert(5, "\u200b");
        server.Product = $"\e[31mred\e[0m\r\nline\u202e {ServersBench.Token} {hidden}";
        server.Tools = $$$"""[{"name":"get\u001b]0;title\u0007 {{{ServersBench.Token}}}","description":"{{{new string('x', 5000)}}}\u0000{{{ServersBench.Token}}}","inputSchema":{"type":"object"}}]""";
        await using var bench = ServersBench.At(server.Url, hasToken: true);
        // The bench itself looks at every text that comes.
        var found = await bench.LookAsync();
        Assert.Equal(McpServerState.Online, found.State);
        Assert.Contains("*** ***", found.Product, StringComparison.Ordinal);
        var tool = found.Categories.Single().Tools.Single();
        Assert.EndsWith("***", tool.Name, StringComparison.Ordinal);
        Assert.Equal(200, tool.Description.Length);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_login_stays_here()
    {
        await using var elsewhere = await ScriptedServer.StartAsync();
        await using var server = await ScriptedServer.StartAsync();
        server.Script = (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            http.Response.Headers.Location = elsewhere.Url.AbsoluteUri;
            return Task.FromResult(true);
        };
        await using var bench = ServersBench.At(server.Url, hasToken: true);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd"), (found.State, found.Error));
        Assert.Contains($"HTTP 307, a redirect to {elsewhere.Url}, which is not followed", found.Detail, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Fact]
    public async Task An_older_server_that_names_another_origin_is_not_followed_either()
    {
        await using var elsewhere = await ScriptedServer.StartAsync();
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, method) =>
        {
            if (method != "GET")
            {
                http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                return true;
            }

            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync($"event: endpoint\ndata: {elsewhere.Url}\n\n", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await WaitAsync(http.RequestAborted);
            return true;
        };
        await using var bench = ServersBench.At(server.Url, hasToken: true);
        var found = await bench.LookAsync();
        Assert.Equal("McpServerAnswerOdd", found.Error);
        Assert.Contains($"sends us to {elsewhere.Url.GetLeftPart(UriPartial.Authority)}, where nothing is sent", found.Detail, StringComparison.Ordinal);
        Assert.Empty(elsewhere.Asked);
    }

    [Theory]
    [InlineData("server/discover")]
    [InlineData("initialize")]
    [InlineData("tools/list")]
    public async Task One_that_hangs_up_in_the_middle_is_told(string at)
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, method) =>
        {
            if (method != at) return false;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 1000;
            await http.Response.WriteAsync("{\"jsonrpc\":", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            http.Abort();
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        var found = await bench.LookAsync();
        Assert.Equal((McpServerState.Unknown, "McpServerAnswerOdd"), (found.State, found.Error));
    }

    [Fact]
    public async Task A_flood_of_questions_to_us_is_cut_off()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, method) =>
        {
            if (method != "tools/list") return false;
            http.Response.ContentType = "text/event-stream";
            for (var i = 0; i < 5000; i++) await http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $$"""data: {"jsonrpc":"2.0","id":"p{{i}}","method":"ping"}{{"\n\n"}}"""), http.RequestAborted);
            await http.Response.WriteAsync($$$"""data: {"jsonrpc":"2.0","id":{{{ScriptedServer.Id(http)}}},"result":{"tools":[]}}{{{"\n\n"}}}""", http.RequestAborted);
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        await bench.LookAsync();
        Assert.InRange(server.Asked.Count, 1, 200);
    }

    [Fact]
    public async Task A_farewell_that_is_not_heard_is_not_waited_for()
    {
        await using var server = await ScriptedServer.StartAsync();
        server.Script = async (http, method) =>
        {
            if (method == "initialize") http.Response.Headers["Mcp-Session-Id"] = "s1";
            if (method != "DELETE") return false;
            await WaitAsync(http.RequestAborted);
            return true;
        };
        await using var bench = ServersBench.At(server.Url);
        // It would be waited for as long as the server likes; the limit protects from that alone.
        Assert.Equal(McpServerState.Online, (await bench.LookAsync().WaitAsync(TimeSpan.FromMinutes(3), Cancellation)).State);
    }

    private static Task<bool> PassAsync(ManualTime time, Task until)
    {
        time.Advance(TimeSpan.FromSeconds(1));
        return Task.FromResult(until.IsCompleted);
    }

    // As long as the other side listens.
    private static async Task WaitAsync(CancellationToken aborted)
    {
        var over = new TaskCompletionSource();
        await using var registration = aborted.Register(over.SetResult);
        await over.Task;
    }
}
