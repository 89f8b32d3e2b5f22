using System.Text;
using System.Text.Json;
using Homelab.Providers.Beszel;

namespace Homelab.UnitTests.Providers.Beszel;

/// <summary>What a Beszel hub 0.18.8 sends: notifications as JSON and as text, and heartbeats.</summary>
public sealed class BeszelAlertSourceTests
{
    private const string Heartbeat = """
        {"status":"error","timestamp":"2026-02-20T14:30:00Z","msg":"1 system(s) down: nas","systems":{"total":2,"up":1,"down":1,"paused":0,"pending":0},
        "down_systems":[{"id":"abc123","name":"nas","host":"10.0.0.9"}],"triggered_alerts":[{"system_id":"xyz789","system_name":"web","alert_name":"Disk","threshold":80}],"beszel_version":"0.18.8"}
        """;

    private static readonly DateTimeOffset s_received = new(2026, 11, 21, 8, 0, 10, TimeSpan.Zero);

    [Theory]
    [InlineData("Connection to web 1 is down 🔴", "Connection to web 1 is down", AlertStatus.Down, "web 1", null, null)]
    [InlineData("Connection to web 1 is up ✅", "Connection to web 1 is up", AlertStatus.Up, "web 1", null, null)]
    [InlineData("web CPU above threshold", "CPU averaged 92.10% for the previous 10 minutes.", AlertStatus.Pressure, "web", "cpu", 92.1)]
    [InlineData("web CPU below threshold", "CPU averaged 12.00% for the previous 10 minutes.", AlertStatus.Up, "web", "cpu", 12.0)]
    [InlineData("my web memory above threshold", "Memory averaged 95.00% for the previous 1 minute.", AlertStatus.Pressure, "my web", "memory", 95.0)]
    [InlineData("web disk usage above threshold", "Usage of root averaged 97.00% for the previous 1 minute.", AlertStatus.Pressure, "web", "disk", 97.0)]
    [InlineData("web 15m load above threshold", "15m Load averaged 9.00 for the previous 15 minutes.", AlertStatus.Pressure, "web", "cpu", null)]
    [InlineData("laptop battery below threshold", "Battery averaged 9.00% for the previous 1 minute.", AlertStatus.Pressure, "laptop", "battery", 9.0)]
    [InlineData("laptop battery above threshold", "Battery averaged 50.00% for the previous 1 minute.", AlertStatus.Up, "laptop", "battery", 50.0)]
    [InlineData("SMART failure on nas: /dev/sda 🔴", "Disk /dev/sda (WD) SMART status changed to FAILED", AlertStatus.Pressure, "nas", "smart", null)]
    public void A_notification_is_read_as_JSON_and_as_text(string title, string message, AlertStatus status, string system, string? resource, double? value)
    {
        var json = Read(JsonSerializer.Serialize(new { title, message = message + "\n\nhttps://beszel.lan/system/abc" }));
        var text = Read($"{title}\n\n{message}\n\nhttps://beszel.lan/system/abc");
        Assert.Equal((status, system, resource, value), (json.Status, json.Subject, json.Resource, json.Value));
        Assert.Equal(json, text);
        Assert.DoesNotContain("https", json.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_test_button_is_a_test() => Assert.Equal(AlertStatus.Test, Read("Test Alert\n\nThis is a notification from Beszel.\n\nhttps://beszel.lan").Status);

    [Theory]
    [InlineData("Hello", "its title is \"Hello\"")]
    [InlineData(" CPU above threshold", "its title is")]
    [InlineData("", "it is empty")]
    [InlineData("{\"title\":\"x\"}", "neither message nor systems")]
    public void Another_text_is_refused(string body, string says) => Assert.Contains(says, Assert.Throws<HomelabException>(() => Read(body)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_heartbeat_tells_what_is_down_and_what_runs_short()
    {
        var alerts = Beat(new BeszelAlertSource(), Heartbeat);
        Assert.Equal([(AlertStatus.Down, "nas", "10.0.0.9", null), (AlertStatus.Pressure, "web", "web", "disk")], alerts.Select(static a => (a.Status, a.Subject!, a.Host!, a.Resource)));
    }

    [Fact]
    public void The_next_heartbeat_tells_the_same_under_the_same_fingerprint_and_its_end_once()
    {
        var source = new BeszelAlertSource();
        var first = Beat(source, Heartbeat);
        var second = Beat(source, Heartbeat.Replace("14:30:00", "14:31:00", StringComparison.Ordinal));
        Assert.Equal(first.Select(static a => a.Fingerprint), second.Select(static a => a.Fingerprint));
        const string Well = """{"status":"ok","timestamp":"2026-02-20T14:32:00Z","msg":"","systems":{"total":2},"beszel_version":"0.18.8"}""";
        Assert.Equal([(AlertStatus.Up, "nas"), (AlertStatus.Up, "web")], Beat(source, Well).Select(static a => (a.Status, a.Subject!)));
        Assert.Empty(Beat(source, Well.Replace("14:32", "14:33", StringComparison.Ordinal)));
        Assert.NotEqual(first[0].Fingerprint, Beat(source, Heartbeat.Replace("14:30:00", "14:34:00", StringComparison.Ordinal))[0].Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public void A_heartbeat_that_comes_late_undoes_nothing()
    {
        var source = new BeszelAlertSource();
        Beat(source, Heartbeat);
        Assert.Empty(Beat(source, """{"status":"ok","timestamp":"2026-02-20T14:29:00Z","msg":"","systems":{"total":2}}"""));
    }

    [Fact]
    public void Anything_is_read_or_refused()
    {
        foreach (var good in new[] { Heartbeat, "{\"title\":\"web CPU above threshold\",\"message\":\"CPU averaged 92.10% for the previous 10 minutes.\"}" })
        {
            AnyBody.IsReadOrRefused(new BeszelAlertSource(), Encoding.UTF8.GetBytes(good));
            AnyBody.WithAnyFieldOddIsReadOrRefused(new BeszelAlertSource(), good);
        }
    }

    private static Alert Read(string body) => Assert.Single(Beat(new BeszelAlertSource(), body));

    private static IReadOnlyList<Alert> Beat(BeszelAlertSource source, string body) => source.Read(new AlertDelivery("POST", "text/plain", "", Encoding.UTF8.GetBytes(body), s_received));
}
