using Homelab.Host.Logging;
using Homelab.Host.Mcp.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Homelab.Host.Mcp.Http;

/// <summary>A client that introduced itself, as revisions before 2026-07-28 have it, and the server that it talks to. It belongs to one caller.</summary>
internal sealed class McpSession : IAsyncDisposable
{
    // Begins every id, so that it is known for what it is where it turns up.
    private const string Prefix = "hls_";

    // As much as tells two sessions apart in a log, and is of no use to whoever reads it there.
    private const int Shown = 10;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly StreamableHttpServerTransport _transport;
    private readonly McpServer _server;
    private readonly CancellationTokenSource _ended = new();
    private readonly EventRelay _relay;
    private readonly Task _run;
    private Task? _unasked;
    private int _calls;
    private volatile bool _isEnded;
    private int _users;
    private long _usedAt;

    internal McpSession(Caller caller, string credential, McpServerOptions options, TimeProvider time, JsonLog log)
    {
        Caller = caller;
        Credential = credential;
        _time = time;
        _usedAt = time.GetTimestamp();
        _relay = new EventRelay(time);
        Ended = _ended.Token;
        options.Filters.Message.IncomingFilters.Add(Bounded);
        var scope = SessionScope.Attach(options, _ended.Token);
        var logs = new SdkLog(log);
        _transport = new StreamableHttpServerTransport(logs) { SessionId = Id };
        _server = McpServer.Create(_transport, options, logs);
        scope.Serve(_server);
        _run = _server.RunAsync(_ended.Token);
    }

    /// <summary>So many calls go on at once; also those count whose client did not wait for the answer.</summary>
    internal static int MostCalls => Visits.MostOfOne;

    /// <summary>By which its client is known, beside its credential.</summary>
    internal string Id { get; } = CredentialSecret.New(Prefix);

    /// <summary>Whose it is.</summary>
    internal Caller Caller { get; }

    /// <summary>The hash of what was shown last: a client gets new tokens while its session goes on.</summary>
    internal string Credential { get; private set; }

    /// <summary>Ends with the session.</summary>
    internal CancellationToken Ended { get; }

    /// <summary>True as soon as it begins to end.</summary>
    internal bool IsEnded => _isEnded;

    /// <summary>What was agreed upon; null before.</summary>
    internal string? Revision => _server.NegotiatedProtocolVersion;

    /// <summary>What the client calls itself. Anybody may call himself anything.</summary>
    internal Implementation? Claim => _server.ClientInfo;

    /// <summary>True while a request of it is under way.</summary>
    internal bool IsUsed
    {
        get
        {
            lock (_lock) return _users > 0 || _calls > 0;
        }
    }

    /// <summary>True from when the client listened first: what is told before reaches nobody.</summary>
    internal bool IsListened
    {
        get
        {
            lock (_lock) return _unasked is not null;
        }
    }

    /// <summary>How long nothing was asked; nothing while something is under way.</summary>
    internal TimeSpan IdleFor
    {
        get
        {
            lock (_lock) return _users > 0 || _calls > 0 ? TimeSpan.Zero : _time.GetElapsedTime(_usedAt);
        }
    }

    /// <summary>When it was used last, by the clock's own count.</summary>
    internal long UsedAt
    {
        get
        {
            lock (_lock) return _usedAt;
        }
    }

    /// <summary>Begins a request of it.</summary>
    internal IDisposable Use(string credential)
    {
        lock (_lock)
        {
            Credential = credential;
            _users++;
            _usedAt = _time.GetTimestamp();
        }

        return new Usage(this);
    }

    /// <summary>Passes a message on, and its answer back.</summary>
    /// <returns>False when nothing was to be answered.</returns>
    internal Task<bool> PostAsync(JsonRpcMessage message, Stream answer, Func<JsonRpcMessage?, ValueTask> onAnswering, CancellationToken cancellationToken) =>
        _transport.HandlePostRequestAsync(message, answer, onAnswering, cancellationToken);

    /// <summary>Passes on what is told unasked, until it is cancelled or the session ends.</summary>
    internal Task ListenAsync(Stream client, CancellationToken cancellationToken)
    {
        // From now on the SDK has somebody to tell it to.
        lock (_lock) _unasked ??= _transport.HandleGetRequestAsync(_relay, _ended.Token);
        return _relay.ListenAsync(client, cancellationToken);
    }

    /// <summary>Tells the client that its lists may have become others.</summary>
    internal Task TellOfListsAsync(JsonLog log) => ListNews.TellAsync(_server, log);

    /// <summary>Ends what is under way, and waits until it has been looked at and written down.</summary>
    public async ValueTask DisposeAsync()
    {
        _isEnded = true;
        await _transport.DisposeAsync();
        await _ended.CancelAsync();
        await EndedAsync(_run);
        if (_unasked is not null) await EndedAsync(_unasked);
        await _server.DisposeAsync();
        await _relay.DisposeAsync();
    }

    /// <summary>As logs name it.</summary>
    public override string ToString() => $"{Id[..Shown]}… of {Caller}";

    // A connection that breaks ends no call, so that connections cannot count them.
    private McpMessageHandler Bounded(McpMessageHandler next) => async (message, cancellationToken) =>
    {
        if (message.JsonRpcMessage is not JsonRpcRequest)
        {
            await next(message, cancellationToken);
            return;
        }

        lock (_lock)
        {
            if (_calls >= MostCalls) throw new McpProtocolException($"{MostCalls} calls of this session are under way. Wait for one of them, or cancel it.", (McpErrorCode)RpcRefusal.ByStatus);
            _calls++;
        }

        try
        {
            await next(message, cancellationToken);
        }
        finally
        {
            lock (_lock)
            {
                _calls--;
                _usedAt = _time.GetTimestamp();
            }
        }
    };

    private static async Task EndedAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
    }

    private sealed class Usage(McpSession session) : IDisposable
    {
        public void Dispose()
        {
            lock (session._lock)
            {
                session._users--;
                session._usedAt = session._time.GetTimestamp();
            }
        }
    }
}
