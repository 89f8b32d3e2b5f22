using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace Homelab;

/// <summary>A server that answers JSON over HTTP and is only asked, never told: its certificate verified, its answer bounded in time and length, each failure with its way out.</summary>
public sealed class JsonPeer : IDisposable
{
    private const int MaxAnswer = 32 * 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly JsonPeerDefinition _peer;
    private readonly ProviderContext _context;
    private readonly string _root;
    private readonly SemaphoreSlim _opening = new(1);
    private HttpClient? _http;
    private volatile TlsVerdict? _lastVerdict;

    /// <param name="peer">Which server.</param>
    /// <param name="context">The lab.</param>
    public JsonPeer(JsonPeerDefinition peer, ProviderContext context)
    {
        ArgumentNullException.ThrowIfNull(peer);
        _peer = peer;
        _context = context;
        // A user and password in the address would be shown with it; they are given apart.
        _root = peer.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
    }

    /// <summary>Asks.</summary>
    /// <param name="path">Path and query below its address, percent-encoded.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Its answer with its status, which may be an error that it explains as JSON.</returns>
    public async Task<JsonPeerAnswer> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var http = await OpenAsync(linked.Token).ConfigureAwait(false);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_root + path));
            request.Headers.Authorization = await CredentialAsync(linked.Token).ConfigureAwait(false);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, linked.Token).ConfigureAwait(false);
            _context.Trace($"GET {request.RequestUri} → {(int)response.StatusCode}");
            Check(response);
            var bytes = await response.Content.ReadAsByteArrayAsync(linked.Token).ConfigureAwait(false);
            return new JsonPeerAnswer(response.StatusCode, JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 }));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(s_timeout)}", "Look whether it runs.", e);
        }
        catch (HttpRequestException e)
        {
            var reason = e.InnerException is AuthenticationException && _lastVerdict is { Trusted: false } verdict ? verdict.Reason : ForeignText.Clean(e.Message, 200);
            throw Problem(ErrorKind.Unavailable, "Unreachable", $"cannot be reached: {reason}", $"Look at providers.{_peer.Provider} in the lab file, and whether it runs.", e);
        }
        catch (JsonException e)
        {
            throw Odd($"answered something that is no JSON: {ForeignText.Clean(e.Message, 100)}", e);
        }
    }

    /// <summary>The error for an answer that is not what was asked for.</summary>
    public HomelabException Odd(string what, Exception? inner = null) => Problem(ErrorKind.Failed, "AnswerOdd", what, $"Is providers.{_peer.Provider}.url its address?", inner);

    /// <summary>An error of this server.</summary>
    public HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) =>
        new(kind, _peer.Prefix + id, $"{_peer.Name} at {_peer.Url.GetLeftPart(UriPartial.Authority)} {what}. {wayOut}", _peer.Provider, inner) { WayOut = wayOut };

    /// <inheritdoc/>
    public void Dispose()
    {
        _http?.Dispose();
        _opening.Dispose();
    }

    private void Check(HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                var given = _peer.Token?.ToString() ?? _peer.Password?.ToString();
                throw Problem(ErrorKind.Denied, "LoginRefused", given is null ? "wants a login and the lab file gives none" : $"refused the login ({given})", $"Give providers.{_peer.Provider}.token, or user and password.");
            case HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout:
                throw Problem(ErrorKind.Unavailable, "Unreachable", $"cannot be reached: its proxy answered HTTP {(int)response.StatusCode}", "Look whether it runs.");
        }

        if (response.Content.Headers.ContentType?.MediaType is "application/json") return;
        throw Odd($"answered HTTP {(int)response.StatusCode} and no JSON");
    }

    private async Task<AuthenticationHeaderValue?> CredentialAsync(CancellationToken cancellationToken)
    {
        if (_peer.Token is { } token) return new AuthenticationHeaderValue("Bearer", (await _context.Secrets.ResolveAsync(token, cancellationToken).ConfigureAwait(false)).Reveal());
        if ((_peer.User is null) != (_peer.Password is null)) throw Problem(ErrorKind.Invalid, "LoginIncomplete", "has half a login", $"Give providers.{_peer.Provider}.user and password both, or neither.");
        if (_peer.Password is not { } password) return null;
        var opened = await _context.Secrets.ResolveAsync(password, cancellationToken).ConfigureAwait(false);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_peer.User}:{opened.Reveal()}")));
    }

    private async Task<HttpClient> OpenAsync(CancellationToken cancellationToken)
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
}

/// <summary>Which server, and how to log in there.</summary>
/// <param name="Provider">The key under <c>providers:</c>.</param>
/// <param name="Name">What it is called in messages: <c>Prometheus</c>.</param>
/// <param name="Prefix">What the ids of its errors begin with: <c>Prometheus</c>, as in <c>PrometheusUnreachable</c>.</param>
/// <param name="Url">Its address.</param>
public sealed record JsonPeerDefinition(string Provider, string Name, string Prefix, Uri Url)
{
    /// <summary>A bearer token.</summary>
    public SecretReference? Token { get; init; }

    /// <summary>The user of a login by password.</summary>
    public string? User { get; init; }

    /// <summary>The password.</summary>
    public SecretReference? Password { get; init; }

    /// <summary>How its certificate is verified.</summary>
    public TlsDefinition? Tls { get; init; }
}

/// <summary>What it answered.</summary>
/// <param name="Status">The status.</param>
/// <param name="Json">The body.</param>
public sealed record JsonPeerAnswer(HttpStatusCode Status, JsonDocument Json) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Json.Dispose();
}
