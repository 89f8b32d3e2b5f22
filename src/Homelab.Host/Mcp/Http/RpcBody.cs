using System.Buffers;
using System.Text.Json;
using Homelab.Host.Web;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp.Http;

/// <summary>What a body, or a line, held: a message, or why it is none. The id is known in both cases where the body has one.</summary>
internal sealed record RpcBody(JsonRpcMessage? Message, RequestId Id, RpcRefusal? Refusal)
{
    // Two fields of one name are read by one program this way and by another that way: what is checked must be what is done.
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads the body of a request, up to the limit.</summary>
    /// <exception cref="BadHttpRequestException">It is too long, or cut off.</exception>
    internal static async Task<RpcBody> ReadAsync(HttpContext http, int limit, CancellationToken cancellationToken)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                throw new BadHttpRequestException($"The body is longer than {limit} bytes; server.bodyLimit in the lab file raises that.", StatusCodes.Status413PayloadTooLarge);
            }

            if (read.IsCompleted)
            {
                var body = Parse(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>Reads a message, whatever it came by.</summary>
    internal static RpcBody Parse(ReadOnlySequence<byte> bytes)
    {
        if (!JsonText.IsUnicode(bytes)) return Refuse(default, McpErrorCode.ParseError, "The message holds a text that is no Unicode.");
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(bytes, s_strict);
        }
        catch (JsonException e)
        {
            return Refuse(default, McpErrorCode.ParseError, $"The message cannot be read as JSON: {e.Message}");
        }

        using (document)
        {
            var root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Array) return Refuse(default, McpErrorCode.InvalidRequest, "Batches are not taken, and newer revisions of MCP have none: send each message by itself.");
            if (root.ValueKind != JsonValueKind.Object) return Refuse(default, McpErrorCode.InvalidRequest, "It must be one JSON-RPC message, an object.");
            var id = IdOf(root);
            try
            {
                return new RpcBody(root.Deserialize<JsonRpcMessage>(McpJsonUtilities.DefaultOptions), id, null);
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
            {
                // The SDK's converter throws the latter two where a field has another kind than it expects.
                return Refuse(id, McpErrorCode.InvalidRequest, $"It is no JSON-RPC message: {e.Message} Send, for example, {{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}}.");
            }
        }
    }

    private static RequestId IdOf(JsonElement root)
    {
        if (!root.TryGetProperty("id", out var id)) return default;
        if (id.ValueKind == JsonValueKind.String) return new RequestId(id.GetString()!);
        return id.ValueKind == JsonValueKind.Number && id.TryGetInt64(out var number) ? new RequestId(number) : default;
    }

    private static RpcBody Refuse(RequestId id, McpErrorCode code, string message) => new(null, id, new RpcRefusal(StatusCodes.Status400BadRequest, code, message));
}
