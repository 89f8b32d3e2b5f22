using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Homelab.Providers.UptimeKuma;

/// <summary>Uptime Kuma's HTTP face, as far as it is dependable: <c>/metrics</c>. It has no REST for monitors, and answers any unknown path with a page and 200.</summary>
internal sealed class KumaClient
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    private readonly UptimeKumaSettings _settings;
    private readonly ProviderContext _context;
    private readonly HttpPeer _http;
    private readonly Uri _metrics;

    internal KumaClient(UptimeKumaSettings settings, HttpPeer http, ProviderContext context)
    {
        _settings = settings;
        _context = context;
        _http = http;
        _metrics = new Uri(http.Root + "/metrics");
    }

    /// <summary>Every monitor that has been checked since Kuma started and is not paused.</summary>
    /// <remarks><c>GET /metrics</c>. Not cached, other than the status page.</remarks>
    internal async Task<IReadOnlyList<MonitorReading>> ReadMonitorsAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, _context.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            var http = await _http.OpenAsync(linked.Token).ConfigureAwait(false);
            using var request = new HttpRequestMessage(HttpMethod.Get, _metrics);
            if (_settings.ApiKey is { } reference)
            {
                var key = await _context.Secrets.ResolveAsync(reference, linked.Token).ConfigureAwait(false);
                request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(":" + key.Reveal())));
            }

            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, linked.Token).ConfigureAwait(false);
            _context.Trace($"GET {_metrics} → {(int)response.StatusCode}");
            Check(response);
            var text = await response.Content.ReadAsStringAsync(linked.Token).ConfigureAwait(false);
            return KumaMetrics.Read(PrometheusText.Read(text));
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw Problem(ErrorKind.Timeout, "NoAnswer", $"did not answer within {Duration.Format(s_timeout)}", "Look whether it runs.", e);
        }
        catch (HttpRequestException e)
        {
            throw _http.Unreachable(e);
        }
        catch (FormatException e)
        {
            throw Problem(ErrorKind.Failed, "AnswerOdd", $"answered something that cannot be read: {e.Message}", "Expected Prometheus text.", e);
        }
    }

    private void Check(HttpResponseMessage response)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.OK:
                break;
            case HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden:
                throw Problem(
                    ErrorKind.Denied,
                    "KeyRefused",
                    _settings.ApiKey is null ? "wants an API key and the lab file gives none" : $"refused the API key ({_settings.ApiKey})",
                    "It takes an API key (Settings, API Keys) by Basic authentication; Bearer is not accepted. It says the same when it is asked more than 60 times a minute.");
            case HttpStatusCode.TooManyRequests:
                throw Problem(ErrorKind.Unavailable, "Busy", "was asked too often", "Wait a minute; it answers about 60 requests in one.");
            case HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout:
                throw Problem(ErrorKind.Unavailable, "Unreachable", $"cannot be reached: its proxy answered HTTP {(int)response.StatusCode}", "Look whether it runs.");
            default:
                throw Problem(ErrorKind.Failed, "AnswerOdd", $"answered HTTP {(int)response.StatusCode}", "Is providers.kuma.url its address?");
        }

        if (response.Content.Headers.ContentType?.MediaType is var type && type is not "text/plain")
        {
            throw Problem(ErrorKind.Failed, "AnswerOdd", $"answered {(type is null ? "without a content type" : ForeignText.Clean(type, 60))}, not Prometheus text", "Is providers.kuma.url its address?");
        }
    }

    private HomelabException Problem(ErrorKind kind, string id, string what, string wayOut, Exception? inner = null) => _http.Problem(kind, id, what, wayOut, inner);
}
