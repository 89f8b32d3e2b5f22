using System.Text;
using System.Text.Json.Nodes;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class KumaAlertSourceTests
{
    private static readonly DateTimeOffset s_received = new(2026, 11, 20, 23, 40, 35, TimeSpan.Zero);

    [Fact]
    public void A_down_alert_names_monitor_address_time_and_reason()
    {
        var alert = Read(Payload.Read("body-down-503.json"));
        Assert.Equal("kuma", alert.Source);
        Assert.Equal(AlertStatus.Down, alert.Status);
        Assert.Equal("web", alert.Subject);
        Assert.Equal("1", alert.SubjectId);
        Assert.Equal("http://127.0.0.1:18201/", alert.Address);
        Assert.Equal("Request failed with status code 503", alert.Message);
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 23, 40, 34, 287, TimeSpan.Zero), alert.At);
        Assert.False(alert.IsRepeat);
        Assert.Null(alert.DaysLeft);
    }

    [Fact]
    public void An_up_alert_is_up()
    {
        var alert = Read(Payload.Read("body-up-after-503.json"));
        Assert.Equal(AlertStatus.Up, alert.Status);
        Assert.Equal("200 - OK", alert.Message);
    }

    [Theory]
    [InlineData("0", AlertStatus.Down)]
    [InlineData("1", AlertStatus.Up)]
    [InlineData("2", AlertStatus.Pending)]
    [InlineData("3", AlertStatus.Maintenance)]
    public void Each_of_Kumas_numbers_has_its_meaning(string number, AlertStatus status) => Assert.Equal(status, Read(HostileBodies.With("heartbeat.status", number)).Status);

    [Fact]
    public void The_time_is_UTC_whatever_zone_the_server_lives_in()
    {
        var body = JsonNode.Parse(Payload.Read("body-down-503.json"))!;
        body["heartbeat"]!["timezone"] = "Europe/Berlin";
        body["heartbeat"]!["timezoneOffset"] = "+01:00";
        body["heartbeat"]!["localDateTime"] = "2026-11-21 00:40:34";
        Assert.Equal(new DateTimeOffset(2026, 11, 20, 23, 40, 34, 287, TimeSpan.Zero), Read(body.ToJsonString()).At);
    }

    [Fact]
    public void A_resend_is_a_new_alert_that_is_marked_as_a_repeat()
    {
        var body = JsonNode.Parse(Payload.Read("body-down-503.json"))!;
        var first = Read(body.ToJsonString());
        body["heartbeat"]!["important"] = false;
        body["heartbeat"]!["time"] = "2026-11-20 23:40:36.287";
        var resend = Read(body.ToJsonString());
        Assert.True(resend.IsRepeat);
        Assert.NotEqual(first.Fingerprint, resend.Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public void The_same_event_has_the_same_fingerprint_however_it_comes_and_whenever()
    {
        var body = Payload.Read("body-down-503.json");
        var json = Read(body);
        var form = Read(Form(body), "multipart/form-data; boundary=--------------------------123");
        var later = Assert.Single(new KumaAlertSource().Read(new AlertDelivery("POST", "application/json", "", body, s_received.AddHours(3))));
        Assert.Equal(json, form);
        Assert.Equal(json, later);
    }

    [Fact]
    public void Down_and_up_have_different_fingerprints() =>
        Assert.NotEqual(Read(Payload.Read("body-down-503.json")).Fingerprint, Read(Payload.Read("body-up-after-503.json")).Fingerprint, StringComparer.Ordinal);

    [Fact]
    public void The_test_button_is_a_test_and_nothing_else()
    {
        var alert = Read(Payload.Read("body-test-json.json"));
        Assert.Equal(AlertStatus.Test, alert.Status);
        Assert.Null(alert.Subject);
        Assert.Equal("hook-json Testing", alert.Message);
        Assert.Equal(s_received, alert.At);
    }

    [Fact]
    public void A_test_that_is_delivered_again_is_the_same_and_one_pressed_later_is_not()
    {
        var first = ReadAt("body-test-json.json", s_received);
        Assert.Equal(first.Fingerprint, ReadAt("body-test-json.json", s_received.AddSeconds(10)).Fingerprint);
        Assert.NotEqual(first.Fingerprint, ReadAt("body-test-json.json", s_received.AddMinutes(2)).Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public void A_certificate_notice_names_monitor_address_and_days()
    {
        var alert = Read(Payload.Read("body-cert-expiry.json"));
        Assert.Equal(AlertStatus.Certificate, alert.Status);
        Assert.Equal("tls", alert.Subject);
        Assert.Equal("https://localhost:18203/", alert.Address);
        Assert.Equal(4, alert.DaysLeft);
        Assert.Equal("[tls][https://localhost:18203/] server certificate localhost will expire in 4 days", alert.Message);
    }

    [Theory]
    [InlineData("[tls][https://localhost:18203/] server certificate localhost will be expired in 4 days", "tls", "https://localhost:18203/", 4)]
    [InlineData("[a [b] c][https://[::1]:8443/x] intermediate CA certificate R3 will expire in 21 days", "a [b] c", "https://[::1]:8443/x", 21)]
    [InlineData("[a][https://a/] server certificate ][https://b/] certificate c will expire in 7 days", "a", "https://a/", 7)]
    [InlineData("[a][https://u:secret@a/] server certificate a will expire in -1 days", "a", "https://a/", -1)]
    public void Certificate_notices_of_both_releases_are_read(string text, string subject, string address, int days)
    {
        var alert = Read(new JsonObject { ["heartbeat"] = null, ["monitor"] = null, ["msg"] = text }.ToJsonString());
        Assert.Equal((AlertStatus.Certificate, subject, address, days), (alert.Status, alert.Subject, alert.Address, alert.DaysLeft!.Value));
        Assert.DoesNotContain("secret", alert.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_notice_is_news_again_on_another_day()
    {
        var first = ReadAt("body-cert-expiry.json", s_received);
        Assert.Equal(first.Fingerprint, ReadAt("body-cert-expiry.json", s_received.AddMinutes(15)).Fingerprint);
        Assert.NotEqual(first.Fingerprint, ReadAt("body-cert-expiry.json", s_received.AddDays(90)).Fingerprint, StringComparer.Ordinal);
    }

    [Fact]
    public void A_custom_body_that_is_the_JSON_is_read_though_its_type_says_form() =>
        Assert.Equal("web", Read(Payload.Read("body-down-503.json"), "application/x-www-form-urlencoded").Subject);

    [Fact]
    public void A_byte_order_mark_is_passed_over() => Assert.Equal("web", Read([0xEF, 0xBB, 0xBF, .. Payload.Read("body-down-503.json")]).Subject);

    [Fact]
    public void A_query_as_axios_writes_it_is_read()
    {
        var body = JsonNode.Parse(Payload.Read("body-down-503.json"))!;
        var query = $"msg={Axios((string)body["msg"]!)}&heartbeat={Axios(body["heartbeat"]!.ToJsonString())}&monitor={Axios(body["monitor"]!.ToJsonString())}&token=x";
        var alert = Assert.Single(new KumaAlertSource().Read(new AlertDelivery("GET", "", query, default, s_received)));
        Assert.Equal(Read(Payload.Read("body-down-503.json")), alert);

        static string Axios(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);
    }

    [Fact]
    public void A_query_with_msg_alone_is_a_notice() =>
        Assert.Equal(AlertStatus.Test, Assert.Single(new KumaAlertSource().Read(new AlertDelivery("GET", "", "msg=hook+Testing", default, s_received))).Status);

    [Fact]
    public void A_monitor_that_watches_a_port_has_host_and_port_as_its_address()
    {
        var body = JsonNode.Parse(HostileBodies.With("monitor.url", "\"https://\""))!;
        body["monitor"]!["hostname"] = "10.0.0.5";
        body["monitor"]!["port"] = 5432;
        Assert.Equal("10.0.0.5:5432", Read(body.ToJsonString()).Address);
    }

    [Fact]
    public void A_password_in_a_monitors_URL_is_not_passed_on() =>
        Assert.Equal("https://10.0.0.5/", Read(HostileBodies.With("monitor.url", "\"https://root:hunter2@10.0.0.5/\"")).Address);

    [Fact]
    public void A_release_that_says_more_than_we_know_is_still_read()
    {
        var body = JsonNode.Parse(Payload.Read("body-down-503.json"))!;
        body["heartbeat"]!["newField"] = new JsonObject { ["a"] = new JsonArray(1, 2) };
        body["extra"] = true;
        Assert.Equal("web", Read(body.ToJsonString()).Subject);
    }

    private static byte[] Form(byte[] json) =>
        [.. "----------------------------123\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n"u8, .. json, .. "\r\n----------------------------123--\r\n"u8];

    private static Alert Read(string body) => Read(Encoding.UTF8.GetBytes(body));

    private static Alert Read(byte[] body, string contentType = "application/json") =>
        Assert.Single(new KumaAlertSource().Read(new AlertDelivery("POST", contentType, "", body, s_received)));

    private static Alert ReadAt(string payload, DateTimeOffset received) =>
        Assert.Single(new KumaAlertSource().Read(new AlertDelivery("POST", "application/json", "", Payload.Read(payload), received)));
}
