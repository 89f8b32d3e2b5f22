using ModelContextProtocol.Client;

namespace Homelab.Providers.Mcp;

/// <summary>By MCP over HTTP, streamable or, where a server has nothing else, with the older events.</summary>
internal sealed class HttpWay(HttpPlace place) : IMcpWay
{
    // How long a farewell (the end of the session) may take.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new(Timeout.InfiniteTimeSpan, place.Context.Time);
    private readonly Allowance _allowance = new(place.Faults);
    private CancellationTokenRegistration _late;
    private HttpGuard? _guard;
    private HttpClient? _http;

    public bool Reached => _guard?.Answered is true;

    public ForeignWords Words { get; } = new();

    public async Task<(IClientTransport Transport, string Detail)> OpenAsync(CancellationToken cancellationToken)
    {
        // What is late is left: the protocol's client says good-bye, and would wait for ever until that is heard.
        _late = cancellationToken.Register(Leave);
        _guard = await place.GuardAsync(Words, _allowance, _over.Token, cancellationToken).ConfigureAwait(false);
        _http = new HttpClient(_guard) { Timeout = Timeout.InfiniteTimeSpan };
        var options = new HttpClientTransportOptions
        {
            Endpoint = place.Url,
            TransportMode = HttpTransportMode.AutoDetect,
            EnableStandaloneGetStream = false,
            MaxReconnectionAttempts = 1,
        };
        return (new HttpClientTransport(options, _http), "it answers");
    }

    /// <summary>Asks an address that tells whether the server lives.</summary>
    /// <exception cref="HomelabException">It does not, or not as it should.</exception>
    internal async Task<string> AskHealthAsync(CancellationToken cancellationToken)
    {
        _guard = await place.GuardAsync(Words, _allowance, _over.Token, cancellationToken).ConfigureAwait(false);
        _http = new HttpClient(_guard) { Timeout = Timeout.InfiniteTimeSpan };
        using var response = await _http.GetAsync(place.Url, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        if (!response.IsSuccessStatusCode) throw _allowance.Trouble ?? place.Faults.Unhealthy((int)response.StatusCode);
        return $"HTTP {(int)response.StatusCode}";
    }

    public Task<HomelabException?> ExplainAsync(bool isLate) => Task.FromResult(_allowance.Trouble);

    public void Forget() => _allowance.Forget();

    public void Leave() => _over.CancelAfter(s_farewell);

    public async ValueTask DisposeAsync()
    {
        await _late.DisposeAsync().ConfigureAwait(false);
        await _over.CancelAsync().ConfigureAwait(false);
        _http?.Dispose();
        _over.Dispose();
    }
}
