using System.Net.WebSockets;
using System.Text.Json;

namespace Homelab.Providers.TrueNas;

/// <summary>A connection to TrueNAS on which the key's user is logged in.</summary>
/// <remarks><c>wss://host/api/current</c>, since 25.04.</remarks>
internal sealed class TrueNasSession : ISession
{
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);

    // A pool that is busy takes its time for a snapshot of much below it.
    private static readonly TimeSpan s_deed = TimeSpan.FromMinutes(2);

    private readonly HttpPeer _http;
    private readonly ProviderContext _context;
    private readonly NasErrors _errors;
    private TrueNasSocket _socket = null!;

    private TrueNasSession(HttpPeer http, NasErrors errors, ProviderContext context)
    {
        _http = http;
        _errors = errors;
        _context = context;
    }

    public bool IsOver => _socket.IsOver;

    /// <summary>Connects and logs in.</summary>
    /// <exception cref="UpgradeRefusedException">It has no websocket there.</exception>
    internal static async Task<TrueNasSession> OpenAsync(HttpPeer http, TrueNasLogin login, ProviderContext context, CancellationToken cancellationToken)
    {
        var session = new TrueNasSession(http, login.Errors, context);
        try
        {
            await login.LookAsync(cancellationToken).ConfigureAwait(false);
            await session.WithinAsync(session.ConnectAsync, "the connection", s_answer, acts: false, cancellationToken).ConfigureAwait(false);
            await login.EnterAsync(session, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal async Task<JsonElement> AskAsync(NasQuestion question, CancellationToken cancellationToken)
    {
        var answer = await WithinAsync(inner => _socket.CallAsync(question.Method, question.Parameters, inner), question.Method, question.Acts ? s_deed : s_answer, question.Acts, cancellationToken).ConfigureAwait(false);
        var failed = answer.TryGetProperty("error", out var error) && error.ValueKind != JsonValueKind.Null;
        _context.Trace($"{question.Method} → {(failed ? "error" : "ok")}");
        if (failed) throw _errors.OfRpc(error, question);
        return answer.TryGetProperty("result", out var result) ? result : throw _errors.Odd($"{question.Method} with neither a result nor an error");
    }

    /// <summary>Ends it for all who use it: the server does not know its login any more.</summary>
    internal void End() => _socket.Abort();

    public ValueTask DisposeAsync() => _socket is null ? ValueTask.CompletedTask : _socket.DisposeAsync();

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        var http = await _http.OpenAsync(cancellationToken).ConfigureAwait(false);
        var address = new UriBuilder($"{_http.Root}/api/current");
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        _socket = await TrueNasSocket.OpenAsync(address.Uri, http, cancellationToken).ConfigureAwait(false);
        _context.Trace($"connected to {_http.Root}/api/current");
        return true;
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> ask, string what, TimeSpan patience, bool acts, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ask(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw _http.Problem(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(patience)} when it was asked for {what}", "Look whether it runs.", e);
        }
        catch (UpgradeRefusedException e) when (!e.HasNone)
        {
            throw _http.Unreachable(e, nothingHappened: true);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException)
        {
            throw _http.Unreachable(e, nothingHappened: !acts);
        }
    }
}
