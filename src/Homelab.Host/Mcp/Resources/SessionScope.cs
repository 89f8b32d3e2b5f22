using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Resources;

/// <summary>The session that a request belongs to: whom something can be told later, and until when. A request without one stands alone.</summary>
internal sealed class SessionScope
{
    private const string Key = "homelab.session";

    private readonly TaskCompletionSource<McpServer> _server = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SessionScope(CancellationToken ended) => Ended = ended;

    /// <summary>Ends with the session.</summary>
    internal CancellationToken Ended { get; }

    /// <summary>Makes the requests of a server known as those of a session. Call <see cref="Serve"/> with the server, once it is there.</summary>
    internal static SessionScope Attach(McpServerOptions options, CancellationToken ended)
    {
        var scope = new SessionScope(ended);
        options.Filters.Message.IncomingFilters.Add(next => (message, cancellationToken) =>
        {
            message.Items[Key] = scope;
            return next(message, cancellationToken);
        });
        return scope;
    }

    /// <summary>The session of a request; null where it has none.</summary>
    internal static SessionScope? Of(JsonRpcRequest request) => request.Context?.Items is { } items && items.TryGetValue(Key, out var scope) ? (SessionScope?)scope : null;

    internal void Serve(McpServer server) => _server.TrySetResult(server);

    /// <summary>Tells the client, by the way that is not that of an answer.</summary>
    internal async Task TellAsync(JsonRpcNotification notification, CancellationToken cancellationToken) => await (await _server.Task.WaitAsync(cancellationToken)).SendMessageAsync(notification, cancellationToken);
}
