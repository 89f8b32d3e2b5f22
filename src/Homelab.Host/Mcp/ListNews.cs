using Homelab.Host.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp;

/// <summary>Tells a client that its lists may have become others. A client that does not listen is told nothing: the gate knows the policy of now, whatever a list said.</summary>
internal static class ListNews
{
    private static readonly string[] s_lists = [NotificationMethods.ToolListChangedNotification];

    internal static async Task TellAsync(McpServer server, JsonLog log)
    {
        // Nothing may be told to somebody who has not introduced himself yet; he sees the new list anyway.
        if (server.NegotiatedProtocolVersion is null) return;
        try
        {
            foreach (var list in s_lists) await server.SendNotificationAsync(list);
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            log.Write("listNewsLost", $"a client could not be told of another policy: {e.Message}");
        }
    }
}
