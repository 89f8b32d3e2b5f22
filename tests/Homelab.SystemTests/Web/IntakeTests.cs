using System.Text.Json;
using Homelab.Automation.Healing;
using Homelab.Lab;
using Homelab.Lab.Kuma;
using Homelab.State;
using Homelab.Tests;

namespace Homelab.SystemTests.Web;

/// <summary>What a sender may rely on: 202 means on disk, twice means once, and every form that Kuma has is understood.</summary>
public sealed class IntakeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_202_comes_back_the_alert_is_in_the_file()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        for (var second = 0; second < 20; second++)
        {
            var (alert, isDuplicate, _) = (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, second))).Receipt();
            Assert.False(isDuplicate);
            // Another connection to the file, as another process would have it.
            await using var other = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation);
            Assert.Equal(alert, (await other.ListAlertsAsync(1, Cancellation))[0].Id);
        }
    }

    [Theory]
    [InlineData("/hooks/uptime-alert", "/hooks/uptime-alert")]
    [InlineData("/hooks/uptime-alert", "/hook/uptime-alert")]
    [InlineData("/hook/uptime-alert", "/hooks/uptime-alert/")]
    public async Task The_same_delivery_again_is_accepted_and_changes_nothing(string first, string second)
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        bench.Stage.Homelab.ContainerOf("gitea").Crash(137);
        await bench.Stage.Homelab.Kuma.CheckNowAsync("Gitea", Cancellation);
        bench.Stage.Homelab.Kuma.StartChecking();
        var body = WebBench.Beat("Gitea", 0, 1);
        var receipt = (await bench.PostAsync(body, path: first)).Receipt();
        Assert.Equal((receipt.Alert, true, receipt.Incident), (await bench.PostAsync(body, path: second)).Receipt());
        Assert.Equal(HealingEventKind.Recovered, await bench.Events.EndOfAsync(receipt.Incident!, Cancellation));

        // And when it is over, too.
        Assert.Equal((receipt.Alert, true, receipt.Incident), (await bench.PostAsync(body, path: second)).Receipt());
        Assert.Single(await bench.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Single(await bench.Runtime.Store.ListAlertsAsync(10, Cancellation));
        Assert.Single(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task Fifty_senders_of_one_delivery_at_once_open_one_incident()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bench.PostAsync(WebBench.Beat("Gitea", 0, 1))));
        var receipts = answers.Select(a => a.Receipt()).ToArray();
        Assert.Single(receipts, r => !r.IsDuplicate);
        Assert.Single(receipts.Select(r => (r.Alert, r.Incident)).Distinct());
    }

    [Theory]
    [InlineData(KumaRelease.One, KumaBodyForm.Json)]
    [InlineData(KumaRelease.One, KumaBodyForm.FormData)]
    [InlineData(KumaRelease.One, KumaBodyForm.Custom)]
    [InlineData(KumaRelease.Two, KumaBodyForm.Json)]
    [InlineData(KumaRelease.Two, KumaBodyForm.FormData)]
    [InlineData(KumaRelease.Two, KumaBodyForm.Custom)]
    [InlineData(KumaRelease.Two, KumaBodyForm.Query)]
    public async Task Every_form_of_either_release_means_the_same(KumaRelease release, KumaBodyForm form)
    {
        // Nobody looks until all of it has come: what is well would close the incident before it is told of again.
        await using var bench = await WebBench.OpenAsync(Cancellation, static lab => lab.Replace("importantDelay: 200ms, standardDelay: 400ms", "importantDelay: 10m, standardDelay: 10m", StringComparison.Ordinal));
        var up = true;
        // A second between two looks: what Kuma says in the same millisecond is the same event.
        var time = new ManualTime(new DateTimeOffset(2026, 11, 20, 23, 40, 0, TimeSpan.Zero));
        await using var kuma = await SimulatedKuma.StartAsync("key", release, time);
        kuma.Add(new KumaMonitor { Name = "Homepage", Url = new Uri("http://127.0.0.1:3000/ä?a=1&b=%20"), ResendInterval = 1, Check = _ => Task.FromResult((up, up ? "200 - OK" : "Überlastet & 100% \"voll\" + mehr")) });
        await kuma.CheckNowAsync("Homepage", Cancellation);
        kuma.Hook = bench.Hook(form);

        foreach (var next in (bool[])[false, false, true])
        {
            up = next;
            time.Advance(TimeSpan.FromSeconds(1));
            await kuma.CheckNowAsync("Homepage", Cancellation);
        }

        await kuma.SendCertificateNoticeAsync("Homepage", 6, Cancellation);
        await kuma.SendTestAsync(cancellationToken: Cancellation);

        Assert.All(kuma.Deliveries, d => Assert.Equal(202, d.Status));
        var alerts = (await bench.Runtime.Store.ListAlertsAsync(10, Cancellation)).Reverse().ToArray();
        Assert.Equal(
            [(AlertStatus.Down, false), (AlertStatus.Down, true), (AlertStatus.Up, false), (AlertStatus.Certificate, false), (AlertStatus.Test, false)],
            alerts.Select(a => (a.Alert.Status, a.Alert.IsRepeat)));
        Assert.Equal(["homepage", "homepage", "homepage", "homepage", null], alerts.Select(a => a.Service));
        Assert.Equal("Überlastet & 100% \"voll\" + mehr", alerts[0].Alert.Message);
        Assert.Equal(6, alerts[3].Alert.DaysLeft);
        // The resend and the all-clear belong to the incident that the first one opened; a certificate is another matter, or the same incident if that is still open.
        Assert.NotNull(alerts[0].Incident);
        Assert.Equal(alerts[0].Incident, alerts[1].Incident);
        Assert.Null(alerts[4].Incident);
    }

    [Fact]
    public async Task A_monitor_with_long_settings_can_still_be_told_by_query()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var monitor = Uri.EscapeDataString(JsonSerializer.Serialize(new { id = 1, name = "Homepage", description = new string('ä', 4_000) }));
        var heartbeat = Uri.EscapeDataString("""{"monitorID":1,"status":1,"time":"2026-11-20 23:40:34.287","msg":"200 - OK"}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/hooks/uptime-alert?msg=x&heartbeat={heartbeat}&monitor={monitor}");
        request.Headers.Authorization = new("Bearer", bench.Token);
        using var response = await bench.Http.SendAsync(request, Cancellation);
        Assert.Equal(202, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_test_button_and_a_maintenance_set_nothing_off()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var kuma = bench.Stage.Homelab.Kuma;
        kuma.Hook = bench.Hook(KumaBodyForm.Json);
        await kuma.SendTestAsync(cancellationToken: Cancellation);
        kuma.SetMaintenance("Gitea", true);
        await kuma.CheckNowAsync("Gitea", Cancellation);
        // Kuma itself tells nobody of a maintenance; another sender might.
        (await bench.PostAsync(WebBench.Beat("Gitea", 3, 1))).Receipt();
        (await bench.PostAsync(WebBench.Beat("Gitea", 2, 2))).Receipt();
        Assert.Empty(await bench.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal([AlertStatus.Pending, AlertStatus.Maintenance, AlertStatus.Test], (await bench.Runtime.Store.ListAlertsAsync(10, Cancellation)).Select(a => a.Alert.Status));
        Assert.Equal("0", PrometheusPage.Read((await bench.GetAsync("/metrics")).Body)["homelab_incidents_active"]);
        kuma.SetMaintenance("Gitea", false);
        await bench.StillHealsAsync();
    }

    [Fact]
    public async Task A_certificate_that_expires_is_told_to_a_person_and_nothing_is_done()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var kuma = bench.Stage.Homelab.Kuma;
        kuma.Hook = bench.Hook(KumaBodyForm.Json);
        await kuma.SendCertificateNoticeAsync("Homepage", 3, Cancellation);
        var incident = Assert.Single(await bench.Runtime.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal(HealingEventKind.Escalated, await bench.Events.EndOfAsync(incident.Id, Cancellation));
        var message = await bench.Stage.Homelab.Telegram.NextAsync(Cancellation);
        Assert.StartsWith("🚨 homepage\nStatus: ⚠️ Certificate Expires\n", message.Text, StringComparison.Ordinal);
        Assert.Contains("will expire in 3 days", message.Text, StringComparison.Ordinal);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_new_token_works_at_once_and_the_old_one_no_more()
    {
        const string Variable = "HOMELAB_INTAKE_TEST_TOKEN";
        Environment.SetEnvironmentVariable(Variable, "the-old-token");
        await using var bench = await WebBench.OpenAsync(Cancellation, static lab => lab.Replace($"\"env:{SimulatedTokens.HookVariable}\"", $"env:{Variable}", StringComparison.Ordinal));
        (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 1), "the-old-token")).Receipt();
        Assert.Equal("TokenRefused", (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 2), "the-new-token")).Problem());

        Environment.SetEnvironmentVariable(Variable, "the-new-token");
        (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 3), "the-new-token")).Receipt();
        Assert.Equal("TokenRefused", (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 4), "the-old-token")).Problem());
        Environment.SetEnvironmentVariable(Variable, null);
    }

    [Fact]
    public async Task A_new_token_in_a_file_works_at_once_too()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var old = bench.Token;
        bench.Stage.Write(SimulatedTokens.HookVariable, "the-new-token\n");
        (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 1), "the-new-token")).Receipt();
        Assert.Equal("TokenRefused", (await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 2), old)).Problem());
    }

    [Theory]
    [InlineData("localhost:0")]
    [InlineData("127.0.0.2:0")]
    [InlineData("[::1]:0")]
    public async Task It_listens_where_the_lab_file_says(string listen)
    {
        if (listen[0] == '[' && !System.Net.Sockets.Socket.OSSupportsIPv6) Assert.Skip("This machine has no IPv6.");
        await using var bench = await WebBench.OpenAsync(Cancellation, lab => lab.Replace("127.0.0.1:0", listen, StringComparison.Ordinal));
        Assert.True(bench.Server.Url.IsLoopback && bench.Server.Url.Port > 0);
        Assert.Equal(200, (await bench.GetAsync("/health")).Status);
    }

    [Fact]
    public async Task Health_and_metrics_say_what_happened()
    {
        await using var bench = await WebBench.OpenAsync(Cancellation);
        var health = JsonDocument.Parse((await bench.GetAsync("/health")).Body).RootElement;
        Assert.Equal(("ok", "thinmint", 0), (health.GetProperty("status").GetString(), health.GetProperty("lab").GetString(), health.GetProperty("openIncidents").GetInt32()));
        Assert.Equal("monitor", health.GetProperty("level").GetString());
        Assert.Matches("^[0-9]+\\.[0-9]+\\.[0-9]+", health.GetProperty("version").GetString());
        var before = PrometheusPage.Read((await bench.GetAsync("/metrics")).Body);
        Assert.All(before, line => Assert.Equal(line.Key.StartsWith("homelab_part_well", StringComparison.Ordinal) ? "1" : "0", line.Value));
        foreach (var kind in Enum.GetValues<HealingEventKind>()) Assert.True(before.ContainsKey($"homelab_healing_events_total{{kind=\"{HomelabNames.Of(kind)}\"}}"), $"{kind} is not counted.");

        await bench.StillHealsAsync();
        await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 1));
        await bench.PostAsync(WebBench.Beat("nobody knows it", 0, 1));
        await bench.PostAsync("{");
        await bench.PostAsync("{}", "wrong");
        bench.Stage.Homelab.Kuma.Hook = null;
        using var page = await bench.Http.GetAsync(new Uri("/metrics", UriKind.Relative), Cancellation);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", page.Content.Headers.ContentType?.ToString());
        var after = PrometheusPage.Read(await page.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(before.Keys, after.Keys);
        Assert.Equal("2", after["homelab_deliveries_refused_total"]);
        Assert.Equal("1", after["homelab_alerts_duplicate_total"]);
        Assert.Equal("1", after["homelab_healing_events_total{kind=\"alertUnmatched\"}"]);
        Assert.Equal("1", after["homelab_healing_events_total{kind=\"recovered\"}"]);
        Assert.Equal("1", after["homelab_healing_events_total{kind=\"runStarted\"}"]);
        Assert.True(int.Parse(after["homelab_deliveries_total"], System.Globalization.CultureInfo.InvariantCulture) >= 3);
    }
}
