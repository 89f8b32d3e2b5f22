using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp.Http;

/// <summary>What a message says beside its method.</summary>
internal static class RpcMeta
{
    internal const string Revision = "io.modelcontextprotocol/protocolVersion";
    internal const string ClientCapabilities = "io.modelcontextprotocol/clientCapabilities";

    internal static string? MethodOf(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => request.Method,
        JsonRpcNotification notification => notification.Method,
        _ => null,
    };

    internal static JsonObject? ParametersOf(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => request.Params as JsonObject,
        JsonRpcNotification notification => notification.Params as JsonObject,
        _ => null,
    };

    internal static JsonNode? Of(JsonRpcMessage message, string key) => (ParametersOf(message)?["_meta"] as JsonObject)?[key];

    internal static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
