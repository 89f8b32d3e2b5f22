using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Authentication;
using System.Text;
using System.Text.Json;

namespace Homelab.Providers.Alertmanager;

/// <summary>Alertmanager's API, version 2.</summary>
/// <remarks>https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml</remarks>
internal sealed class AlertmanagerClient : IDisposable
{
    private const int MaxAnswer = 8 * 1024 * 1024;
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly AlertmanagerSettings _settings;
    private readonly ProviderContext _context;
    private readonly string _base;
    private readonly SemaphoreSlim _opening = new(1);
    private HttpClient? _http;
    private volatile TlsVerdict? _lastVerdict;

    internal AlertmanagerClient(AlertmanagerSettings settings, ProviderContext context)
    {
        _settings = settings;
        _context = context;
        // A user and password in the address would be shown with it; they are given apart.
        _base = settings.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
    }

    /// <summary>The release that answers.</summary>
    internal async Task<string> ReadVersionAsync(CancellationToken cancellationToken)
    {
        var (_, body) = await AskAsync(HttpMethod.Get, "/api/v2/status", content: null, cancellationToken).ConfigureAwait(false);
        using var json = Parse(body);
        var version = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("versionInfo", out var info) && info.TryGetProperty("version", out var text) ? text.GetString() : null;
        return version is null ? throw Odd("its state without a version") : ForeignText.Clean(version, 40);
    }

    internal async Task<IReadOnlyList<Silence>> ListSilencesAsync(CancellationToken cancellationToken)
    {
        var (_, body) = await AskAsync(HttpMethod.Get, "/api/v2/silences", content: null, cancellationToken).ConfigureAwait(false);
        using var json = Parse(body);
        if (json.RootElement.ValueKind != JsonValueKind.Array) throw Odd("something else than a list of silences");
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    }

    /// <summary>One silence, or null.</summary>
    internal async Task<Silence?> FindSilenceAsync(Guid id, CancellationToken cancellationToken)
    {
        var (status, body) = await AskAsync(HttpMethod.Get, $"/api/v2/silence/{id}", content: null, cancellationToken).ConfigureAwait(false);
        if (status == HttpStatusCode.NotFound) return null;
        using var json = Parse(body);
        return Read(json.RootElement);
    }

    internal async Task<Guid> CreateSilenceAsync(IReadOnlyList<SilenceMatcher> matchers, DateTimeOffset from, DateTimeOffset until, string createdBy, string comment, CancellationToken cancellationToken)
    {
        var silence = new
        {
            matchers = matchers.Select(static m => new { name = m.Name, value = m.Value, isRegex = m.IsRegex, isEqual = m.IsEqual }).ToArray(),
            startsAt = from.UtcDateTime.ToString("O"),
            endsAt = until.UtcDateTime.ToString("O"),
            createdBy,
            comment,
        };
        var (_, body) = await AskAsync(HttpMethod.Post, "/api/v2/silences", JsonContent.Create(silence), cancellationToken).ConfigureAwait(false);
        using var json = Parse(body);
        return json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("silenceID", out var id) && Guid.TryParse(id.GetString(), out var given) ? given : throw Odd("no id of the silence that it took");
    }

    internal Task ExpireSilenceAsync(Guid id, CancellationToken cancellationToken) => AskAsync(HttpMethod.Delete, $"/api/v2/silence/{id}", content: null, cancellationToken);

    public void Dispose()
    {
        _http?.Dispose();
        _opening.Dispose();
    }

    private async Task<(HttpStatusCode Status, string Body)> AskAsync(HttpMethod method, string path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var http = await OpenAsync(linked.Token).ConfigureAwait(false);
            using var request = new HttpRequestMessage(method, new Uri(_base + path)) { Content = content };
            request.Headers.Authorization = await CredentialAsync(linked.Token).ConfigureAwait(false);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, linked.Token).ConfigureAwait(false);
            _context.Trace($"{method} {_base}{path} → {(int)response.StatusCode}");
            var body = await response.Content.ReadAsStringAsync(linked.Token).ConfigureAwait(false);
            Check(response.StatusCode, method, body);
            return (response.StatusCode, body);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "AlertmanagerNoAnswer", $"did not answer within {Duration.Format(s_timeout)}", "Look whether it runs.", e);
        }
        catch (HttpRequestException e)
        {
            var reason = e.InnerException is AuthenticationException && _lastVerdict is { Trusted: false } verdict ? verdict.Reason : ForeignText.Clean(e.Message, 200);
            throw Problem(ErrorKind.Unavailable, "AlertmanagerUnreachable", $"cannot be reached: {reason}", "Look at providers.alertmanager in the lab file, and whether it runs.", e, nothingHappened: e.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError);
        }
    }

    private void Check(HttpStatusCode status, HttpMethod method, string body)
    {
        switch (status)
        {
            case HttpStatusCode.OK:
            case HttpStatusCode.NotFound when method == HttpMethod.Get:
                return;
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw Problem(ErrorKind.Denied, "AlertmanagerRefused", "does not let us in", "Set providers.alertmanager.token, or user and password.");
            case HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity:
                throw Problem(ErrorKind.Invalid, "SilenceInvalid", $"did not take it: {ForeignText.Clean(body.Trim().Trim('"'), 200).TrimEnd('.')}", "Look at the matchers.");
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                throw Problem(ErrorKind.Unavailable, "AlertmanagerUnreachable", $"cannot be reached: its proxy answered HTTP {(int)status}", "Look whether it runs.");
            default:
                throw Problem(ErrorKind.Failed, "AlertmanagerAnswerOdd", $"answered HTTP {(int)status}: {ForeignText.Clean(body.Trim().Trim('"'), 120).TrimEnd('.')}", "Is providers.alertmanager.url its address?");
        }
    }

    private async Task<AuthenticationHeaderValue?> CredentialAsync(CancellationToken cancellationToken)
    {
        if (_settings.Token is { } token) return new AuthenticationHeaderValue("Bearer", (await _context.Secrets.ResolveAsync(token, cancellationToken).ConfigureAwait(false)).Reveal());
        if (_settings is not { User: { } user, Password: { } password }) return null;
        var secret = await _context.Secrets.ResolveAsync(password, cancellationToken).ConfigureAwait(false);
        return new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{secret.Reveal()}")));
    }

    private async Task<HttpClient> OpenAsync(CancellationToken cancellationToken)
    {
        if (_http is not null) return _http;
        await _opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_http is not null) return _http;
            var trust = await TlsTrust.LoadAsync(_settings.Tls, _context.BasePath, _context.Secrets, cancellationToken).ConfigureAwait(false);
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

    private Silence Read(JsonElement json)
    {
        try
        {
            return SilenceReader.Read(json);
        }
        catch (FormatException e)
        {
            throw Odd(e.Message, e);
        }
    }

    private JsonDocument Parse(string body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException e)
        {
            throw Odd("something that is no JSON", e);
        }
    }

    private HomelabException Odd(string what, Exception? inner = null) => Problem(ErrorKind.Failed, "AlertmanagerAnswerOdd", $"answered {what}", "Is providers.alertmanager.url its address?", inner);

    private HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null, bool nothingHappened = false) =>
        new(kind, id, $"Alertmanager at {new Uri(_base).GetLeftPart(UriPartial.Authority)} {what}. {wayOut}", AlertmanagerNames.Provider, inner) { WayOut = wayOut, NothingHappened = nothingHappened };
}
