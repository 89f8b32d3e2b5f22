using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Homelab.SystemTests.McpServers;

/// <summary>An MCP server over HTTP that does what a test tells it, well or badly. Without being told it is a small one of revision 2025-06-18 with one tool.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedServer(WebApplication app)
    {
        _app = app;
        Url = new Uri(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/mcp");
    }

    internal Uri Url { get; }

    /// <summary>Every request: method, path and the login that it showed.</summary>
    internal ConcurrentQueue<(string Method, string Path, string Login)> Asked { get; } = new();

    /// <summary>Answers a request itself, by its method in the protocol; false leaves it to the usual answer.</summary>
    internal Func<HttpContext, string, Task<bool>> Script { get; set; } = static (_, _) => Task.FromResult(false);

    /// <summary>The usual list of tools, as JSON.</summary>
    internal string Tools { get; set; } = """[{"name":"get_vms","description":"Lists guests","inputSchema":{"type":"object"},"annotations":{"readOnlyHint":true}}]""";

    internal string Product { get; set; } = "scripted";

    internal static async Task<ScriptedServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        ScriptedServer? server = null;
        app.Run(http => server!.AnswerAsync(http));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return server = new ScriptedServer(app);
    }

    /// <summary>Answers a request with a result.</summary>
    internal static Task ResultAsync(HttpContext http, string result) => RawAsync(http, $$"""{"jsonrpc":"2.0","id":{{Id(http)}},"result":{{result}} }""");

    internal static Task RawAsync(HttpContext http, string body, string type = "application/json", int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>The id of the request, as JSON.</summary>
    internal static string Id(HttpContext http) => http.Items["id"] is JsonNode id ? id.ToJsonString() : "null";

    public async ValueTask DisposeAsync()
    {
        // At once: what hangs would otherwise be waited for.
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Asked.Enqueue((http.Request.Method, http.Request.Path, $"{http.Request.Headers.Authorization}{http.Request.Headers["X-Api-Key"]}"));
        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(http.RequestAborted);
        var message = text.Length == 0 ? null : JsonNode.Parse(text);
        http.Items["id"] = message is null ? null : message["id"];
        var method = message is null ? http.Request.Method : (string?)message["method"] ?? "";
        if (await Script(http, method)) return;
        switch (method)
        {
            case "initialize":
                await ResultAsync(http, $$$"""{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":{{{JsonValue.Create(Product).ToJsonString()}}},"version":"1.2.3"}}""");
                break;
            case "ping":
                await ResultAsync(http, "{}");
                break;
            case "tools/list":
                await ResultAsync(http, $$"""{"tools":{{Tools}} }""");
                break;
            case "GET" or "DELETE":
                http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
                break;
            case var _ when http.Items["id"] is null:
                http.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            default:
                await RawAsync(http, $$$"""{"jsonrpc":"2.0","id":{{{Id(http)}}},"error":{"code":-32601,"message":"no such method"}}""");
                break;
        }
    }
}
