using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Host.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Resources;

/// <summary>
/// What the client of one server wants to be told of: in a session by <c>resources/subscribe</c>, and in the revision without sessions by <c>subscriptions/listen</c>, whose stream is the answer
/// and tells of the lists too. Whoever subscribes to a resource must be able to read it, and reads it once for that.
/// </summary>
internal sealed class ResourceSubscriptions(ResourceFace face, LabChanges changes, OperationGate gate, TimeProvider time, JsonLog log)
{
    /// <summary>So many a client may have.</summary>
    internal const int Most = 100;

    private readonly Lock _lock = new();
    private ResourceNotices? _ofSession;
    private Task? _begun;
    private int _listened;

    internal async ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        var session = SessionScope.Of(request.JsonRpcRequest)
            ?? throw new McpProtocolException("A subscription needs a session, and this request has none: begin one with 'initialize', or listen with subscriptions/listen of 2026-07-28.", McpErrorCode.InvalidRequest);
        var uri = request.Params?.Uri ?? "";
        await face.CheckWatchedAsync(uri, request.JsonRpcRequest, cancellationToken);
        Task begun;
        ResourceNotices notices;
        lock (_lock)
        {
            notices = _ofSession ??= new ResourceNotices((u, c) => session.TellAsync(Updated(u, subscription: null), c), face.IsReadable, time, log);
            if (!notices.Wants(uri) && notices.Count + _listened >= Most) throw TooMany();
            notices.Want(uri);
            begun = _begun ??= BeginAsync(notices, session.Ended);
        }

        try
        {
            await begun.WaitAsync(cancellationToken);
            return new EmptyResult();
        }
        catch (HomelabException e)
        {
            // The state cannot be read just now: the next one begins anew.
            lock (_lock) _begun = null;
            notices.Drop(uri);
            throw new McpProtocolException(e.Message, e, McpErrorCode.InternalError);
        }
    }

    internal ValueTask<EmptyResult> UnsubscribeAsync(RequestContext<UnsubscribeRequestParams> request, CancellationToken cancellationToken)
    {
        lock (_lock) _ofSession?.Drop(request.Params?.Uri ?? "");
        return ValueTask.FromResult(new EmptyResult());
    }

    /// <summary>Answers with what is granted, then with each change, and ends when the client cancels or leaves.</summary>
    internal async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, CancellationToken cancellationToken)
    {
        var wanted = (request.Params?.Notifications?.ResourceSubscriptions ?? []).Distinct(StringComparer.Ordinal).ToArray();
        lock (_lock)
        {
            if (wanted.Length + _listened + (_ofSession?.Count ?? 0) > Most) throw TooMany();
            _listened += wanted.Length;
        }

        try
        {
            await ListenAsync(request, wanted, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
        finally
        {
            lock (_lock) _listened -= wanted.Length;
        }

        return new EmptyResult();
    }

    private async Task ListenAsync(RequestContext<SubscriptionsListenRequestParams> request, string[] wanted, CancellationToken cancellationToken)
    {
        var id = request.JsonRpcRequest.Id;
        var notices = new ResourceNotices((u, c) => request.Server.SendMessageAsync(IsList(u) ? Tagged(u, [], id) : Updated(u, id), c), u => IsList(u) || face.IsReadable(u), time, log);
        foreach (var uri in wanted)
        {
            try
            {
                await face.CheckWatchedAsync(uri, request.JsonRpcRequest, cancellationToken);
                notices.Want(uri);
            }
            catch (McpProtocolException)
            {
                // It is not granted, which the acknowledgement says by leaving it out; why not is in the audit.
            }
        }

        using var listening = notices.Count == 0 ? null : await changes.ListenAsync(notices.Changed, cancellationToken);
        var resources = wanted.Where(notices.Wants).ToList();
        var asked = request.Params!.Notifications;
        bool?[] lists = [asked.ToolsListChanged, asked.ResourcesListChanged, asked.PromptsListChanged];
        foreach (var (list, isWanted) in ListNews.Lists.Zip(lists).Where(static l => l.Second == true)) notices.Want(list);
        gate.Decider.Changed += TellOfLists;
        try
        {
            await AcknowledgeAsync(request.Server, id, asked, resources, cancellationToken);
            // Where nothing is wanted nothing would ever come.
            if (notices.Count > 0) await notices.RunAsync(cancellationToken);
        }
        finally
        {
            gate.Decider.Changed -= TellOfLists;
        }

        void TellOfLists(object? sender, EventArgs e) => notices.Changed(ListNews.Lists);
    }

    private static Task AcknowledgeAsync(McpServer server, RequestId id, SubscriptionsListenNotifications asked, List<string> resources, CancellationToken cancellationToken)
    {
        var granted = new SubscriptionsAcknowledgedNotificationParams
        {
            Notifications = new SubscriptionsListenNotifications
            {
                ToolsListChanged = asked.ToolsListChanged == true ? true : null,
                ResourcesListChanged = asked.ResourcesListChanged == true ? true : null,
                PromptsListChanged = asked.PromptsListChanged == true ? true : null,
                ResourceSubscriptions = resources.Count == 0 ? null : resources,
            },
        };
        return server.SendMessageAsync(Tagged(NotificationMethods.SubscriptionsAcknowledgedNotification, JsonSerializer.SerializeToNode(granted, McpJsonUtilities.DefaultOptions)!.AsObject(), id), cancellationToken);
    }

    // Lists are told of by the names of their notifications, which no resource has.
    private static bool IsList(string what) => ListNews.Lists.Contains(what, StringComparer.Ordinal);

    private async Task BeginAsync(ResourceNotices notices, CancellationToken ended)
    {
        var listening = await changes.ListenAsync(notices.Changed, ended);
        _ = RunAsync(notices, listening, ended);
    }

    private static async Task RunAsync(ResourceNotices notices, IDisposable listening, CancellationToken ended)
    {
        using (listening)
        {
            try
            {
                await notices.RunAsync(ended);
            }
            catch (OperationCanceledException)
            {
                // The session is over.
            }
        }
    }

    private static McpProtocolException TooMany() => new($"{Most} resources are subscribed to by this client. Drop one first.", McpErrorCode.InvalidParams);

    private static JsonRpcNotification Updated(string uri, RequestId? subscription) => Tagged(NotificationMethods.ResourceUpdatedNotification, new JsonObject { ["uri"] = uri }, subscription);

    // By the id of the request a client knows which of its streams it is.
    private static JsonRpcNotification Tagged(string method, JsonObject parameters, RequestId? subscription)
    {
        if (subscription?.Id is { } id) parameters["_meta"] = new JsonObject { [MetaKeys.SubscriptionId] = id is long number ? number : (string)id };
        return new JsonRpcNotification { Method = method, Params = parameters };
    }
}
