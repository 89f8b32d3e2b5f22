using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Homelab.Providers.Prometheus;

/// <summary>Prometheus' HTTP API, as far as it only looks.</summary>
/// <remarks>https://prometheus.io/docs/prometheus/latest/querying/api/</remarks>
internal sealed class PrometheusClient : IDisposable
{
    private readonly JsonPeer _peer;

    internal PrometheusClient(PrometheusSettings settings, ProviderContext context)
    {
        _peer = new JsonPeer(
            new HttpPeerDefinition(PrometheusNames.Provider, PrometheusNames.Product, PrometheusNames.Product, settings.Url) { Token = settings.Token, User = settings.User, Password = settings.Password, Tls = settings.Tls },
            context);
    }

    /// <summary>The value of an expression at one moment.</summary>
    /// <remarks><c>GET /api/v1/query</c>.</remarks>
    internal Task<IReadOnlyList<MetricReading>> QueryAsync(string query, DateTimeOffset at, CancellationToken cancellationToken) =>
        AskAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}&time={Seconds(at)}", MetricReader.Read, cancellationToken);

    /// <summary>The values of an expression over a time.</summary>
    /// <remarks><c>GET /api/v1/query_range</c>.</remarks>
    internal Task<IReadOnlyList<MetricReading>> QueryRangeAsync(string query, DateTimeOffset from, DateTimeOffset to, TimeSpan step, CancellationToken cancellationToken) =>
        AskAsync(
            string.Create(CultureInfo.InvariantCulture, $"/api/v1/query_range?query={Uri.EscapeDataString(query)}&start={Seconds(from)}&end={Seconds(to)}&step={step.TotalSeconds:0.###}"),
            MetricReader.Read,
            cancellationToken);

    /// <summary>The alerts that fire or are pending.</summary>
    /// <remarks><c>GET /api/v1/alerts</c>.</remarks>
    internal Task<IReadOnlyList<PrometheusAlert>> ListAlertsAsync(CancellationToken cancellationToken) => AskAsync("/api/v1/alerts", PrometheusAlertReader.Read, cancellationToken);

    public void Dispose() => _peer.Dispose();

    private async Task<IReadOnlyList<T>> AskAsync<T>(string path, Func<JsonElement, IReadOnlyList<T>> read, CancellationToken cancellationToken)
    {
        using var answer = await _peer.GetAsync(path, cancellationToken).ConfigureAwait(false);
        var root = answer.Json.RootElement;
        try
        {
            if (root.GetProperty("status").GetString() is "success" && answer.Status == HttpStatusCode.OK) return read(root.GetProperty("data"));
            throw Refused(answer.Status, root);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw _peer.Odd($"answered HTTP {(int)answer.Status} and JSON that is none of its API: {ForeignText.Clean(e.Message, 100)}", e);
        }
    }

    private HomelabException Refused(HttpStatusCode status, JsonElement root)
    {
        var type = root.TryGetProperty("errorType", out var t) ? t.GetString() ?? "" : "";
        var said = ForeignText.Clean(root.TryGetProperty("error", out var e) ? e.GetString() ?? "" : "", 300);
        return type switch
        {
            "bad_data" => _peer.Problem(ErrorKind.Invalid, "QueryInvalid", $"does not understand the query: {said}", "Write it in PromQL, such as up == 0."),
            "timeout" or "canceled" => _peer.Problem(ErrorKind.Timeout, "QuerySlow", $"did not finish the query: {said}", "Ask for less: a shorter time, a longer step, fewer series."),
            "execution" => _peer.Problem(ErrorKind.Failed, "QueryFailed", $"could not carry out the query: {said}", "Correct the query."),
            "unavailable" => _peer.Problem(ErrorKind.Unavailable, "Busy", $"is not ready: {said}", "Try again in a minute."),
            _ => _peer.Odd($"answered HTTP {(int)status}: {said}"),
        };
    }

    private static string Seconds(DateTimeOffset at) => (at.ToUnixTimeMilliseconds() / 1000m).ToString("0.000", CultureInfo.InvariantCulture);
}
