using Homelab.Lab.Kuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class MonitorSwitchTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KumaRelease.One)]
    [InlineData(KumaRelease.Two)]
    public async Task A_monitor_is_paused_and_resumed_and_read_back(KumaRelease release)
    {
        await using var bench = await KumaBench.StartAsync(release);
        var id = bench.Add("Gitea");
        var paused = await bench.PauseAsync("gitea");
        Assert.Equal(("Gitea", $"{id}", "http", false, true), (paused.Name, paused.Id, paused.Type, paused.Active, paused.Changed));
        Assert.False(bench.Kuma.IsActive("Gitea"));
        var resumed = await bench.ResumeAsync("Gitea");
        Assert.Equal((true, true), (resumed.Active, resumed.Changed));
        Assert.True(bench.Kuma.IsActive("Gitea"));
        Assert.Equal(["monitor:Gitea", "monitor:Gitea"], bench.Store.Changes.Select(static c => c.Target));
    }

    [Fact]
    public async Task A_monitor_that_is_so_already_stays_so_and_that_is_said()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        bench.Kuma.Switch("Gitea", active: false);
        Assert.False((await bench.PauseAsync("Gitea")).Changed);
        await bench.ResumeAsync("Gitea");
        Assert.False((await bench.ResumeAsync("Gitea")).Changed);
        Assert.Single(bench.Trace.Lines, static l => l.StartsWith("resumeMonitor", StringComparison.Ordinal));
        Assert.DoesNotContain(bench.Trace.Lines, static l => l.StartsWith("pauseMonitor", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_monitor_that_is_not_there_is_an_error_with_the_nearest_name()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gite"));
        Assert.Equal((ErrorKind.NotFound, "MonitorNotFound"), (e.Kind, e.Id));
        Assert.Contains("Did you mean 'Gitea'?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_two_monitors_bear_is_an_error_with_their_numbers_and_a_number_chooses()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("twin");
        bench.Add("Twin");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("TWIN"));
        Assert.Equal((ErrorKind.Conflict, "MonitorAmbiguous"), (e.Kind, e.Id));
        Assert.Contains("#1 (http), #2 (http)", e.Message, StringComparison.Ordinal);
        Assert.Equal("Twin", (await bench.PauseAsync("#2")).Name);
        Assert.True(bench.Kuma.IsActive("twin"));
        Assert.Equal("monitor:#2", Assert.Single(bench.Store.Changes).Target);
    }

    [Theory]
    [InlineData(KumaRelease.One)]
    [InlineData(KumaRelease.Two)]
    public async Task One_login_serves_every_question_and_a_lost_connection_is_made_anew_without_another(KumaRelease release)
    {
        await using var bench = await KumaBench.StartAsync(release);
        bench.Add("Gitea");
        await bench.PauseAsync("Gitea");
        await bench.ResumeAsync("Gitea");
        Assert.Equal((1, 1), (bench.Kuma.Logins, bench.Kuma.Connected));
        bench.Kuma.DropClients();
        await Eventually.HoldsAsync("nobody is connected", () => Task.FromResult(bench.Kuma.Connected == 0), Cancellation);
        Assert.True((await bench.PauseAsync("Gitea")).Changed);
        Assert.Equal((1, 1), (bench.Kuma.Logins, bench.Kuma.Connected));
    }

    [Fact]
    public async Task Many_ask_over_one_connection_at_once()
    {
        await using var bench = await KumaBench.StartAsync();
        for (var i = 0; i < 20; i++) bench.Add($"m{i}");
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => bench.PauseAsync($"m{i}")));
        Assert.All(Enumerable.Range(0, 20), i => Assert.False(bench.Kuma.IsActive($"m{i}")));
        Assert.Equal(1, bench.Kuma.Logins);
    }

    [Fact]
    public async Task A_pause_whose_answer_was_lost_is_settled_by_a_look()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        bench.Kuma.LoseAnswerTo = "pauseMonitor";
        Assert.Null(await bench.ChangeAsync<MonitorActivity?>("kuma_pause_monitor", new { monitor = "Gitea" }));
        Assert.False(bench.Kuma.IsActive("Gitea"));
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_pause_that_is_refused_is_a_failure_in_Kumas_words()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        bench.Kuma.Refuse = ("pauseMonitor", "You do not own this monitor.");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.Failed, "KumaRefused"), (e.Kind, e.Id));
        Assert.Contains("You do not own this monitor", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_cancelled_ends_and_the_connection_still_serves()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        using var gone = new CancellationTokenSource();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.ChangeAsync<MonitorActivity>("kuma_pause_monitor", new { monitor = "Gitea" }, cancellationToken: gone.Token));
        Assert.True(bench.Kuma.IsActive("Gitea"));
        Assert.True((await bench.PauseAsync("Gitea")).Changed);
    }

    [Fact]
    public async Task A_paused_monitor_is_gone_from_the_metrics_and_tells_nobody_and_back_after_its_next_look()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        await bench.Kuma.CheckNowAsync("Gitea", Cancellation);
        Assert.Single(await bench.QueryAsync<MonitorReading>("kuma_list_monitors", new { }));
        await bench.PauseAsync("Gitea");
        Assert.Empty(await bench.QueryAsync<MonitorReading>("kuma_list_monitors", new { }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => bench.Kuma.CheckNowAsync("Gitea", Cancellation));
        await bench.ResumeAsync("Gitea");
        Assert.Empty(await bench.QueryAsync<MonitorReading>("kuma_list_monitors", new { }));
        await bench.Kuma.CheckNowAsync("Gitea", Cancellation);
        Assert.Single(await bench.QueryAsync<MonitorReading>("kuma_list_monitors", new { }));
    }
}
