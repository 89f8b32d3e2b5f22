using System.Security.Authentication;

namespace Homelab.Providers.UptimeKuma;

/// <summary>The one HTTP client for everything that is asked of Uptime Kuma, made when it is first needed: its certificate is judged in one place, also for the websocket.</summary>
internal sealed class KumaHttp : IDisposable
{
    private const int MaxAnswer = 8 * 1024 * 1024;

    private readonly UptimeKumaSettings _settings;
    private readonly ProviderContext _context;
    private readonly SemaphoreSlim _opening = new(1);
    private HttpClient? _http;
    private volatile TlsVerdict? _lastVerdict;

    internal KumaHttp(UptimeKumaSettings settings, ProviderContext context)
    {
        _settings = settings;
        _context = context;
        // A user and password in the address would be shown with it; they are given apart.
        Base = settings.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped).TrimEnd('/');
    }

    /// <summary>Its address, without a slash at the end.</summary>
    internal string Base { get; }

    internal async Task<HttpClient> OpenAsync(CancellationToken cancellationToken)
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

    /// <summary>A failure in words that name the address and nothing secret.</summary>
    internal HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) =>
        new(kind, id, $"Uptime Kuma at {new Uri(Base).GetLeftPart(UriPartial.Authority)} {what}. {wayOut}", KumaNames.Provider, inner) { WayOut = wayOut };

    /// <summary>It could not be reached; where its certificate was the reason, that is said.</summary>
    internal HomelabException Unreachable(Exception e, bool nothingHappened = false)
    {
        const string wayOut = "Look at providers.kuma in the lab file, and whether it runs.";
        var isTrust = e.InnerException is AuthenticationException || e.InnerException?.InnerException is AuthenticationException;
        var reason = isTrust && _lastVerdict is { Trusted: false } verdict ? verdict.Reason : ForeignText.Clean(e.Message, 200);
        return new HomelabException(ErrorKind.Unavailable, "KumaUnreachable", $"Uptime Kuma at {new Uri(Base).GetLeftPart(UriPartial.Authority)} cannot be reached: {reason}. {wayOut}", KumaNames.Provider, e)
        {
            WayOut = wayOut,
            NothingHappened = nothingHappened,
        };
    }

    public void Dispose()
    {
        _http?.Dispose();
        _opening.Dispose();
    }
}
