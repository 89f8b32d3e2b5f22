using Homelab.Providers.UptimeKuma;
using Homelab.Tests;

namespace Homelab.SystemTests.Monitoring;

/// <summary>A real Uptime Kuma, which cannot be installed from a package: HOMELAB_KUMA_URL, _USER and _PASSWORD name one with an active monitor 'Gitea', two called 'twin' and a status page 'home'.</summary>
public sealed class RealKumaTests
{
    private const string Monitor = "Gitea";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_monitor_is_paused_and_resumed_and_read_back()
    {
        await using var bench = Bench();
        await bench.ChangeAsync<MonitorActivity>("kuma_resume_monitor", new { monitor = Monitor });
        var paused = await bench.ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor = "gitea" });
        Assert.Equal((Monitor, false, true), (paused.Name, paused.Active, paused.Changed));
        Assert.False((await bench.ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor = Monitor })).Changed);
        Assert.True((await bench.ChangeAsync<MonitorActivity>("kuma_resume_monitor", new { monitor = Monitor })).Active);
        // It looks at once.
        await Eventually.HoldsAsync("it has looked", async () => (await bench.QueryAsync<MonitorBeat>("kuma_monitor_beats", new { monitor = Monitor, since = "1m" })).Count > 0, Cancellation);
    }

    [Fact]
    public async Task A_name_that_two_monitors_bear_is_an_error_with_their_numbers()
    {
        await using var bench = Bench();
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor = "twin" }));
        Assert.Equal("MonitorAmbiguous", e.Id);
        Assert.Matches("#[0-9]+ \\(http\\), #[0-9]+ \\(http\\)", e.Message);
    }

    [Fact]
    public async Task A_maintenance_holds_at_once()
    {
        await using var bench = Bench();
        await bench.ChangeAsync<MonitorActivity>("kuma_resume_monitor", new { monitor = "#3" });
        await bench.ChangeAsync<MonitorMaintenance>("kuma_create_maintenance", new { monitor = new[] { "#3" }, title = "patching", @for = "1m" });
        await bench.ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor = "#3" });
        await bench.ChangeAsync<MonitorActivity>("kuma_resume_monitor", new { monitor = "#3" });
        await Eventually.HoldsAsync("its look says maintenance", async () => (await bench.QueryAsync<MonitorBeat>("kuma_monitor_beats", new { monitor = "#3", since = "1m" })).Any(static b => b.Status == MonitorStatus.Maintenance), Cancellation);
    }

    [Fact]
    public async Task A_notice_is_put_on_a_page()
    {
        await using var bench = Bench();
        Assert.NotEqual("", (await bench.ChangeAsync<StatusIncident>("kuma_post_incident", new { page = "home", title = "Outage", content = "Switch replaced" })).Id);
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<StatusIncident>("kuma_post_incident", new { page = "none", title = "t", content = "c" }));
        Assert.Equal("KumaRefused", e.Id);
    }

    [Fact]
    public async Task A_wrong_password_is_denied_and_nothing_secret_is_traced()
    {
        await using (var bench = Bench())
        {
            await bench.ChangeAsync<MonitorActivity>("kuma_resume_monitor", new { monitor = Monitor });
            Assert.DoesNotContain(Environment.GetEnvironmentVariable("HOMELAB_KUMA_PASSWORD")!, bench.Traced, StringComparison.Ordinal);
        }

        await using var wrong = Bench("wrong-password");
        var e = await Assert.ThrowsAsync<HomelabException>(() => wrong.ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor = Monitor }));
        Assert.Equal((ErrorKind.Denied, "KumaLoginRefused"), (e.Kind, e.Id));
        Assert.Contains("user and password", e.Message, StringComparison.Ordinal);
    }

    private static MonitoringBench Bench(string? password = null)
    {
        var url = Environment.GetEnvironmentVariable("HOMELAB_KUMA_URL");
        Assert.SkipWhen(string.IsNullOrEmpty(url), "No real Uptime Kuma is named: set HOMELAB_KUMA_URL, HOMELAB_KUMA_USER and HOMELAB_KUMA_PASSWORD.");
        var settings = new UptimeKumaSettings { Url = new Uri(url!), User = Environment.GetEnvironmentVariable("HOMELAB_KUMA_USER"), Password = SecretReference.Parse("env:PASSWORD", null) };
        return new MonitoringBench(new Dictionary<string, object>(StringComparer.Ordinal) { ["kuma"] = settings }, ("PASSWORD", password ?? Environment.GetEnvironmentVariable("HOMELAB_KUMA_PASSWORD")!));
    }
}
