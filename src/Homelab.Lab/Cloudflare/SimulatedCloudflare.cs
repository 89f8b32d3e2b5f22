using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.Cloudflare;

/// <summary>Cloudflare's API on a port of 127.0.0.1, as far as it tells of a token.</summary>
/// <remarks>Cloudflare API v4: <c>GET /user/tokens/verify</c>, with its documented answers and refusals.</remarks>
public sealed class SimulatedCloudflare : IAsyncDisposable
{
    private readonly string _token;
    private readonly ConcurrentQueue<string> _requests = new();
    private LoopbackServer? _server;

    private SimulatedCloudflare(string token) => _token = token;

    /// <summary>The address of the API.</summary>
    public Uri Url => new(_server!.Url, "/client/v4");

    /// <summary>What the token is: <c>active</c>, <c>disabled</c> or <c>expired</c>.</summary>
    public string Status { get; set; } = "active";

    /// <summary>When the token ends; null when it does not.</summary>
    public DateTimeOffset? ExpiresOn { get; set; }

    /// <summary>Answers everything so, in place of the API: a status and a body.</summary>
    public (int Status, string Body)? Instead { get; set; }

    /// <summary>The requests so far: method and path.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    /// <summary>Starts one that knows one token.</summary>
    public static async Task<SimulatedCloudflare> StartAsync(string token)
    {
        var cloudflare = new SimulatedCloudflare(token);
        cloudflare._server = await LoopbackServer.StartAsync(cloudflare.AnswerAsync);
        return cloudflare;
    }

    /// <summary>Closes the port.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null) await _server.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        _requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        if (Instead is { } instead) return WriteAsync(context, instead.Status, instead.Body);
        if (context.Request.Path != "/client/v4/user/tokens/verify" || !HttpMethods.IsGet(context.Request.Method)) return RefuseAsync(context, 404, 7003, "Could not route to " + context.Request.Path + ", perhaps your object identifier is invalid?");
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var header) || header.Scheme != "Bearer" || header.Parameter is not { Length: > 0 } given) return RefuseAsync(context, 400, 6003, "Invalid request headers");
        if (given != _token) return RefuseAsync(context, 401, 1000, "Invalid API Token");
        var result = new JsonObject { ["id"] = "ed17574386854bf78a67040be0a770b0", ["status"] = Status };
        if (ExpiresOn is { } end) result["expires_on"] = end.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        var message = Status == "active" ? "This API Token is valid and active" : $"This API Token is {Status}";
        return WriteAsync(context, 200, new JsonObject
        {
            ["result"] = result,
            ["success"] = true,
            ["errors"] = new JsonArray(),
            ["messages"] = new JsonArray(new JsonObject { ["code"] = 10000, ["message"] = message, ["type"] = null }),
        }.ToJsonString());
    }

    private static Task RefuseAsync(HttpContext context, int status, int code, string message) => WriteAsync(context, status, new JsonObject
    {
        ["success"] = false,
        ["errors"] = new JsonArray(new JsonObject { ["code"] = code, ["message"] = message }),
        ["messages"] = new JsonArray(),
        ["result"] = null,
    }.ToJsonString());

    private static Task WriteAsync(HttpContext context, int status, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }
}
