using System.Net.WebSockets;
using System.Text.Json;

namespace Homelab.Providers.UptimeKuma;

/// <summary>A connection to Uptime Kuma on which a user is logged in.</summary>
/// <remarks>
/// Uptime Kuma: <c>server/server.js</c>. It must not be asked anything before it has said <c>info</c>; the answer to the login comes after everything it tells
/// whoever has logged in.
/// </remarks>
internal sealed class KumaSession : ISession
{
    // Long enough for a login's burst over a slow link.
    private static readonly TimeSpan s_answer = TimeSpan.FromSeconds(10);
    private static readonly HashSet<string> s_wanted = new(["info", "setup", "monitorList"], StringComparer.Ordinal);

    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpPeer _http;
    private readonly ProviderContext _context;
    private SocketConnection _connection = null!;
    private volatile MonitorList _list = new(0, []);

    private KumaSession(HttpPeer http, ProviderContext context)
    {
        _http = http;
        _context = context;
    }

    /// <summary>True when it says that nobody has made a user yet.</summary>
    internal bool IsNew { get; private set; }

    public bool IsOver => _connection.IsOver;

    /// <summary>Connects and logs in: by the token of an earlier login where there is one, so that neither the limit of logins nor a second factor is in the way.</summary>
    internal static async Task<KumaSession> OpenAsync(HttpPeer http, KumaLogin login, ProviderContext context, CancellationToken cancellationToken)
    {
        var session = new KumaSession(http, context);
        try
        {
            await session.WithinAsync(session.ConnectAsync, "the connection", acts: false, cancellationToken).ConfigureAwait(false);
            await login.EnterAsync(session, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Asks, and gives the answer where it says <c>ok</c>.</summary>
    /// <param name="name">The event.</param>
    /// <param name="what">What is asked for, in words without anything secret.</param>
    /// <param name="acts">True where the event changes something: a lost answer then means that nobody knows.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException"><c>KumaRefused</c> (Failed), <c>KumaNoAnswer</c> (Timeout), <c>KumaUnreachable</c> (Unavailable).</exception>
    internal async Task<JsonElement> AskAsync(string name, string what, bool acts, IReadOnlyList<object?> arguments, CancellationToken cancellationToken)
    {
        var answer = await TryAskAsync(name, what, acts, arguments, cancellationToken).ConfigureAwait(false);
        return IsOk(answer) ? answer : throw _http.Problem(ErrorKind.Failed, "Refused", $"refused {what}: {Reason(answer)}", "Look at Uptime Kuma itself.");
    }

    /// <summary>Asks, and gives the answer whatever it says.</summary>
    internal Task<JsonElement> TryAskAsync(string name, string what, bool acts, IReadOnlyList<object?> arguments, CancellationToken cancellationToken) =>
        WithinAsync(
            async inner =>
            {
                var answer = await _connection.AskAsync(name, arguments, inner).ConfigureAwait(false);
                _context.Trace($"{name} → {(IsOk(answer) ? "ok" : "not ok")}");
                return answer;
            },
            what,
            acts,
            cancellationToken);

    /// <summary>The monitors as they are now. The list is sent before the answer, on the same connection.</summary>
    internal async Task<IReadOnlyList<KumaMonitorEntry>> ReadMonitorsAsync(CancellationToken cancellationToken)
    {
        var before = _list.Number;
        await AskAsync("getMonitorList", "the list of its monitors", acts: false, [], cancellationToken).ConfigureAwait(false);
        var list = _list;
        return list.Number != before
            ? list.Monitors
            : throw _http.Problem(ErrorKind.Failed, "AnswerOdd", "did not send the list of its monitors that it was asked for", "Look at its log.");
    }

    /// <summary>Its reason for saying no, in its words; a release may write the key of a translation in place of a sentence.</summary>
    internal static string Reason(JsonElement answer) =>
        answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("msg", out var message) && message.ValueKind == JsonValueKind.String
            ? ForeignText.Clean(message.GetString()!, 200).TrimEnd('.')
            : "it gave no reason";

    internal static bool IsOk(JsonElement answer) => answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True;

    public ValueTask DisposeAsync() => _connection is null ? ValueTask.CompletedTask : _connection.DisposeAsync();

    private async Task<bool> ConnectAsync(CancellationToken cancellationToken)
    {
        var http = await _http.OpenAsync(cancellationToken).ConfigureAwait(false);
        var address = new UriBuilder($"{_http.Root}/socket.io/?EIO=4&transport=websocket");
        address.Scheme = address.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
        _connection = await SocketConnection.OpenAsync(address.Uri, http, s_wanted, Hear, _context.Time, cancellationToken).ConfigureAwait(false);
        _context.Trace($"connected to {_http.Root}/socket.io/");
        await _greeted.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return true;
    }

    private void Hear(string name, JsonElement arguments)
    {
        switch (name)
        {
            case "info":
                _greeted.TrySetResult();
                break;
            case "setup":
                IsNew = true;
                break;
            case "monitorList" when arguments.GetArrayLength() > 1:
                _list = new MonitorList(_list.Number + 1, KumaMonitorEntry.ReadAll(arguments[1]));
                break;
        }
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> ask, string what, bool acts, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_answer, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await ask(linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw _http.Problem(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(s_answer)} when it was asked for {what}", "Look whether it runs. What its release does not know is never answered.", e);
        }
        catch (Exception e) when (e is WebSocketException or HttpRequestException)
        {
            throw _http.Unreachable(e, nothingHappened: !acts);
        }
    }

    private sealed record MonitorList(int Number, IReadOnlyList<KumaMonitorEntry> Monitors);
}
