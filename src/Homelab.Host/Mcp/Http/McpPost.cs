using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Http;

/// <summary>One message of a client, and the answer to it: in a session, for a new one, or by itself.</summary>
internal sealed class McpPost(DoorSetup setup, McpSessions sessions, DoorAudit audit)
{
    private const string SessionHeader = "Mcp-Session-Id";
    private const string Initialize = "initialize";
    private const string Listen = "subscriptions/listen";

    internal async Task AnswerAsync(HttpContext http, Visits.Visit visit, McpSession? session)
    {
        if ((Media.CheckSent(http) ?? Media.CheckTaken(http, Media.Json, Media.Events)) is { } unfit)
        {
            await RefuseAsync(http, visit, unfit, default);
            return;
        }

        var body = await RpcBody.ReadAsync(http, setup.BodyLimit, visit.Gone);
        var options = session is null ? setup.OptionsOf(visit.Caller) : null;
        if (Refused(http, body, session, options) is { } refusal)
        {
            await RefuseAsync(http, visit, refusal, body.Id);
            return;
        }

        var message = body.Message!;
        var revision = HeaderAgreement.RevisionOf(http);
        // A session keeps to what was agreed upon. Clients that name another revision that has sessions mean no harm: the official suite of 2025-11-25 is one of them.
        if (revision.Length > 0 && session is null) message.Context = new JsonRpcMessageContext { ProtocolVersion = revision };
        try
        {
            if (session is not null) await ContinueAsync(http, visit, session, message);
            else if (RpcMeta.MethodOf(message) == Initialize && message is JsonRpcRequest) await BeginAsync(http, visit, message, options!);
            else await AloneAsync(http, visit, message, options!);
        }
        catch (JsonException e) when (!http.Response.HasStarted)
        {
            // The SDK reads the parameters of 'initialize' before anything else.
            await RefuseAsync(http, visit, new RpcRefusal(StatusCodes.Status400BadRequest, McpErrorCode.InvalidParams, $"The parameters of '{RpcMeta.MethodOf(message)}' cannot be read: {e.Message}"), body.Id);
        }
        catch (Exception e) when (e is OperationCanceledException or ChannelClosedException or ObjectDisposedException && (visit.Gone.IsCancellationRequested || session is { IsEnded: true }))
        {
            // A call that was ended by us is told so as long as somebody is there.
            if (!http.RequestAborted.IsCancellationRequested) await Ended(visit).EndAsync(http, body.Id);
        }
    }

    private async Task RefuseAsync(HttpContext http, Visits.Visit visit, RpcRefusal refusal, RequestId id)
    {
        await audit.RefusedAsync(visit.Caller, DoorAudit.Request, http.Request.Path, refusal.Message);
        await refusal.WriteAsync(http, id);
    }

    private static RpcRefusal Ended(Visits.Visit visit) => visit.Gone.IsCancellationRequested
        ? new RpcRefusal(StatusCodes.Status503ServiceUnavailable, RpcRefusal.ByStatus, "It was ended: the program stops, or the credential does not hold any more. What had begun is in the journal; look before you ask anew.")
        : new RpcRefusal(StatusCodes.Status404NotFound, RpcRefusal.NoSession, "It was ended with its session. What had begun is in the journal; look before you ask anew.");

    private static RpcRefusal? Refused(HttpContext http, RpcBody body, McpSession? session, McpServerOptions? options)
    {
        // After the body, so that the refusal can carry the request's id.
        if (HeaderAgreement.CheckRevision(http, body.Message) is { } unspoken) return unspoken;
        if (body.Refusal is { } unreadable) return unreadable;
        if (HeaderAgreement.Check(http, body.Message!, name => ToolOf(options, name)) is { } different) return different;
        if (session is null) return null;
        return RpcMeta.MethodOf(body.Message!) == Initialize
            ? new RpcRefusal(StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest, $"This session has begun. Send 'initialize' without {SessionHeader} for another one.")
            : null;
    }

