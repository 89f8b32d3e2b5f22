using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;

namespace Homelab;

/// <summary>
/// A server that is spoken to over HTTP: its certificate verified, its connections shared, its answer bounded in time and length, each failure with its way out. No redirect is followed, for it
/// would carry the login elsewhere.
/// </summary>
public sealed class HttpPeer : IDisposable
{
    private const int MaxAnswer = 32 * 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly HttpPeerDefinition _peer;
    private readonly ProviderContext _context;
    private readonly SemaphoreSlim _opening = new(1);
    private HttpClient? _http;
    private volatile TlsVerdict? _lastVerdict;

    /// <param name="peer">Which server.</param>
    /// <param name="context">The lab.</param>
    public HttpPeer(HttpPeerDefinition peer, ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(peer);
        ArgumentNullException.ThrowIfNull(context);
        _peer = peer;
        _context = context;
        // A user and password in the address would be shown with it; they are given apart.
        Root = peer.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
    }

    /// <summary>Its address, without a slash at the end.</summary>
    public string Root { get; }

    /// <summary>Sends a request with the login of the lab file.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query below its address, percent-encoded.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its answer, whatever its status, except for what is told below.</returns>
    /// <exception cref="HomelabException">
    /// With the peer's prefix: <c>…NoAnswer</c> (Timeout), <c>…Unreachable</c> (Unavailable; also for 502, 503 without a body of JSON, and 504), <c>…LoginRefused</c> (Denied; 401 and 403),
    /// <c>…RightsMissing</c> (Denied; 403 where the peer tells them apart), <c>…LoginIncomplete</c> (Invalid).
    /// </exception>
    public Task<HttpPeerAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken) => SendAsync(method, path, content, s_timeout, cancellationToken);

    /// <summary>The same for what may take its time.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Path and query below its address, percent-encoded.</param>
    /// <param name="content">The body; null for none.</param>
    /// <param name="patience">How long the answer may take.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <inheritdoc cref="SendAsync(HttpMethod, string, HttpContent?, CancellationToken)"/>
    public async Task<HttpPeerAnswer> SendAsync(HttpMethod method, string path, HttpContent? content, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(patience, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var http = await OpenAsync(linked.Token).ConfigureAwait(false);
            using var request = new HttpRequestMessage(method, new Uri(Root + path)) { Content = content };
            request.Headers.Authorization = await CredentialAsync(linked.Token).ConfigureAwait(false);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, linked.Token).ConfigureAwait(false);
            _context.Trace($"{method} {request.RequestUri} → {(int)response.StatusCode}");
            var answer = new HttpPeerAnswer(response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false));
            Check(answer);
            return answer;
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(patience)}", "Look whether it runs.", e);
        }
        catch (HttpRequestException e)
        {
            throw Unreachable(e);
        }
    }

    /// <summary>The client itself, for protocols of their own; made when it is first needed. It sends no login.</summary>
    public async Task<HttpClient> OpenAsync(CancellationToken cancellationToken)
    {
        if (_http is not null) return _http;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_http is not null) return _http;
            var trust = await TlsTrust.LoadAsync(_peer.Tls, _context.BasePath, _context.Secrets, cancellationToken).ConfigureAwait(false);
            var handler = new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = false,
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                SslOptions = trust.ClientOptions(verdict => _lastVerdict = verdict),
            };
            return _http = new HttpClient(handler) { MaxResponseContentBufferSize = MaxAnswer, Timeout = Timeout.InfiniteTimeSpan };
        }
        finally
        {
            _opening.Release();
        }
    }

    /// <summary>It could not be reached; where its certificate was the reason, that is said, and where no request can have arrived, that too.</summary>
    /// <param name="e">What was thrown.</param>
    /// <param name="nothingHappened">Whether a change that was asked for cannot have begun; judged by what was thrown when not given.</param>
    public HomelabException Unreachable(Exception e, bool? nothingHappened = null)
    {
        ArgumentNullException.ThrowIfNull(e);
        // A websocket wraps what went wrong once more.
        var isTrust = e.InnerException is AuthenticationException || e.InnerException?.InnerException is AuthenticationException;
        var reason = isTrust && _lastVerdict is { Trusted: false } verdict ? verdict.Reason : ForeignText.Clean(e.Message, 200);
        nothingHappened ??= e is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError };
        return Problem(ErrorKind.Unavailable, "Unreachable", $"cannot be reached: {reason}", $"Look at providers.{_peer.Provider} in the lab file, and whether it runs.", e, nothingHappened.Value);
    }

    /// <summary>The error for an answer that is not what was asked for.</summary>
    public HomelabException Odd(string what, Exception? inner = null) => Problem(ErrorKind.Failed, "AnswerOdd", what, $"Is providers.{_peer.Provider}.url its address?", inner);

    /// <summary>An error of this server, in words that name its address and nothing secret.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="id">The id, without the peer's prefix.</param>
    /// <param name="what">What it did, as the rest of a sentence.</param>
    /// <param name="wayOut">What a person can do.</param>
    /// <param name="inner">The cause.</param>
    /// <param name="nothingHappened">True where a change that was asked for cannot have begun.</param>
    public HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null, bool nothingHappened = false) =>
        new(kind, _peer.Prefix + id, $"{_peer.Name} at {_peer.Url.GetLeftPart(UriPartial.Authority)} {what}. {wayOut}", _peer.Provider, inner) { WayOut = wayOut, NothingHappened = nothingHappened };

    /// <inheritdoc/>
    public void Dispose()
    {
        _http?.Dispose();
        _opening.Dispose();
    }

    private void Check(HttpPeerAnswer answer)
    {
        switch (answer.Status)
        {
            case HttpStatusCode.Forbidden when _peer.RightsHint is { } hint:
                throw Problem(ErrorKind.Denied, "RightsMissing", $"took the login and does not allow it this{(answer.IsJson ? "" : " (its proxy may be what says so)")}", hint, nothingHappened: true);
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                var given = _peer.Token?.ToString() ?? _peer.Password?.ToString();
                throw Problem(ErrorKind.Denied, "LoginRefused", given is null ? "wants a login and the lab file gives none" : $"refused the login ({given})", _peer.LoginHint ?? $"Give providers.{_peer.Provider}.token, or user and password.", nothingHappened: true);
            case HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout:
            case HttpStatusCode.ServiceUnavailable when !answer.IsJson:
                throw Problem(ErrorKind.Unavailable, "Unreachable", $"cannot be reached: its proxy answered HTTP {(int)answer.Status}", "Look whether it runs.");
        }
    }

    private async Task<AuthenticationHeaderValue?> CredentialAsync(CancellationToken cancellationToken)
    {
        if (_peer.Token is { } token) return new AuthenticationHeaderValue("Bearer", (await _context.Secrets.ResolveAsync(token, cancellationToken).ConfigureAwait(false)).Reveal());
        var user = _peer.Key is { } key ? (await _context.Secrets.ResolveAsync(key, cancellationToken).ConfigureAwait(false)).Reveal() : _peer.User;
        if ((user is null) != (_peer.Password is null)) throw Problem(ErrorKind.Invalid, "LoginIncomplete", "has half a login", $"Give providers.{_peer.Provider}.user and password both, or neither.");
        if (_peer.Password is not { } password) return null;
        var opened = await _context.Secrets.ResolveAsync(password, cancellationToken).ConfigureAwait(false);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{opened.Reveal()}")));
    }
}

