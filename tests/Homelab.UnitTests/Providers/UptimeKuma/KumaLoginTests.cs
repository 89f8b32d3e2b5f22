using Homelab.Lab.Kuma;
using Homelab.Lab.Services;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.UptimeKuma;

public sealed class KumaLoginTests
{
    private static readonly KumaUser s_user = new(KumaBench.User, KumaBench.Password);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KumaRelease.One)]
    [InlineData(KumaRelease.Two)]
    public async Task A_wrong_password_is_denied_with_the_way_out_and_not_shown(KumaRelease release)
    {
        await using var bench = await KumaBench.StartAsync(release, new PatientTime(), s_user, static s => s with { Password = KumaBench.Reference("WRONG") });
        bench.Add("Gitea");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.Denied, "KumaLoginRefused"), (e.Kind, e.Id));
        Assert.Contains("env:WRONG", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-password", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_factor_that_is_not_given_is_asked_for()
    {
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, new PatientTime(), s_user with { Code = static () => "123456" }, static s => s);
        bench.Add("Gitea");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.Denied, "KumaTokenNeeded"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_second_factor_is_made_from_its_key()
    {
        // RFC 6238, appendix B: the code of the key 12345678901234567890 at 1111111109 s.
        var time = new ManualTime(DateTimeOffset.FromUnixTimeSeconds(1_111_111_109));
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, time, s_user with { Code = static () => "081804" }, static s => s with { Token = KumaBench.Reference("TOTP") });
        bench.Add("Gitea");
        Assert.True((await bench.PauseAsync("Gitea")).Changed);
    }

    [Fact]
    public async Task A_Kuma_that_nobody_has_set_up_says_so()
    {
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, new PatientTime(), user: null, static s => s);
        bench.Add("Gitea");
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.Unavailable, "KumaNotSetUp"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task Without_a_login_it_is_said_what_to_give()
    {
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, new PatientTime(), s_user, static s => s with { User = null });
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.NotFound, "KumaLoginNotConfigured"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task Nothing_secret_is_traced()
    {
        await using var bench = await KumaBench.StartAsync();
        bench.Add("Gitea");
        await bench.PauseAsync("Gitea");
        bench.Kuma.DropClients();
        await bench.ResumeAsync("Gitea");
        var trace = string.Join('\n', bench.Trace.Lines);
        Assert.Contains("getMonitorList → ok", trace, StringComparison.Ordinal);
        foreach (var secret in new[] { KumaBench.Password, "monitor-password", "eyJ" }) Assert.DoesNotContain(secret, trace, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unavailable_and_nothing_happened()
    {
        await using var service = await SimulatedService.StartAsync(static _ => null);
        service.Fault = ServiceFault.Refuse;
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, new PatientTime(), s_user, s => s with { Url = service.Url });
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.Unavailable, "KumaUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
    }

    [Fact]
    public async Task A_server_that_speaks_no_websocket_is_unavailable()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "<!DOCTYPE html>") { ContentType = "text/html" });
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, new PatientTime(), s_user, s => s with { Url = service.Url });
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.PauseAsync("Gitea"));
        Assert.Equal((ErrorKind.Unavailable, "KumaUnreachable"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_server_that_hangs_ends_in_a_timeout()
    {
        await using var service = await SimulatedService.StartAsync(static _ => null);
        service.Fault = ServiceFault.Hang;
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        await using var bench = await KumaBench.StartAsync(KumaRelease.Two, time, s_user, s => s with { Url = service.Url });
        var asking = bench.PauseAsync("Gitea");
        await time.WaitedForAsync(TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(11));
        var e = await Assert.ThrowsAsync<HomelabException>(() => asking);
        Assert.Equal((ErrorKind.Timeout, "KumaNoAnswer"), (e.Kind, e.Id));
    }
}
