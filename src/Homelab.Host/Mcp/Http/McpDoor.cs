using ModelContextProtocol.Protocol;

namespace Homelab.Host.Mcp.Http;

/// <summary>
/// MCP's streamable HTTP at <c>/mcp</c>, and at <c>POST /</c> for clients that were told so. Everybody is asked who he is before anything else is looked at; what is not as the revision
/// demands is refused here, and the SDK never sees it.
/// </summary>
internal sealed class McpDoor : IAsyncDisposable
{
    private const string SessionHeader = "Mcp-Session-Id";

    private readonly DoorSetup _setup;
    private readonly DoorAudit _audit;
    private readonly AddressGuard _addresses;
    private readonly McpSessions _sessions;
    private readonly Visits _visits;
    private readonly McpPost _post;
    private readonly CancellationTokenSource _closing;
    private readonly Task _watch;
    private int _isDisposed;

    /// <param name="setup">What stands on both sides.</param>
    /// <param name="stopping">Ends when the server is told to stop: streams end then, and calls under way are cancelled and written down.</param>
    internal McpDoor(DoorSetup setup, CancellationToken stopping)
    {
        _setup = setup;
        _audit = new DoorAudit(setup.Audit, setup.Time);
        _addresses = new AddressGuard(setup.Mcp);
        _sessions = new McpSessions(setup.Mcp, setup.Time, setup.Log);
        _visits = new Visits(stopping);
        _post = new McpPost(setup, _sessions, _audit);
        _closing = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _watch = new CredentialWatch(setup.Credentials, _sessions, _visits, setup.Time, setup.Log).RunAsync(_closing.Token);
    }

    /// <summary>The sessions, for whoever counts them.</summary>
    internal McpSessions Sessions => _sessions;