/// <summary>Which server, and how to log in there.</summary>
/// <param name="Provider">The key under <c>providers:</c>.</param>
/// <param name="Name">What it is called in messages: <c>Prometheus</c>.</param>
/// <param name="Prefix">What the ids of its errors begin with: <c>Prometheus</c>, as in <c>PrometheusUnreachable</c>.</param>
/// <param name="Url">Its address.</param>
public sealed record HttpPeerDefinition(string Provider, string Name, string Prefix, Uri Url)
{
    /// <summary>A bearer token.</summary>
    public SecretReference? Token { get; init; }

    /// <summary>The user of a login by password.</summary>
    public string? User { get; init; }

    /// <summary>What stands in the user's place and is shown to nobody either.</summary>
    public SecretReference? Key { get; init; }

    /// <summary>The password.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>What to do when it refuses the login; in general words when null.</summary>
    public string? LoginHint { get; init; }

    /// <summary>What to do when it takes the login and answers 403 all the same; null where that means that the login was refused.</summary>
    public string? RightsHint { get; init; }

    /// <summary>How its certificate is verified.</summary>
    public TlsDefinition? Tls { get; init; }
}

/// <summary>What it answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="MediaType">What it says the body is; null where it does not.</param>
/// <param name="Body">The body.</param>
public sealed record HttpPeerAnswer(HttpStatusCode Status, string? MediaType, ReadOnlyMemory<byte> Body)
{
    /// <summary>True when it says that it is JSON.</summary>
    public bool IsJson => MediaType is "application/json";

    /// <summary>The body as text for people: cleaned, without quotes around it, cut.</summary>
    public string Said(int longest) => ForeignText.Clean(Encoding.UTF8.GetString(Body.Span).Trim().Trim('"'), longest).TrimEnd('.');
}
