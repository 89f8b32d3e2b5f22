using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp.Http;

/// <summary>Why a request is not passed on: the HTTP status, and the JSON-RPC error that says it to the client's program.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The JSON-RPC error code.</param>
/// <param name="Message">What is wrong and what to send instead.</param>
internal sealed record RpcRefusal(int Status, int Code, string Message)
{
    /// <summary>Of the range that JSON-RPC leaves to servers: what HTTP's status says better.</summary>
    internal const int ByStatus = -32000;

    /// <summary>As the reference servers have it: no such session.</summary>
    internal const int NoSession = -32001;

    // It may quote what was sent, which may be anything of any length.
    private const int LongestMessage = 700;

    internal RpcRefusal(int status, McpErrorCode code, string message)
        : this(status, (int)code, message)
    {
    }

    /// <summary>What a program can read of it.</summary>
    internal JsonNode? Data { get; init; }

    /// <summary>Answers with it. The id is that of the request, where it could be read.</summary>
    internal Task WriteAsync(HttpContext http, RequestId id)
    {
        http.Response.StatusCode = Status;
        http.Response.ContentType = Media.Json + "; charset=utf-8";
        return http.Response.WriteAsync(Text(id), CancellationToken.None);
    }

    /// <summary>Ends an answer with it: as its last event, where events have begun.</summary>
    internal Task EndAsync(HttpContext http, RequestId id)
    {
        if (!http.Response.HasStarted) return WriteAsync(http, id);
        return id.Id is null ? Task.CompletedTask : http.Response.WriteAsync($"event: message\ndata: {Text(id)}\n\n", CancellationToken.None);
    }

    /// <summary>The error itself, for whatever carries it.</summary>
    internal JsonRpcError ToMessage(RequestId id) => new() { Id = id, Error = new JsonRpcErrorDetail { Code = Code, Message = ForeignText.Clean(Message, LongestMessage), Data = Data } };

    private string Text(RequestId id) => JsonSerializer.Serialize<JsonRpcMessage>(ToMessage(id), McpJsonUtilities.DefaultOptions);
}
