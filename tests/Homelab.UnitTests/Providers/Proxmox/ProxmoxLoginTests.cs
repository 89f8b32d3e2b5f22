using Homelab.Providers.Proxmox;

namespace Homelab.UnitTests.Providers.Proxmox;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class ProxmoxLoginTests
{
    private const string TotpKey = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
    private const string Challenge = "PVE:!tfa!%7B%22totp%22%3Atrue%7D:6B00E28E::c2ln";

    // Seven seconds into a code.
    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 7, TimeSpan.Zero));
    private int _tickets;
    private bool _refusesRenewal;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_login_shows_its_ticket_as_cookie_and_the_token_against_forgery_on_writes_only()
    {
        await using var server = new RawServer(Answer);
        using var bench = BenchOf(server);

        await bench.VersionAsync(Cancel);
        await bench.Wire.ChangeAsync(HttpMethod.Put, $"/pools/{"x"}", new ProxmoxForm { { "comment", "y" } }, Cancel);

        var (login, read, write) = (server.Requests[0], server.Requests[1], server.Requests[2]);
        Assert.Equal(("POST", "/access/ticket", "root@pam", "open sesame"), (login.Method, login.Path, login.Field("username"), login.Field("password")));
        Assert.False(login.Headers.ContainsKey("Cookie"));
        Assert.Equal("PVEAuthCookie=PVE%3Aroot%40pam%3A1%2B%3A%3Ac2ln", read.Headers["Cookie"]);
        Assert.False(read.Headers.ContainsKey("CSRFPreventionToken"));
        Assert.Equal("CSRF1", write.Headers["CSRFPreventionToken"]);
        Assert.Equal("root@pam", bench.Wire.User);
        Assert.DoesNotContain(bench.Trace, static l => l.Contains("sesame", StringComparison.Ordinal) || l.Contains("c2ln", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fifty_calls_at_once_make_one_login()
    {
        var all = new TaskCompletionSource();
        await using var server = new RawServer(request => request.Path == "/access/ticket" ? Answer(request) with { Until = all.Task } : Answer(request));
        using var bench = BenchOf(server);

        var calls = Enumerable.Range(0, 50).Select(_ => bench.VersionAsync(Cancel)).ToArray();
        all.SetResult();
        await Task.WhenAll(calls);

        Assert.Equal(1, Logins(server));
        Assert.Equal(51, server.Requests.Count);
    }

    [Fact]
    public async Task One_caller_that_leaves_does_not_take_the_login_from_the_others()
    {
        var gate = new TaskCompletionSource();
        await using var server = new RawServer(request => request.Path == "/access/ticket" ? Answer(request) with { Until = gate.Task } : Answer(request));
        using var bench = BenchOf(server);
        using var leaving = new CancellationTokenSource();

        var first = bench.VersionAsync(leaving.Token);
        var second = bench.VersionAsync(Cancel);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        gate.SetResult();

        Assert.Equal("9.1.9", (await second).Version);
        Assert.Equal(1, Logins(server));
    }

    [Fact]
    public async Task After_an_hour_the_ticket_is_exchanged_without_the_password()
    {
        await using var server = new RawServer(Answer);
        using var bench = BenchOf(server);
        await bench.VersionAsync(Cancel);

        _time.Advance(TimeSpan.FromMinutes(59));
        await bench.VersionAsync(Cancel);
        Assert.Equal(1, Logins(server));
        _time.Advance(TimeSpan.FromMinutes(1));
        await bench.VersionAsync(Cancel);

        Assert.Equal(2, Logins(server));
        Assert.Equal("PVE:root@pam:1+::c2ln", server.Requests[3].Field("password"));
        Assert.Contains("%3A2%2B%3A", server.Requests[4].Headers["Cookie"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_too_old_to_be_exchanged_is_not_tried()
    {
        await using var server = new RawServer(Answer);
        using var bench = BenchOf(server);
        await bench.VersionAsync(Cancel);

        _time.Advance(TimeSpan.FromHours(2));
        await bench.VersionAsync(Cancel);

        Assert.Equal("open sesame", server.Requests[2].Field("password"));
    }

    [Fact]
    public async Task A_ticket_whose_exchange_is_refused_gives_way_to_the_password()
    {
        await using var server = new RawServer(Answer);
        using var bench = BenchOf(server);
        await bench.VersionAsync(Cancel);
        _refusesRenewal = true;

        _time.Advance(TimeSpan.FromHours(1));
        await bench.VersionAsync(Cancel);

        Assert.Equal(["open sesame", "PVE:root@pam:1+::c2ln", "open sesame"], server.Requests.Where(static r => r.Path == "/access/ticket").Select(static r => r.Field("password")));
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task Who_is_no_longer_let_in_logs_in_anew_once_and_asks_again(string method)
    {
        await using var server = new RawServer(request => request.Path != "/access/ticket" && request.Headers["Cookie"].Contains("%3A1%2B%3A", StringComparison.Ordinal) ? RawReply.Refusal(401, "permission denied - invalid PVE ticket") : Answer(request));
        using var bench = BenchOf(server);

        if (method == "GET") await bench.VersionAsync(Cancel);
        else await bench.Wire.ChangeAsync(new HttpMethod(method), $"/pools/{"x"}", ProxmoxForm.Empty, Cancel);

        Assert.Equal(["/access/ticket", "/access/ticket"], server.Requests.Where((_, i) => i % 2 == 0).Select(static r => r.Path));
        Assert.Equal(4, server.Requests.Count);
        // Not by the ticket that was just refused.
        Assert.Equal("open sesame", server.Requests[2].Field("password"));
    }

    [Fact]
    public async Task Who_is_never_let_in_is_told_after_one_more_login()
    {
        await using var server = new RawServer(request => request.Path == "/access/ticket" ? Answer(request) : RawReply.Refusal(401, "Permission denied - invalid csrf token"));
        using var bench = BenchOf(server);

        var e = await Assert.ThrowsAsync<ProxmoxRefusal>(() => bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", new ProxmoxForm { { "poolid", "x" } }, Cancel));

        Assert.Equal((ErrorKind.Denied, "ProxmoxLoginRefused", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("invalid csrf token", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, Logins(server));
    }

    [Fact]
    public async Task Fifty_calls_that_are_refused_at_once_make_one_new_login()
    {
        await using var server = new RawServer(request => request.Path != "/access/ticket" && request.Headers["Cookie"].Contains("%3A1%2B%3A", StringComparison.Ordinal) && request.Target.EndsWith("again", StringComparison.Ordinal) ? RawReply.Refusal(401, "No ticket") : Answer(request));
        using var bench = BenchOf(server);
        await bench.VersionAsync(Cancel);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => bench.Wire.GetAsync($"/version", new ProxmoxForm { { "x", "again" } }, ProbeJson.Default.VersionProbe, Cancel)));

        Assert.Equal(2, Logins(server));
    }

    [Fact]
    public async Task A_second_factor_is_given_from_its_key()
    {
        await using var server = new RawServer(AnswerWithChallenge);
        using var bench = BenchOf(server, totp: true);

        await bench.VersionAsync(Cancel);

        var (first, second) = (server.Requests[0], server.Requests[1]);
        Assert.Equal("open sesame", first.Field("password"));
        Assert.Equal((Challenge, "root@pam"), (second.Field("tfa-challenge"), second.Field("username")));
        Assert.Equal("totp:" + Code(_time.GetUtcNow()), second.Field("password"));
        Assert.False(second.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task No_one_time_code_is_given_twice()
    {
        await using var server = new RawServer(request => request.Path == "/version" && request.Headers["Cookie"].Contains("%3A1%2B%3A", StringComparison.Ordinal) ? RawReply.Refusal(401, "No ticket") : AnswerWithChallenge(request));
        using var bench = BenchOf(server, totp: true);

        var asking = bench.VersionAsync(Cancel);
        await _time.WaitedForAsync(TimeSpan.FromSeconds(23));
        _time.Advance(TimeSpan.FromSeconds(23));
        await asking;

        var codes = server.Requests.Select(static r => r.Field("password") ?? "").Where(static p => p.StartsWith("totp:", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["totp:" + Code(_time.GetUtcNow() - TimeSpan.FromSeconds(23)), "totp:" + Code(_time.GetUtcNow())], codes);
    }

    [Fact]
    public async Task A_second_factor_without_its_key_says_that_a_token_needs_none()
    {
        await using var server = new RawServer(AnswerWithChallenge);
        using var bench = BenchOf(server);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Denied, "ProxmoxSecondFactorNeeded", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("API token", e.WayOut, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_one_time_code_that_is_refused_is_not_followed_by_others()
    {
        await using var server = new RawServer(request => request.Field("tfa-challenge") is null ? AnswerWithChallenge(request) : Refused);
        using var bench = BenchOf(server, totp: true);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));
        await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal("ProxmoxLoginRefused", e.Id);
        Assert.Contains("login.totp (env:TOTP)", e.Message, StringComparison.Ordinal);
        Assert.Contains("clocks", e.Message, StringComparison.Ordinal);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData("root", TotpKey, "providers.proxmox.login.user")]
    [InlineData("root@pam", "no base32!", "providers.proxmox.login.totp")]
    public async Task A_login_that_cannot_be_used_is_told_by_its_setting(string user, string totp, string setting)
    {
        await using var server = new RawServer(AnswerWithChallenge);
        using var bench = BenchOf(server, totp: true, user: user, totpKey: totp);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Invalid, "ProxmoxLoginInvalid", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(setting, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("no base32!", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_to_a_login_without_a_ticket_is_a_failure()
    {
        await using var server = new RawServer(_ => RawReply.Data("null"));
        using var bench = BenchOf(server);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal("ProxmoxAnswerUnreadable", e.Id);
    }

    private static RawReply Refused => RawReply.Refusal(401, "authentication failure", """{"data":null,"message":"authentication failure\n"}""");

    private static string Code(DateTimeOffset at) => Totp.TryReadKey(TotpKey, out var key) ? Totp.Code(key, Totp.StepAt(at)) : "";

    private static int Logins(RawServer server) => server.Requests.Count(static r => r.Path == "/access/ticket");

    private RawReply Answer(RawRequest request)
    {
        if (request.Path != "/access/ticket") return RawReply.Data("""{"version":"9.1.9"}""");
        var password = request.Field("password")!;
        var isTicket = password.StartsWith("PVE:", StringComparison.Ordinal);
        return password == "open sesame" || (isTicket && !_refusesRenewal) ? Ticket() : Refused;
    }

    private RawReply AnswerWithChallenge(RawRequest request)
    {
        if (request.Path != "/access/ticket") return Answer(request);
        if (request.Field("tfa-challenge") is not null) return Ticket();
        return RawReply.Data($$"""{"username":"root@pam","NeedTFA":1,"CSRFPreventionToken":"no","ticket":"{{Challenge}}"}""");
    }

    private RawReply Ticket()
    {
        var number = Interlocked.Increment(ref _tickets);
        return RawReply.Data($$"""{"cap":{},"CSRFPreventionToken":"CSRF{{number}}","ticket":"PVE:root@pam:{{number}}+::c2ln","username":"root@pam"}""");
    }

    private WireBench BenchOf(RawServer server, bool totp = false, string user = "root@pam", string totpKey = TotpKey)
    {
        var login = new ProxmoxLoginDefinition { User = user, Password = WireBench.Reference("PASSWORD"), Totp = totp ? WireBench.Reference("TOTP") : null };
        return new WireBench(new ProxmoxSettings { Url = server.Url, Login = login }, _time, secrets: new Secrets(("PASSWORD", "open sesame"), ("TOTP", totpKey)));
    }
}
