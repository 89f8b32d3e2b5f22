using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Homelab.Host.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>
/// Writes down what a client sends of which nothing comes: a method that there is not, a call that waits for no answer, an answer to nothing that was asked. What reaches the gate, the gate
/// writes down. One for each connection: what was asked in another one is not known here.
/// </summary>
internal sealed class MessageWatch(OperationGate gate, Caller caller)
{
    private const string Door = "mcp_request";

    private static readonly string[] s_usual = [NotificationMethods.InitializedNotification, "notifications/roots/list_changed"];

    private readonly ConcurrentDictionary<RequestId, bool> _underWay = new();
    private readonly ConcurrentDictionary<RequestId, bool> _asked = new();

    internal void Follow(McpMessageFilters filters)
    {
        filters.IncomingFilters.Add(Incoming);
        filters.OutgoingFilters.Add(Outgoing);
    }

    private McpMessageHandler Incoming(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        switch (message.JsonRpcMessage)
        {
            case JsonRpcRequest request:
                await AnswerAsync(request, () => next(message, cancellationToken));
                return;
            case JsonRpcNotification notification when WhyNot(notification) is { } reason:
                await gate.RefuseAsync(Door, notification.Method, reason, caller);
                break;
            case JsonRpcMessageWithId answer and not JsonRpcRequest when !_asked.TryRemove(answer.Id, out _):
                await gate.RefuseAsync(Door, "answer", $"nothing was asked as {answer.Id}", caller);
                break;
        }

        await next(message, cancellationToken);
    };

    private McpMessageHandler Outgoing(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        if (message.JsonRpcMessage is JsonRpcRequest question) _asked[question.Id] = true;
        await next(message, cancellationToken);
    };

    private async Task AnswerAsync(JsonRpcRequest request, Func<Task> answer)
    {
        _underWay[request.Id] = true;
        try
        {
            await answer();
        }
        catch (Exception e) when (e is not OperationCanceledException && !Audited.Is(e) && !IsCallOfTool(request, e))
        {
            await gate.RefuseAsync(Door, request.Method, e is McpException ? e.Message : "its parameters cannot be read", caller);
            throw;
        }
        finally
        {
            _underWay.TryRemove(request.Id, out _);
        }
    }

    // A call that the face could read is in the audit too, whatever became of it; one that the connection has no room for was not read.
    private static bool IsCallOfTool(JsonRpcRequest request, Exception e) =>
        request.Method == RequestMethods.ToolsCall && e is McpException && e is not McpProtocolException { ErrorCode: (McpErrorCode)RpcRefusal.ByStatus };

    private string? WhyNot(JsonRpcNotification notification)
    {
        if (notification.Method != NotificationMethods.CancelledNotification) return s_usual.Contains(notification.Method, StringComparer.Ordinal) ? null : "it has no id, so nothing is done and nothing answered";
        return IdOf((notification.Params as JsonObject)?["requestId"]) is { } id && _underWay.ContainsKey(id) ? null : "nothing of that id is under way here";
    }

    private static RequestId? IdOf(JsonNode? node)
    {
        if (node is not JsonValue value) return null;
        if (value.TryGetValue(out string? text)) return new RequestId(text);
        return value.TryGetValue(out long number) ? new RequestId(number) : null;
    }
}