    private static Tool? ToolOf(McpServerOptions? options, string name) => options?.ToolCollection is { } tools && tools.TryGetPrimitive(name, out var tool) ? tool.ProtocolTool : null;

    private async Task BeginAsync(HttpContext http, Visits.Visit visit, JsonRpcMessage message, McpServerOptions options)
    {
        var session = sessions.Begin(visit.Caller, visit.Credential, options);
        try
        {
            using var _ = session.Use(visit.Credential);
            await WriteAsync(http, Media.TakesAnything(http), (answer, onAnswering) => session.PostAsync(message, answer, onAnswering, visit.Gone), first =>
            {
                // The SDK may begin to answer before it knows what.
                if (first is not JsonRpcError) http.Response.Headers[SessionHeader] = session.Id;
            });
        }
        finally
        {
            // Who was not understood has no session.
            if (session.Revision is null) sessions.End(session, "it has not begun");
        }

        if (session.Revision is { } revision)
        {
            var claim = ForeignText.Clean($"{session.Claim?.Name} {session.Claim?.Version}", 100);
            setup.Log.Write("sessionBegun", $"{session}, which calls itself '{claim}', MCP {revision}");
        }
    }

    private static async Task ContinueAsync(HttpContext http, Visits.Visit visit, McpSession session, JsonRpcMessage message)
    {
        using var _ = session.Use(visit.Credential);
        http.Response.Headers[SessionHeader] = session.Id;
        // A connection that breaks does not cancel the call: the revisions with sessions have a message for that.
        await WriteAsync(http, asJson: false, (answer, onAnswering) => session.PostAsync(message, answer, onAnswering, visit.Gone), static _ => { });
    }

    // A request of the revision without sessions, or of somebody who never introduced himself and has no need to.
    private async Task AloneAsync(HttpContext http, Visits.Visit visit, JsonRpcMessage message, McpServerOptions options)
    {
        // Its services would outlive the request.
        options.ScopeRequests = false;
        using var logs = new SdkLog(setup.Log);
        await using var transport = new StreamableHttpServerTransport(logs) { Stateless = true };
        await using var server = McpServer.Create(transport, options, logs);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(visit.Gone);
        var run = server.RunAsync(gone.Token);
        // Its answer is a stream without an end.
        visit.IsListening = RpcMeta.MethodOf(message) == Listen;
        var isSessionless = Revisions.IsSessionless(HeaderAgreement.RevisionOf(http));
        try
        {
            await WriteAsync(http, Media.TakesAnything(http) && !visit.IsListening, (answer, onAnswering) => transport.HandlePostRequestAsync(message, answer, onAnswering, visit.Gone), first =>
            {
                if (isSessionless && first is JsonRpcError { Error: { } error }) http.Response.StatusCode = StatusOf(error.Code);
            });
        }
        finally
        {
            await transport.DisposeAsync();
            // Without a client, what is still under way is cancelled, looked at and written down.
            if (visit.Gone.IsCancellationRequested) await gone.CancelAsync();
            await run.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private static async Task WriteAsync(HttpContext http, bool asJson, Func<Stream, Func<JsonRpcMessage?, ValueTask>, Task<bool>> post, Action<JsonRpcMessage?> onAnswering)
    {
        using var collected = new MemoryStream();
        var isAnswered = await post(asJson ? collected : http.Response.Body, first =>
        {
            if (!asJson) EventAnswer.Begin(http);
            onAnswering(first);
            return ValueTask.CompletedTask;
        });
        if (!isAnswered)
        {
            http.Response.StatusCode = StatusCodes.Status202Accepted;
        }
        else if (asJson)
        {
            http.Response.ContentType = Media.Json + "; charset=utf-8";
            await http.Response.Body.WriteAsync(EventAnswer.AnswerIn(collected), CancellationToken.None);
        }
    }

    // What the revision without sessions says by HTTP's status too.
    private static int StatusOf(int code) => (McpErrorCode)code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };
}
