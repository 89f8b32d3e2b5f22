using Homelab.Lab.Kuma;
using Homelab.Lab.Services;
using Homelab.Providers.UptimeKuma;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class ListMonitorsTests
{
    private const string Key = "uk1_secret-key";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KumaRelease.One)]
    [InlineData(KumaRelease.Two)]
    public async Task The_monitors_of_either_release_are_listed_with_their_state(KumaRelease release)
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key, release);
        Add(kuma, "web", up: true);
        Add(kuma, "say \"hi\" \\ there", up: false);
        kuma.SetCertificate("web", 12);
        Add(kuma, "never looked at", up: true);
        await kuma.CheckNowAsync("web", Cancellation);
        await kuma.CheckNowAsync("say \"hi\" \\ there", Cancellation);

        var monitors = await AskAsync(kuma.Url, Key);
        Assert.Equal([("say \"hi\" \\ there", MonitorStatus.Down, null), ("web", MonitorStatus.Up, 12)], monitors.Select(static m => (m.Name, m.Status, m.CertificateDaysRemaining)));
        Assert.Equal(release == KumaRelease.Two ? ["2", "1"] : ["", ""], monitors.Select(static m => m.Id), StringComparer.Ordinal);
        Assert.NotNull(monitors[1].ResponseTime);
        Assert.Null(monitors[0].ResponseTime);
    }

    [Theory]
    [InlineData("web", 1)]
    [InlineData("WEB", 1)]
    [InlineData("w*", 2)]
    [InlineData("x*", 0)]
    public async Task A_name_chooses(string name, int count)
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key);
        foreach (var monitor in new[] { "web", "wiki", "git" })
        {
            Add(kuma, monitor, up: true);
            await kuma.CheckNowAsync(monitor, Cancellation);
        }

        Assert.Equal(count, (await AskAsync(kuma.Url, Key, name)).Count);
    }

    [Fact]
    public async Task A_monitor_that_is_not_there_is_an_error_with_the_nearest_name()
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key);
        Add(kuma, "Gitea", up: true);
        await kuma.CheckNowAsync("Gitea", Cancellation);
        var e = await FailAsync(kuma.Url, Key, "Gite");
        Assert.Equal((ErrorKind.NotFound, "MonitorNotFound"), (e.Kind, e.Id));
        Assert.Contains("Did you mean 'Gitea'?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_maintenance_is_seen()
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key);
        Add(kuma, "web", up: true);
        kuma.SetMaintenance("web", true);
        await kuma.CheckNowAsync("web", Cancellation);
        Assert.Equal(MonitorStatus.Maintenance, Assert.Single(await AskAsync(kuma.Url, Key)).Status);
    }

    [Theory]
    [InlineData("uk1_wrong")]
    [InlineData(null)]
    public async Task A_wrong_key_is_denied_with_the_way_out_and_not_shown(string? key)
    {
        await using var kuma = await SimulatedKuma.StartAsync(Key);
        var e = await FailAsync(kuma.Url, key);
        Assert.Equal((ErrorKind.Denied, "KumaKeyRefused"), (e.Kind, e.Id));
        Assert.Contains("Bearer is not accepted", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("uk1_", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_authentication_no_key_is_needed()
    {
        await using var kuma = await SimulatedKuma.StartAsync(apiKey: null);
        Assert.Empty(await AskAsync(kuma.Url, key: null));
    }

    [Theory]
    [InlineData(200, "text/html; charset=utf-8", "<!DOCTYPE html>", ErrorKind.Failed, "KumaAnswerOdd", "text/html")]
    [InlineData(200, "text/plain", "monitor_status{", ErrorKind.Failed, "KumaAnswerOdd", "line 1 ")]
    [InlineData(404, "text/html", "", ErrorKind.Failed, "KumaAnswerOdd", "HTTP 404")]
    [InlineData(302, "text/html", "", ErrorKind.Failed, "KumaAnswerOdd", "HTTP 302")]
    [InlineData(500, "text/html", "", ErrorKind.Failed, "KumaAnswerOdd", "HTTP 500")]
    [InlineData(429, "text/html", "", ErrorKind.Unavailable, "KumaBusy", "asked too often")]
    [InlineData(502, "text/html", "", ErrorKind.Unavailable, "KumaUnreachable", "HTTP 502")]
    public async Task An_odd_answer_is_a_failure_and_never_an_empty_list(int status, string type, string body, ErrorKind kind, string id, string says)
    {
        await using var service = await SimulatedService.StartAsync(_ => new ServiceAnswer(status, body) { ContentType = type });
        var e = await FailAsync(service.Url, Key);
        Assert.Equal((kind, id), (e.Kind, e.Id));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable()
    {
        await using var service = await SimulatedService.StartAsync(static _ => null);
        service.Fault = ServiceFault.Refuse;
        var e = await FailAsync(service.Url, Key);
        Assert.Equal((ErrorKind.Unavailable, "KumaUnreachable"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_server_that_hangs_ends_in_a_timeout()
    {
        await using var service = await SimulatedService.StartAsync(static _ => null);
        service.Fault = ServiceFault.Hang;
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        await using var provider = Provider(service.Url, Key, time);
        var asking = new QueryDesk().AskAsync<MonitorReading>(provider.Operations, "kuma_list_monitors", new { }, Cancellation);
        await time.ArmedAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(11));
        var e = await Assert.ThrowsAsync<HomelabException>(() => asking);
        Assert.Equal((ErrorKind.Timeout, "KumaNoAnswer"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_lab_without_Kuma_still_reads_alerts_and_says_that_it_cannot_ask()
    {
        await using var provider = new UptimeKumaProvider(new ProviderContext(new LabDefinition(), "/", new Secrets(), new PatientTime()));
        Assert.Equal("kuma", Assert.Single(provider.AlertSources).Name);
        var e = await Assert.ThrowsAsync<HomelabException>(() => new QueryDesk().AskAsync<MonitorReading>(provider.Operations, "kuma_list_monitors", new { }, Cancellation));
        Assert.Equal((ErrorKind.NotFound, "KumaNotConfigured"), (e.Kind, e.Id));
    }

    private static void Add(SimulatedKuma kuma, string name, bool up) =>
        kuma.Add(new KumaMonitor { Name = name, Url = new Uri("http://127.0.0.1/"), Check = _ => Task.FromResult((up, up ? "200 - OK" : "connect ECONNREFUSED")) });

    private static UptimeKumaProvider Provider(Uri url, string? key, TimeProvider? time = null)
    {
        var settings = new UptimeKumaSettings { Url = url, ApiKey = key is null ? null : SecretReference.Parse("env:KEY", null) };
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["kuma"] = settings } };
        return new UptimeKumaProvider(new ProviderContext(lab, "/", new Secrets(("KEY", key ?? "")), time ?? new PatientTime()));
    }

    private static async Task<IReadOnlyList<MonitorReading>> AskAsync(Uri url, string? key, string? name = null)
    {
        await using var provider = Provider(url, key);
        return await new QueryDesk().AskAsync<MonitorReading>(provider.Operations, "kuma_list_monitors", new { name }, Cancellation);
    }

    private static Task<HomelabException> FailAsync(Uri url, string? key, string? name = null) => Assert.ThrowsAsync<HomelabException>(() => AskAsync(url, key, name));
}
