using Homelab.Lab.Services;
using Homelab.Providers.Prometheus;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Prometheus;

/// <summary>Asking Prometheus, as a real 2.42 answered.</summary>
public sealed class PrometheusOperationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_gives_each_series_with_its_value()
    {
        await using var service = await AnswerAsync(200, Recorded.Text("prometheus/prometheus-query-up.json"));
        var readings = await AskAsync<MetricReading>(service.Url, "prometheus_query", new { query = "up" });
        Assert.Equal([("up", "pve1", 1d), ("up", "pve2", 0d)], readings.Select(static r => (r.Name, r.Labels["host"], r.Value)));
        Assert.Empty(readings[0].Points);
    }

    [Fact]
    public async Task A_range_gives_its_points_and_the_last_of_them_as_value()
    {
        await using var service = await AnswerAsync(200, """{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up"},"values":[[1795219490,"0"],[1795219495.5,"NaN"],[1795219500,"+Inf"]]}]}}""");
        var reading = Assert.Single(await AskAsync<MetricReading>(service.Url, "prometheus_query", new { query = "up", last = "10s" }));
        Assert.Equal([0d, double.NaN, double.PositiveInfinity], reading.Points.Select(static p => p.Value));
        Assert.Equal((double.PositiveInfinity, DateTimeOffset.FromUnixTimeSeconds(1795219500)), (reading.Value, reading.At));
        // What a query says must be fit for every face.
        Assert.Contains("\"NaN\"", System.Text.Json.JsonSerializer.Serialize(reading, HomelabJson.Options), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alerts_are_listed_by_name_and_state()
    {
        await using var service = await AnswerAsync(200, Recorded.Text("prometheus/prometheus-alerts.json"));
        var alert = Assert.Single(await AskAsync<PrometheusAlert>(service.Url, "prometheus_list_alerts", new { name = "host*", firing = true }));
        Assert.Equal(("HostDown", PrometheusAlertState.Firing, "critical", "Host pve2 is down"), (alert.Name, alert.State, alert.Severity, alert.Summary));
        Assert.Empty(await AskAsync<PrometheusAlert>(service.Url, "prometheus_list_alerts", new { name = "other" }));
    }

    [Theory]
    [InlineData(400, """{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}""", ErrorKind.Invalid, "PrometheusQueryInvalid", "parse error")]
    [InlineData(503, """{"status":"error","errorType":"timeout","error":"query timed out"}""", ErrorKind.Timeout, "PrometheusQuerySlow", "Ask for less")]
    [InlineData(422, """{"status":"error","errorType":"execution","error":"many-to-many"}""", ErrorKind.Failed, "PrometheusQueryFailed", "many-to-many")]
    [InlineData(200, """{"hello":"world"}""", ErrorKind.Failed, "PrometheusAnswerOdd", "none of its API")]
    [InlineData(200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":["x"]}]}}""", ErrorKind.Failed, "PrometheusAnswerOdd", "none of its API")]
    [InlineData(200, "[", ErrorKind.Failed, "PrometheusAnswerOdd", "no JSON")]
    [InlineData(401, "{}", ErrorKind.Denied, "PrometheusLoginRefused", "env:KEY")]
    public async Task What_is_no_answer_is_an_error_with_its_way_out(int status, string body, ErrorKind kind, string id, string says)
    {
        await using var service = await AnswerAsync(status, body);
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync<MetricReading>(service.Url, "prometheus_query", new { query = "up" }));
        Assert.Equal((kind, id), (e.Kind, e.Id));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        await using var service = await AnswerAsync(200, "{}");
        service.Fault = ServiceFault.Refuse;
        var e = await Assert.ThrowsAsync<HomelabException>(() => AskAsync<MetricReading>(service.Url, "prometheus_query", new { query = "up" }));
        Assert.Equal((ErrorKind.Unavailable, "PrometheusUnreachable"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_step_without_a_time_is_refused()
    {
        await using var service = await AnswerAsync(200, "{}");
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => AskAsync<MetricReading>(service.Url, "prometheus_query", new { query = "up", step = "1m" }));
        Assert.Equal("InputInvalid", e.Id);
    }

    [Fact]
    public async Task A_lab_without_Prometheus_still_reads_what_Alertmanager_sends_and_listens_to_nothing()
    {
        await using var provider = new PrometheusProvider(new ProviderContext(new LabDefinition(), "/", new Secrets(), new PatientTime()));
        Assert.Equal("alertmanager", Assert.Single(provider.AlertSources).Name);
        Assert.Empty(provider.AlertFeeds);
        var e = await Assert.ThrowsAsync<HomelabException>(() => new QueryDesk().AskAsync<PrometheusAlert>(provider.Operations, "prometheus_list_alerts", new { }, Cancellation));
        Assert.Equal((ErrorKind.NotFound, "PrometheusNotConfigured"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task The_look_tells_what_fires()
    {
        await using var service = await AnswerAsync(200, Recorded.Text("prometheus/prometheus-alerts.json"));
        await using var provider = Provider(service.Url);
        var checks = new List<LabCheck>();
        await foreach (var check in provider.CheckAsync(Cancellation)) checks.Add(check);
        Assert.Equal((CheckStatus.Ok, "it answers; 1 alerts fire and 0 are pending"), (Assert.Single(checks).Status, checks[0].Detail));
    }

    private static Task<SimulatedService> AnswerAsync(int status, string body) => SimulatedService.StartAsync(_ => new ServiceAnswer(status, body) { ContentType = "application/json" });

    private static PrometheusProvider Provider(Uri url)
    {
        var settings = new PrometheusSettings { Url = url, Token = SecretReference.Parse("env:KEY", null) };
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["prometheus"] = settings } };
        return new PrometheusProvider(new ProviderContext(lab, "/", new Secrets(("KEY", "s3cret")), new PatientTime()));
    }

    private static async Task<IReadOnlyList<T>> AskAsync<T>(Uri url, string operation, object input)
    {
        await using var provider = Provider(url);
        return await new QueryDesk().AskAsync<T>(provider.Operations, operation, input, Cancellation);
    }
}
