using Homelab.Lab.TrueNas;
using Homelab.Providers.TrueNas;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.TrueNas;

/// <summary>One connection, few logins, and a key that goes nowhere it must not.</summary>
public sealed class TrueNasLoginTests
{
    [Fact]
    public async Task Many_questions_at_once_are_one_connection_and_one_login()
    {
        await using var bench = await TrueNasBench.StartAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => bench.StatusAsync()));
        await bench.Desk.QueryAsync<Dataset>("truenas_list_datasets");
        Assert.Equal((1, 1), (bench.Nas.Logins, bench.Nas.Connected));
        Assert.Equal("auth.login_ex", bench.Nas.Calls[0]);
    }

    [Theory]
    [InlineData("AUTH_ERR", "TrueNasLoginRefused")]
    [InlineData("OTP_REQUIRED", "TrueNasTokenNeeded")]
    [InlineData("EXPIRED", "TrueNasKeyExpired")]
    [InlineData("DENIED", "TrueNasLoginDenied")]
    [InlineData("REDIRECT", "TrueNasLoginElsewhere")]
    [InlineData("SOMETHING_NEW", "TrueNasLoginRefused")]
    public async Task Each_answer_to_a_login_has_its_own_way_out(string answer, string id)
    {
        await using var bench = await TrueNasBench.StartAsync();
        bench.Nas.LoginAnswer = answer;
        var error = await bench.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal((id, ErrorKind.Denied), (error.Id, error.Kind));
        Assert.NotEmpty(error.WayOut);
        Assert.DoesNotContain(TrueNasBench.Key, error + string.Join(' ', bench.Trace.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain("system.info", bench.Nas.Calls);
    }

    [Fact]
    public async Task A_refused_key_is_not_tried_again_before_its_time()
    {
        var time = new ManualTime();
        await using var bench = await TrueNasBench.StartAsync(change: static s => s with { ApiKey = TrueNasBench.Reference("WRONG") }, time: time);
        for (var i = 0; i < 30; i++)
        {
            var error = await bench.Desk.QueryFailsAsync("truenas_status");
            Assert.Equal("TrueNasLoginRefused", error.Id);
            Assert.Contains("env:WRONG", error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(1, bench.Nas.Logins);
        time.Advance(TimeSpan.FromSeconds(31));
        await bench.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal(2, bench.Nas.Logins);
    }

    [Fact]
    public async Task A_connection_that_is_lost_again_and_again_does_not_become_a_loop_of_logins()
    {
        var time = new ManualTime();
        await using var bench = await TrueNasBench.StartAsync(time: time);
        bench.Nas.CutOffAt = "system.info";
        for (var i = 0; i < 20; i++) await bench.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal("TrueNasLoginHeld", (await bench.Desk.QueryFailsAsync("truenas_status")).Id);
        Assert.InRange(bench.Nas.Logins, 2, 6);
        bench.Nas.CutOffAt = null;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True((await bench.StatusAsync()).Healthy);
    }

    [Fact]
    public async Task Too_many_logins_of_others_are_waited_out_for_ten_minutes()
    {
        var time = new ManualTime();
        await using var bench = await TrueNasBench.StartAsync(time: time);
        // Whoever else logs in from here counts with us.
        bench.Nas.FillLoginLimit();
        var error = await bench.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal(("TrueNasLoginLimit", ErrorKind.Unavailable), (error.Id, error.Kind));
        Assert.Equal(TimeSpan.FromMinutes(10), error.RetryAfter);
        time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("TrueNasLoginLimit", (await bench.Desk.QueryFailsAsync("truenas_status")).Id);
        Assert.Equal(1, bench.Nas.Logins);
    }

    [Fact]
    public async Task A_lost_connection_is_made_anew_for_the_next_question()
    {
        await using var bench = await TrueNasBench.StartAsync();
        await bench.StatusAsync();
        bench.Nas.DropClients();
        await Eventually.HoldsAsync("the connection is gone", () => Task.FromResult(bench.Nas.Connected == 0), TestContext.Current.CancellationToken);
        Assert.True((await bench.StatusAsync()).Healthy);
        Assert.Equal(2, bench.Nas.Logins);
    }

    [Fact]
    public async Task A_login_that_is_over_there_is_made_anew()
    {
        await using var bench = await TrueNasBench.StartAsync();
        await bench.StatusAsync();
        bench.Nas.ForgetLogins();
        Assert.Equal("tank/media@again", (await bench.SnapshotAsync("tank/media", "again")).ToString());
        Assert.Equal(2, bench.Nas.Logins);
    }

    [Fact]
    public async Task A_key_without_its_user_is_used_the_older_way()
    {
        await using var bench = await TrueNasBench.StartAsync(change: static s => s with { User = null });
        Assert.True((await bench.StatusAsync()).Healthy);
        Assert.Equal("auth.login_with_api_key", bench.Nas.Calls[0]);
    }

    [Theory]
    [InlineData("http://nas.home.arpa", "TrueNasNotEncrypted", "revokes")]
    [InlineData("http://192.0.2.7:80", "TrueNasNotEncrypted", "revokes")]
    public async Task A_key_is_never_sent_without_TLS_to_another_machine(string url, string id, string reason)
    {
        await using var bench = await TrueNasBench.StartAsync(change: s => s with { Url = new Uri(url) });
        var error = await bench.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal((id, ErrorKind.Invalid), (error.Id, error.Kind));
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_key_goes_nowhere()
    {
        await using var bench = await TrueNasBench.StartAsync(change: static s => s with { ApiKey = TrueNasBench.Reference("NONSENSE") });
        var error = await bench.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal("TrueNasKeyInvalid", error.Id);
        Assert.Empty(bench.Nas.Calls);
        Assert.DoesNotContain("password", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TrueNasRelease.V2410)]
    [InlineData(TrueNasRelease.V2510)]
    public async Task Its_own_certificate_is_taken_when_it_is_pinned_and_no_other_is(TrueNasRelease release)
    {
        await using var bench = await TrueNasBench.StartAsync(release, tls: true);
        Assert.True((await bench.StatusAsync()).Healthy);
        await using var wrong = await TrueNasBench.StartAsync(release, tls: true, static s => s with { Tls = new TlsDefinition { Sha256 = new string('0', 64) } });
        var error = await wrong.Desk.QueryFailsAsync("truenas_status");
        Assert.Equal("TrueNasUnreachable", error.Id);
        Assert.Contains("not the pinned certificate", error.Message, StringComparison.Ordinal);
        Assert.Empty(wrong.Nas.Calls);
    }

    [Fact]
    public async Task The_websocket_is_looked_for_again_after_a_while_and_the_change_is_told_once()
    {
        var time = new ManualTime();
        await using var bench = await TrueNasBench.StartAsync(TrueNasRelease.V2410, time: time);
        await bench.StatusAsync();
        await bench.StatusAsync();
        time.Advance(TimeSpan.FromMinutes(11));
        await bench.StatusAsync();
        Assert.Single(bench.Trace.Lines, static l => l.Contains("REST 2.0 is used", StringComparison.Ordinal));
        Assert.Equal(0, bench.Nas.Logins);
    }

    [Fact]
    public async Task A_key_that_REST_refuses_is_told_as_such()
    {
        await using var bench = await TrueNasBench.StartAsync(TrueNasRelease.V2410, change: static s => s with { ApiKey = TrueNasBench.Reference("WRONG") });
        Assert.Equal("TrueNasLoginRefused", (await bench.Desk.QueryFailsAsync("truenas_status")).Id);
    }

    [Fact]
    public async Task A_question_that_is_never_answered_ends()
    {
        var time = new ManualTime();
        await using var bench = await TrueNasBench.StartAsync(time: time);
        await bench.StatusAsync();
        bench.Nas.Silent = "pool.query";
        var asking = bench.Desk.QueryFailsAsync("truenas_status");
        await Eventually.HoldsAsync("the question is asked", () => Task.FromResult(bench.Nas.Calls.Count(static c => c == "pool.query") == 2), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(11));
        var error = await asking;
        Assert.Equal(("TrueNasNoAnswer", ErrorKind.Timeout), (error.Id, error.Kind));
    }
}
