using Homelab.Host.Logging;
using Homelab.Host.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>Tells a client that its lists may have become others. A client that does not listen is told nothing: the gate knows the policy of now, whatever a list said.</summary>
internal static class ListNews
{
    /// <summary>What may have become another, each by the notification that says so.</summary>
    internal static IReadOnlyList<string> Lists { get; } = [NotificationMethods.ToolListChangedNotification, NotificationMethods.ResourceListChangedNotification, NotificationMethods.PromptListChangedNotification];

    internal static async Task TellAsync(McpServer server, JsonLog log)
    {
        // Nothing may be told to somebody who has not introduced himself yet; he sees the new list anyway. The revision without sessions hears what it listens to (subscriptions/listen).
        if (server.NegotiatedProtocolVersion is null || Revisions.IsSessionless(server.NegotiatedProtocolVersion)) return;
        try
        {
            foreach (var list in Lists) await server.SendNotificationAsync(list);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            log.Write("listNewsLost", $"a client could not be told of another policy: {e.Message}");
        }
    }
}
