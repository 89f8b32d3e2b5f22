using System.Text.Json;
using Homelab.Lab.Kuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class KumaOperationTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KumaRelease.One)]
    [InlineData(KumaRelease.Two)]
    public async Task Looks_are_read_with_what_they_saw(KumaRelease release)
    {
        await using var bench = await KumaBench.StartAsync(release);
        bench.Add("Gitea", up: false);
        await bench.Kuma.CheckNowAsync("Gitea", Cancellation);
        await bench.Kuma.CheckNowAsync("Gitea", Cancellation);
        var beats = await bench.QueryAsync<MonitorBeat>("kuma_monitor_beats", new { monitor = "Gitea" });
        Assert.Equal([true, false], beats.Select(static b => b.IsChange));
        Assert.All(beats, static b => Assert.Equal(("Gitea", MonitorStatus.Down, "connect ECONNREFUSED"), (b.Monitor, b.Status, b.Message)));
        Assert.All(beats, static b => Assert.InRange(DateTimeOffset.UtcNow - b.At, TimeSpan.FromMinutes(-10), TimeSpan.FromMinutes(10)));
    }

    [Theory]
    [InlineData(KumaRelease.One)]
    [InlineData(KumaRelease.Two)]
    public async Task A_maintenance_holds_for_its_monitors_alone_and_its_times_are_told(KumaRelease release)
    {
        await using var bench = await KumaBench.StartAsync(release);
        bench.Add("Gitea", up: false);
        bench.Add("Traefik", up: false);
        var made = await bench.ChangeAsync<MonitorMaintenance>("kuma_create_maintenance", new { monitor = new[] { "gitea" }, title = "patching", @for = "30m" });
        Assert.Equal(["Gitea"], made.Monitors);
        Assert.InRange(made.Until - made.From, TimeSpan.FromMinutes(30), TimeSpan.FromMinutes(31));
        Assert.Equal(3, (await bench.Kuma.CheckNowAsync("Gitea", Cancellation)).Status);
        Assert.Equal(0, (await bench.Kuma.CheckNowAsync("Traefik", Cancellation)).Status);
    }

    [Fact]
    public async Task A_maintenance_of_a_monitor_that_is_not_there_is_refused_before_anything_is_made()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<MonitorMaintenance>("kuma_create_maintenance", new { monitor = new[] { "Gitea", "Gitae" }, title = "t" }));
        Assert.Equal("MonitorNotFound", e.Id);
        Assert.Empty(bench.Store.Changes);
    }

    [Fact]
    public async Task A_notice_is_put_on_a_page_as_it_was_written()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Kuma.AddStatusPage("home");
        var incident = await bench.ChangeAsync<StatusIncident>("kuma_post_incident", new { page = "home", title = "Outage", content = "Switch replaced", style = "danger" });
        Assert.Equal(("1", StatusIncidentStyle.Danger), (incident.Id, incident.Style));
        Assert.NotNull(incident.CreatedAt);
        Assert.Equal("Switch replaced", (string?)Assert.Single(bench.Kuma.Incidents)["content"]);
    }

    [Fact]
    public async Task A_notice_on_a_page_that_is_not_there_is_refused_in_Kumas_words()
    {
        await using var bench = await KumaBench.StartAsync();
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<StatusIncident>("kuma_post_incident", new { page = "none", title = "t", content = "c" }));
        Assert.Equal("KumaRefused", e.Id);
        Assert.Contains("slug is not found", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PUSH")]
    [InlineData("PUSHURL")]
    public async Task A_heartbeat_is_a_look_of_the_push_monitor(string reference)
    {
        await using var bench = await KumaBench.StartAsync(KumaRelease.One, new PatientTime(), new KumaUser(KumaBench.User, KumaBench.Password), s => s with { Push = KumaBench.Reference(reference) });
        bench.Add("us", type: "push", push: KumaBench.Push);
        var sink = Assert.Single(bench.Provider.HeartbeatSinks);
        await sink.BeatAsync("up", "all is well & more", TimeSpan.FromMilliseconds(12), Cancellation);
        await sink.BeatAsync("down", "the store cannot be written", ping: null, Cancellation);
        var beats = await bench.QueryAsync<MonitorBeat>("kuma_monitor_beats", new { monitor = "us" });
        Assert.Equal([(MonitorStatus.Up, "all is well & more"), (MonitorStatus.Down, "the store cannot be written")], beats.Select(static b => (b.Status, b.Message)));
        Assert.Equal(TimeSpan.FromMilliseconds(12), beats[0].ResponseTime);
        Assert.DoesNotContain(bench.Trace.Lines, static l => l.Contains(KumaBench.Push, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_heartbeat_that_no_active_monitor_takes_is_an_error_without_the_token()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("us", type: "push", push: KumaBench.Push);
        bench.Kuma.Switch("us", active: false);
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Provider.HeartbeatSinks.Single().BeatAsync("up", "m", null, Cancellation));
        Assert.Equal((ErrorKind.NotFound, "KumaPushUnknown"), (e.Kind, e.Id));
        Assert.DoesNotContain(KumaBench.Push, e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_push_address_is_refused_and_not_shown()
    {
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, new PatientTime(), user: null, static s => s with { Push = KumaBench.Reference("NONSENSE") });
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Provider.HeartbeatSinks.Single().BeatAsync("up", "m", null, Cancellation));
        Assert.Equal((ErrorKind.Invalid, "KumaPushInvalid"), (e.Kind, e.Id));
        Assert.DoesNotContain("example.org", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_look_at_the_lab_says_whether_the_user_may_log_in()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        var checks = new List<LabCheck>();
        await foreach (var check in bench.Provider.CheckAsync(Cancellation)) checks.Add(check);
        Assert.Contains(checks, static c => c.ToString().Contains("1 monitors can be paused", StringComparison.Ordinal));
    }
}
