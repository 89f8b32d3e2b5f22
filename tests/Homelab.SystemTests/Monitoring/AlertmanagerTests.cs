using Homelab.Providers.Alertmanager;
using Homelab.Tests;

namespace Homelab.SystemTests.Monitoring;

public sealed class AlertmanagerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Alerts_are_silenced_for_a_time_and_told_again()
    {
        await using var alertmanager = await Alertmanager.StartAsync(Cancellation);
        await using var bench = Bench(alertmanager.Url);
        var silence = await bench.ChangeAsync<Silence>("alertmanager_create_silence", new { matcher = new[] { "service=gitea", "severity!=info", "alertname=~\"Node.*\"" }, @for = "30m", comment = "Gitea is updated." });
        Assert.Equal(SilenceState.Active, silence.State);
        Assert.Equal(["service=\"gitea\"", "severity!=\"info\"", "alertname=~\"Node.*\""], silence.Matchers);
        Assert.InRange(silence.EndsAt - DateTimeOffset.UtcNow, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(30));
        Assert.StartsWith("Gitea is updated. [hl-", silence.Comment, StringComparison.Ordinal);
        Assert.Equal("homelab (interactive:test)", silence.CreatedBy);
        Assert.Equal(silence.Id, Assert.Single(await bench.QueryAsync<Silence>("alertmanager_list_silences", new { text = "*gitea*" })).Id);
        Assert.Empty(await bench.QueryAsync<Silence>("alertmanager_list_silences", new { text = "*redis*" }));

        var ended = await bench.ChangeAsync<Silence>("alertmanager_expire_silence", new { id = silence.Id });
        Assert.Equal(SilenceState.Expired, ended.State);
        Assert.Equal(SilenceState.Expired, (await bench.ChangeAsync<Silence>("alertmanager_expire_silence", new { id = silence.Id })).State);
        Assert.Empty(await bench.QueryAsync<Silence>("alertmanager_list_silences", new { }));
        Assert.Single(await bench.QueryAsync<Silence>("alertmanager_list_silences", new { expired = true }));
    }

    [Fact]
    public async Task A_silence_that_is_not_there_is_not_found()
    {
        await using var alertmanager = await Alertmanager.StartAsync(Cancellation);
        await using var bench = Bench(alertmanager.Url);
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<Silence>("alertmanager_expire_silence", new { id = Guid.NewGuid() }));
        Assert.Equal((ErrorKind.NotFound, "SilenceNotFound"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task What_Alertmanager_refuses_is_said_in_its_words()
    {
        await using var alertmanager = await Alertmanager.StartAsync(Cancellation);
        await using var bench = Bench(alertmanager.Url);
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<Silence>("alertmanager_create_silence", new { matcher = new[] { "service=~\".*\"" } }));
        Assert.Equal((ErrorKind.Invalid, "SilenceInvalid"), (e.Kind, e.Id));
        Assert.Contains("at least one matcher must not match the empty string", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_condition_is_refused_before_anybody_is_asked()
    {
        await using var alertmanager = await Alertmanager.StartAsync(Cancellation);
        await using var bench = Bench(alertmanager.Url);
        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => bench.ChangeAsync<Silence>("alertmanager_create_silence", new { matcher = new[] { "gitea" } }));
        Assert.Equal(ErrorKind.Invalid, e.Kind);
        Assert.Contains("label=value", e.Message, StringComparison.Ordinal);
        Assert.Equal("", bench.Traced);
    }

    [Fact]
    public async Task The_look_at_the_lab_names_the_release_or_what_is_wrong()
    {
        await using var alertmanager = await Alertmanager.StartAsync(Cancellation);
        await using (var bench = Bench(alertmanager.Url))
        {
            Assert.Contains(await bench.CheckAsync(), static c => c.ToString().Contains("it answers as 0.", StringComparison.Ordinal));
        }

        await using var wrong = Bench(new Uri(alertmanager.Url, "/elsewhere"));
        Assert.Contains(await wrong.CheckAsync(), static c => c.Status == CheckStatus.Failed);
    }

    [Fact]
    public async Task One_that_does_not_run_is_unavailable()
    {
        using var port = new ClosedPort();
        await using var bench = Bench(new Uri($"http://127.0.0.1:{port.Number}"));
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync<Silence>("alertmanager_create_silence", new { matcher = new[] { "service=gitea" } }));
        Assert.Equal(ErrorKind.Unavailable, e.Kind);
    }

    private static MonitoringBench Bench(Uri url) => new(new Dictionary<string, object>(StringComparer.Ordinal) { ["alertmanager"] = new AlertmanagerSettings { Url = url } });
}
