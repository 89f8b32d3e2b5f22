using System.Text;
using System.Text.Json.Nodes;
using Homelab.Providers.Prometheus;

namespace Homelab.UnitTests.Providers.Prometheus;

/// <summary>What a real Alertmanager 0.25 sent, and what it may send.</summary>
public sealed class AlertmanagerAlertSourceTests
{
    private static readonly DateTimeOffset s_received = new(2026, 11, 21, 0, 5, 0, TimeSpan.Zero);

    [Fact]
    public void An_alert_that_fires_names_what_it_is_about()
    {
        var alert = Assert.Single(Read(Recorded.Text("prometheus/alertmanager.json")));
        Assert.Equal(("alertmanager", AlertStatus.Down, "gone", "pve2"), (alert.Source, alert.Status, alert.Subject, alert.Host));
        Assert.Equal("Host pve2 is down", alert.Message);
        Assert.Equal("critical", alert.Severity);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 4, 53, 843, TimeSpan.Zero), alert.At);
        Assert.Equal("lab", alert.Labels["site"]);
        Assert.Equal("{}:{alertname=\"HostDown\"}", alert.Labels["groupKey"]);
    }

    [Fact]
    public void One_that_is_resolved_is_up_since_its_end()
    {
        var alert = Assert.Single(Read(Recorded.Text("prometheus/alertmanager-resolved.json")));
        Assert.Equal((AlertStatus.Up, "gone"), (alert.Status, alert.Subject));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 0, 4, 57, 843, TimeSpan.Zero), alert.At);
        Assert.NotEqual(Assert.Single(Read(Recorded.Text("prometheus/alertmanager.json"))).Fingerprint, alert.Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public void The_same_alert_has_the_same_fingerprint_from_either_of_a_pair_and_another_time_is_another()
    {
        var first = Assert.Single(Read(Body(Labels())));
        Assert.Equal(first.Fingerprint, Assert.Single(Read(Body(Labels(), more: ",\"externalURL\":\"http://other:9093\",\"receiver\":\"b\""))).Fingerprint);
        Assert.NotEqual(first.Fingerprint, Assert.Single(Read(Body(Labels()).Replace("08:00:00Z", "09:00:00Z", StringComparison.Ordinal))).Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public void Each_alert_of_a_group_is_one()
    {
        var body = JsonNode.Parse(Body(Labels()))!;
        var second = body["alerts"]![0]!.DeepClone();
        second["labels"]!["name"] = "postgres";
        second["fingerprint"] = "2";
        second["status"] = "resolved";
        body["alerts"]!.AsArray().Add(second);
        Assert.Equal([("gitea", AlertStatus.Down), ("postgres", AlertStatus.Up)], Read(body.ToJsonString()).Select(static a => (a.Subject!, a.Status)));
    }

    [Fact]
    public void What_was_left_out_is_told_as_a_warning_of_its_own()
    {
        var alerts = Read(Body(Labels(), more: ",\"truncatedAlerts\":3"));
        Assert.Equal(2, alerts.Count);
        Assert.Equal((AlertStatus.Pending, "warning", null), (alerts[1].Status, alerts[1].Severity, alerts[1].Subject));
        Assert.Contains("3 more alerts", alerts[1].Message, StringComparison.Ordinal);
        Assert.Equal(alerts[1].Fingerprint, Read(Body(Labels(), more: ",\"truncatedAlerts\":3"))[1].Fingerprint);
    }

    [Theory]
    [InlineData("\"alertname\":\"ContainerHighMemoryUsage\",\"name\":\"gitea\",\"instance\":\"dev:8080\",\"job\":\"cadvisor\"", AlertStatus.Pressure, "gitea", "dev", "memory")]
    [InlineData("\"alertname\":\"HostOutOfDiskSpace\",\"instance\":\"dev:9100\",\"job\":\"node\"", AlertStatus.Pressure, "dev", "dev", "disk")]
    [InlineData("\"alertname\":\"HostHighCpuLoad\",\"instance\":\"[fd7a::1]:9100\",\"job\":\"node-exporter\"", AlertStatus.Pressure, "fd7a::1", "fd7a::1", "cpu")]
    [InlineData("\"alertname\":\"Something\",\"resource\":\"Memory\",\"service\":\"gitea\"", AlertStatus.Pressure, "gitea", null, "memory")]
    [InlineData("\"alertname\":\"TargetDown\",\"instance\":\"dev:9100\",\"job\":\"node\"", AlertStatus.Down, "dev", "dev", null)]
    [InlineData("\"alertname\":\"TargetDown\",\"instance\":\"dev:5432\",\"job\":\"postgres\"", AlertStatus.Down, "postgres", "dev", null)]
    [InlineData("\"alertname\":\"TargetDown\",\"instance\":\"dev:8080\",\"job\":\"cadvisor\"", AlertStatus.Down, "cadvisor", "dev", null)]
    [InlineData("\"alertname\":\"HostRaidDiskFailure\",\"instance\":\"nas:9100\",\"job\":\"node\"", AlertStatus.Down, "nas", "nas", null)]
    [InlineData("\"alertname\":\"SSLCertExpiringSoon\",\"instance\":\"https://root:hunter2@git.lan/\",\"service\":\"gitea\"", AlertStatus.Certificate, "gitea", "git.lan", null)]
    [InlineData("\"alertname\":\"Watchdog\",\"severity\":\"none\"", AlertStatus.Pending, null, null, null)]
    [InlineData("\"alertname\":\"X\",\"name\":\"/gitea\",\"instance\":\"dev\"", AlertStatus.Down, "gitea", "dev", null)]
    public void Labels_tell_what_it_is_about(string labels, AlertStatus status, string? subject, string? host, string? resource)
    {
        var alert = Assert.Single(Read(Body($"{{{labels}}}")));
        Assert.Equal((status, subject, host, resource), (alert.Status, alert.Subject, alert.Host, alert.Resource));
        Assert.DoesNotContain("hunter2", alert.Address ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("92.1%", 92.1)]
    [InlineData("92.1", 92.1)]
    [InlineData("full", null)]
    public void The_value_of_its_annotation_is_read(string value, double? expected) =>
        Assert.Equal(expected, Assert.Single(Read(Body(Labels(), annotations: $"{{\"value\":\"{value}\"}}"))).Value);

    [Theory]
    [InlineData("{\"version\":\"3\",\"alerts\":[]}", "version is \"3\"; expected \"4\"")]
    [InlineData("{\"version\":\"4\"}", "alerts is missing; expected a list")]
    [InlineData("{\"version\":\"4\",\"alerts\":[{\"status\":\"odd\",\"labels\":{}}]}", "alerts[0].status is \"odd\"")]
    [InlineData("{\"version\":\"4\",\"alerts\":[{\"status\":\"firing\"}]}", "alerts[0].startsAt is missing")]
    [InlineData("[]", "the body is a list")]
    [InlineData("", "the body is empty")]
    public void What_is_no_delivery_is_refused_with_its_place(string body, string says)
    {
        var e = Assert.Throws<HomelabException>(() => Read(body));
        Assert.Equal("AlertUnreadable", e.Id);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_bounded()
    {
        var many = string.Join(',', Enumerable.Range(0, 500).Select(static i => $"\"l{i}\":\"{new string('x', 2000)}\""));
        var alert = Assert.Single(Read(Body($"{{{many}}}")));
        Assert.True(alert.Labels.Count < 70);
        Assert.All(alert.Labels, static l => Assert.True(l.Value.Length <= 300));
    }

    [Fact]
    public void Anything_is_read_or_refused()
    {
        AnyBody.IsReadOrRefused(new AlertmanagerAlertSource(), Encoding.UTF8.GetBytes(Recorded.Text("prometheus/alertmanager.json")));
        AnyBody.WithAnyFieldOddIsReadOrRefused(new AlertmanagerAlertSource(), Recorded.Text("prometheus/alertmanager.json"));
    }

    private static string Labels() => "{\"alertname\":\"ContainerGone\",\"name\":\"gitea\"}";

    private static string Body(string labels, string more = "", string annotations = "{}") =>
        $"{{\"version\":\"4\",\"groupKey\":\"g\",\"status\":\"firing\",\"alerts\":[{{\"status\":\"firing\",\"labels\":{labels},\"annotations\":{annotations},\"startsAt\":\"2026-11-21T08:00:00Z\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"fingerprint\":\"1\"}}]{more}}}";

    private static IReadOnlyList<Alert> Read(string body) => new AlertmanagerAlertSource().Read(new AlertDelivery("POST", "application/json", "", Encoding.UTF8.GetBytes(body), s_received));
}