    internal void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods("/mcp", [HttpMethods.Post, HttpMethods.Get, HttpMethods.Delete], ReceiveAsync);
        routes.MapMethods("/", [HttpMethods.Post], ReceiveAsync);
        foreach (var path in (string[])["/mcp", "/"]) routes.MapMethods(path, [HttpMethods.Options], PreflightAsync);
    }

    /// <summary>Tells every session that its lists may have become others.</summary>
    internal void TellOfLists()
    {
        foreach (var session in _sessions.Open) _ = session.TellOfListsAsync(_setup.Log);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _closing.CancelAsync();
        try
        {
            await _watch;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }

        await _sessions.DisposeAsync();
        _closing.Dispose();
    }

    private Task PreflightAsync(HttpContext http)
    {
        if ((_addresses.CheckHost(http) ?? _addresses.CheckOrigin(http)) is { } refusal) return refusal.WriteAsync(http, default);
        if (_addresses.AllowedOrigin(http) is { } origin) CrossOrigin.Admit(http, origin);
        CrossOrigin.AnswerPreflight(http);
        return Task.CompletedTask;
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        try
        {
            await AnswerAsync(http);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel found the body too long or cut off.
            await Refuse(e.StatusCode, $"The request cannot be read: {e.Message}").EndAsync(http, default);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // Its message may hold anything, and whoever asks may be a stranger: it goes to the log, where secrets are masked.
            _setup.Log.Write("doorTrouble", $"a request by MCP could not be answered: {e}");
            var refusal = e is HomelabException
                ? Refuse(StatusCodes.Status503ServiceUnavailable, "The request cannot be answered just now. The log of the program says why.")
                : Refuse(StatusCodes.Status500InternalServerError, "The request failed in a way it should not. The log of the program says why.");
            await refusal.EndAsync(http, default);
        }
    }

    private async Task AnswerAsync(HttpContext http)
    {
        // What one caller was told is nothing to keep for another.
        http.Response.Headers.CacheControl = "no-store";
        // A page of an allowed origin must be able to read that it was not let in, and where to ask.
        if (_addresses.AllowedOrigin(http) is { } origin) CrossOrigin.Admit(http, origin);
        if (await _setup.LetIn(http) is not { } caller) return;
        if ((_addresses.CheckHost(http) ?? _addresses.CheckOrigin(http)) is { } refusal)
        {
            _setup.Log.Write("addressRefused", $"{caller} at {ForeignText.Clean(http.Request.Host.ToString(), 100)}, origin '{ForeignText.Clean(http.Request.Headers.Origin.ToString(), 100)}'");
            await _audit.RefusedAsync(caller, DoorAudit.Request, http.Request.Path, refusal.Message);
            await refusal.WriteAsync(http, default);
            return;
        }

        using var visit = _visits.Begin(caller, Credential.HashOf(http), HttpMethods.IsGet(http.Request.Method), http.RequestAborted);
        if (visit is null)
        {
            http.Response.Headers.RetryAfter = "1";
            var tooMany = Refuse(StatusCodes.Status429TooManyRequests, $"{Visits.MostOfOne} requests of this client are under way. Wait for one of them.");
            await _audit.RefusedAsync(caller, DoorAudit.Request, http.Request.Path, tooMany.Message);
            await tooMany.WriteAsync(http, default);
            return;
        }

        try
        {
            await AnswerAsync(http, visit);
        }
        catch (BadHttpRequestException e)
        {
            await _audit.RefusedAsync(caller, DoorAudit.Request, http.Request.Path, e.Message);
            throw;
        }
        catch (OperationCanceledException) when (visit.Gone.IsCancellationRequested)
        {
            // The client has left, or was made to, before anything of it was passed on.
            if (!http.Response.HasStarted) await Refuse(StatusCodes.Status503ServiceUnavailable, "The program stops, or the credential does not hold any more. Nothing was begun.").WriteAsync(http, default);
        }
    }

    private async Task AnswerAsync(HttpContext http, Visits.Visit visit)
    {
        McpSession? session = null;
        // The revision without sessions takes no notice of what an older client would send.
        if (!Revisions.IsSessionless(HeaderAgreement.RevisionOf(http)) && http.Request.Headers[SessionHeader].ToString() is { Length: > 0 } id)
        {
            session = _sessions.Find(id);
            if (session is null || session.Caller != visit.Caller)
            {
                await ReportAsync(visit.Caller, session);
                // The same to everybody: whether there is such a session is nobody's business but its owner's.
                await NoSessionAsync(http);
                return;
            }
        }

        if (HttpMethods.IsPost(http.Request.Method)) await _post.AnswerAsync(http, visit, session);
        else if (HttpMethods.IsGet(http.Request.Method)) await ListenAsync(http, visit, session);
        else await EndAsync(http, visit, session);
    }

    private async Task ListenAsync(HttpContext http, Visits.Visit visit, McpSession? session)
    {
        if (await RefusedAsync(http, visit, session, "Listen with subscriptions/listen by POST instead.") || Media.CheckTaken(http, Media.Events) is { } refusal && await WrittenAsync(http, visit, refusal)) return;
        using var _ = session!.Use(visit.Credential);
        EventAnswer.Begin(http);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(visit.Gone, session.Ended);
        try
        {
            await session.ListenAsync(http.Response.Body, gone.Token);
        }
        catch (OperationCanceledException)
        {
            // The client listens no more, or by another request, or must not any more: the stream ends as it began, whole.
        }
    }

    private async Task EndAsync(HttpContext http, Visits.Visit visit, McpSession? session)
    {
        if (await RefusedAsync(http, visit, session, "There is no session to end.")) return;
        _sessions.End(session!, "its client has ended it");
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    // What GET and DELETE have in common: an older revision, and a session.
    private async Task<bool> RefusedAsync(HttpContext http, Visits.Visit visit, McpSession? session, string instead)
    {
        if (HeaderAgreement.CheckRevision(http) is { } unspoken) return await WrittenAsync(http, visit, unspoken);
        if (Revisions.IsSessionless(HeaderAgreement.RevisionOf(http)))
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            return await WrittenAsync(http, visit, Refuse(StatusCodes.Status405MethodNotAllowed, $"MCP {Revisions.Sessionless} and later take POST alone. {instead}"));
        }

        return session is null && await WrittenAsync(http, visit, Refuse(StatusCodes.Status400BadRequest, $"The header {SessionHeader} is missing. Begin a session by POST of 'initialize'; its answer has that header."));
    }

    private async Task<bool> WrittenAsync(HttpContext http, Visits.Visit visit, RpcRefusal refusal)
    {
        await _audit.RefusedAsync(visit.Caller, DoorAudit.Request, $"{http.Request.Method} {http.Request.Path}", refusal.Message);
        await refusal.WriteAsync(http, default);
        return true;
    }

    private async Task NoSessionAsync(HttpContext http)
    {
        const string WayOut = "There is no such session; it may have ended. Begin a new one with 'initialize'.";
        // The id is echoed where there is one to read: clients wait for theirs.
        var body = HttpMethods.IsPost(http.Request.Method) ? await RpcBody.ReadAsync(http, _setup.BodyLimit, http.RequestAborted) : null;
        await new RpcRefusal(StatusCodes.Status404NotFound, RpcRefusal.NoSession, WayOut).WriteAsync(http, body?.Id ?? default(RequestId));
    }

    // Whoever shows the id of a session that is not his has it from somewhere; that of none may be one that has ended, or a guess.
    private Task ReportAsync(Caller caller, McpSession? session)
    {
        if (session is not null) _setup.Log.Write("sessionRefused", $"{caller} has shown the id of session {session}");
        return _audit.RefusedAsync(caller, DoorAudit.Session, session?.ToString() ?? "none", "a session belongs to the caller who began it");
    }

    private static RpcRefusal Refuse(int status, string message) => new(status, RpcRefusal.ByStatus, message);
}
