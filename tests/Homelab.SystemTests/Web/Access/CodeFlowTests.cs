using System.Text.Json;
using Homelab.Composition.Access;

namespace Homelab.SystemTests.Web.Access;

/// <summary>OAuth for people's AI clients: a browser waits, a person answers elsewhere, and the client gets a code.</summary>
public sealed class CodeFlowTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_comes_in_after_a_person_has_said_yes_and_stays_by_refreshing()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var wait = await browser.WaitAsync();
        var page = await browser.GoAsync(wait);
        var approval = Assert.Single(await bench.Runtime.Approvals.ListPendingAsync(Cancellation));
        Assert.Equal(("mcp_allow_client", "mcp:chat", "mcp-client:chat"), (approval.Operation, approval.RequestedBy.ToString(), approval.Target));
        Assert.Equal(200, page.Status);
        Assert.All(["<code>chat</code>", "monitor", "chat.test", $"homelab approvals approve {approval.Id}", $"Approve-HlApproval {approval.Id}"], text => Assert.Contains(text, page.Body, StringComparison.Ordinal));
        Assert.Matches("shows [A-Z]{4}-[A-Z]{4} and is sent back to chat.test", approval.Question);
        Assert.Contains(approval.Question.Split("shows ")[1][..9], page.Body, StringComparison.Ordinal);

        await bench.Runtime.Approvals.ApproveAsync(approval.Id, "cli:anna", typedTarget: null, Cancellation);
        var answer = (await browser.GoAsync(wait)).Answer(AccessBench.ChatBack + "?");
        Assert.Equal((Browser.State, bench.Origin), (answer["state"], answer["iss"]));
        var tokens = (await ExchangeAsync(bench, answer["code"])).Is(200);
        Assert.Equal(3600, tokens.GetProperty("expires_in").GetInt32());
        Assert.Equal("mcp:chat monitor", (await bench.CallAsync(Access(tokens))).Body);

        bench.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(401, (await bench.CallAsync(Access(tokens))).Status);
        var next = (await RefreshAsync(bench, Refresh(tokens))).Is(200);
        Assert.Equal("mcp:chat monitor", (await bench.CallAsync(Access(next))).Body);
        Assert.NotEqual(Refresh(tokens), Refresh(next));

        // The page has done what it was there for.
        Assert.Equal(403, (await browser.GoAsync(wait)).Status);
        var audit = (await bench.AuditAsync()).Select(e => $"{e.Kind} {e.Operation} {e.Identity}").ToArray();
        Assert.Equal(["Asked mcp_allow_client chat", "Answered mcp_allow_client cli:anna", "Intent mcp_allow_client chat", "Outcome mcp_allow_client chat", "Outcome oauth_token chat", "Outcome oauth_token chat"], audit);
    }

    [Fact]
    public async Task A_page_can_neither_be_framed_nor_run_anything_and_its_cookie_is_its_own()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var begun = await browser.BeginAsync(browser.Wish());
        var page = await browser.GoAsync(begun.Location!);
        Assert.Matches("^hl_consent_[0-9a-f]{32}=[A-Za-z0-9_-]{43}; max-age=300; path=/oauth; samesite=lax; httponly$", Assert.Single(begun.Cookies));
        Assert.Matches("^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$", page.Headers["Content-Security-Policy"]);
        Assert.Equal(("DENY", "nosniff", "no-referrer", "no-store"), (page.Headers["X-Frame-Options"], page.Headers["X-Content-Type-Options"], page.Headers["Referrer-Policy"], page.Headers["Cache-Control"]));
        Assert.All(["<script", "<form", "<input", "http://", "https://"], tag => Assert.DoesNotContain(tag, page.Body, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Another_browser_gets_nothing_of_what_was_agreed_to()
    {
        await using var bench = await AccessBench.OpenAsync();
        var (mine, other) = (new Browser(bench), new Browser(bench));
        var wait = await mine.WaitAsync();
        await other.WaitAsync();
        foreach (var approval in await bench.Runtime.Approvals.ListPendingAsync(Cancellation)) await bench.Runtime.Approvals.ApproveAsync(approval.Id, "cli:anna", typedTarget: null, Cancellation);
        Assert.Equal(403, (await other.GoAsync(wait)).Status);
        Assert.Equal(403, (await new Browser(bench).GoAsync(wait)).Status);
        Assert.Contains("code", (await mine.GoAsync(wait)).Answer(AccessBench.ChatBack).Keys);
    }

    [Fact]
    public async Task A_no_and_no_answer_in_time_are_both_told_to_the_client()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var wait = await browser.WaitAsync();
        await bench.Runtime.Approvals.DenyAsync(Assert.Single(await bench.Runtime.Approvals.ListPendingAsync(Cancellation)).Id, "cli:anna", Cancellation);
        var denied = (await browser.GoAsync(wait)).Answer(AccessBench.ChatBack);
        Assert.Equal(("access_denied", "A person said no.", Browser.State, bench.Origin), (denied["error"], denied["error_description"], denied["state"], denied["iss"]));

        wait = await browser.WaitAsync();
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(("access_denied", "Nobody said yes in time."), (await browser.GoAsync(wait)).Answer(AccessBench.ChatBack) is var late ? (late["error"], late["error_description"]) : default);
    }

    [Fact]
    public async Task Who_asks_and_where_he_may_be_sent_is_known_before_anybody_is_sent_anywhere()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        foreach (var wish in (Dictionary<string, string?>[])
        [
            browser.Wish(client: "nobody"),
            browser.Wish(name: "client_id"),
            browser.Wish(name: "redirect_uri"),
            browser.Wish(redirect: "https://evil.test/back"),
            browser.Wish(redirect: AccessBench.ChatBack + "/"),
            browser.Wish(redirect: AccessBench.ChatBack + "?x"),
            browser.Wish(redirect: AccessBench.ChatBack + "#x"),
            browser.Wish(redirect: "https://chat.test:444/back"),
            browser.Wish(redirect: "https://u@chat.test/back"),
            browser.Wish(redirect: "http://127.0.0.1:81/other"),
            browser.Wish(redirect: "http://localhost/back"),
            browser.Wish(redirect: "javascript:alert(1)"),
            browser.Wish(client: "robot"),
        ])
        {
            var page = await browser.BeginAsync(wish);
            Assert.Equal((400, null), (page.Status, page.Location));
            Assert.Empty(page.Cookies);
        }

        Assert.Equal(400, (await browser.GoAsync("/oauth/authorize?client_id=chat&client_id=desk")).Status);
        Assert.Empty(await bench.Runtime.Approvals.ListPendingAsync(Cancellation));
    }

    [Theory]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", null, "invalid_request")]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge", "short", "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("request", "x", "request_not_supported")]
    [InlineData("resource", "https://other.test/mcp", "invalid_target")]
    public async Task What_is_not_asked_for_as_it_should_be_is_told_to_the_client(string name, string? value, string error)
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var answer = (await browser.BeginAsync(browser.Wish(name: name, value: value))).Answer(AccessBench.ChatBack);
        Assert.Equal((error, Browser.State, bench.Origin), (answer["error"], answer["state"], answer["iss"]));
        Assert.Empty(await bench.Runtime.Approvals.ListPendingAsync(Cancellation));
    }

    [Theory]
    [InlineData("chat", "http://127.0.0.1:54321/back", "127.0.0.1")]
    [InlineData("desk", "https://desk.test/back?x=1", "desk.test")]
    public async Task A_program_may_listen_on_any_port_and_a_state_need_not_be(string client, string redirect, string sentTo)
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var wait = await browser.WaitAsync(browser.Wish(client, redirect, name: "state"));
        Assert.Contains(sentTo, (await browser.GoAsync(wait)).Body, StringComparison.Ordinal);
        var answer = await AgreeAsync(bench, browser, wait, redirect);
        Assert.False(answer.ContainsKey("state"));
        // One with a secret must show it too.
        var reply = await ExchangeAsync(bench, answer["code"], client: client, redirect: redirect);
        if (client == "chat") reply.Is(200);
        else Assert.Equal("invalid_client", reply.Error(401));
    }

    [Fact]
    public async Task A_code_is_for_its_client_its_address_and_who_asked_for_it_and_for_a_minute()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var code = (await AgreeAsync(bench, browser, await browser.WaitAsync()))["code"];
        Assert.Equal("invalid_grant", (await ExchangeAsync(bench, code, verifier: new string('w', 43))).Error(400));
        Assert.Equal("invalid_request", (await ExchangeAsync(bench, code, verifier: "")).Error(400));
        Assert.Equal("invalid_grant", (await ExchangeAsync(bench, code, verifier: Browser.Challenge)).Error(400));
        Assert.Equal("invalid_grant", (await ExchangeAsync(bench, code, redirect: "http://127.0.0.1:1/back")).Error(400));
        Assert.Equal("invalid_target", (await ExchangeAsync(bench, code, resource: "https://other.test/mcp")).Error(400));
        Assert.Equal("invalid_grant", (await bench.PostAsync("/oauth/token", AccessBench.Basic("desk", AccessBench.DeskSecret), ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", AccessBench.ChatBack), ("code_verifier", Browser.Verifier))).Error(400));
        Assert.Equal("invalid_grant", (await ExchangeAsync(bench, "hlc_guess")).Error(400));
        Assert.Equal(401, (await bench.CallAsync(code)).Status);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("invalid_grant", (await ExchangeAsync(bench, code)).Error(400));
        Assert.Contains(await bench.AuditAsync(), e => e is { Operation: "oauth_token", Kind: AuditKind.Denied, Identity: "chat" } && e.Error.StartsWith("invalid_grant: code_verifier", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_or_refresh_token_that_is_shown_twice_takes_back_all_that_came_of_it()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var code = (await AgreeAsync(bench, browser, await browser.WaitAsync()))["code"];
        var tokens = (await ExchangeAsync(bench, code)).Is(200);
        Assert.Equal(200, (await bench.CallAsync(Access(tokens))).Status);
        Assert.Equal("invalid_grant", (await ExchangeAsync(bench, code)).Error(400));
        Assert.Equal(401, (await bench.CallAsync(Access(tokens))).Status);
        Assert.Equal("invalid_grant", (await RefreshAsync(bench, Refresh(tokens))).Error(400));

        code = (await AgreeAsync(bench, browser, await browser.WaitAsync()))["code"];
        var first = (await ExchangeAsync(bench, code)).Is(200);
        var second = (await RefreshAsync(bench, Refresh(first))).Is(200);
        Assert.Equal(200, (await bench.CallAsync(Access(second))).Status);
        Assert.Equal("invalid_grant", (await RefreshAsync(bench, Refresh(first))).Error(400));
        Assert.Equal(401, (await bench.CallAsync(Access(second))).Status);
        Assert.Equal("invalid_grant", (await RefreshAsync(bench, Refresh(second))).Error(400));
        Assert.Equal("invalid_grant", (await RefreshAsync(bench, Access(second))).Error(400));
    }

    [Fact]
    public async Task A_client_that_is_removed_loses_what_it_was_given_and_giving_back_ends_the_session()
    {
        await using var bench = await AccessBench.OpenAsync();
        var browser = new Browser(bench);
        var tokens = (await ExchangeAsync(bench, (await AgreeAsync(bench, browser, await browser.WaitAsync()))["code"])).Is(200);
        Assert.Equal(200, (await bench.PostAsync("/oauth/revoke", null, ("client_id", "chat"), ("token", Refresh(tokens)))).Status);
        Assert.Equal(401, (await bench.CallAsync(Access(tokens))).Status);

        tokens = (await ExchangeAsync(bench, (await AgreeAsync(bench, browser, await browser.WaitAsync()))["code"])).Is(200);
        await bench.DoAsync("mcp_remove_client", new RemoveMcpClient.Input { Id = "chat" });
        Assert.Equal(401, (await bench.CallAsync(Access(tokens))).Status);
        Assert.Equal("invalid_grant", (await RefreshAsync(bench, Refresh(tokens))).Error(400));
    }

    [Fact]
    public async Task People_are_not_asked_more_often_than_they_answer_and_never_by_policy_alone()
    {
        await using var bench = await AccessBench.OpenAsync(static lab => lab.Replace("policy: {", "policy: { approvals: { \"*\": auto },", StringComparison.Ordinal));
        var browser = new Browser(bench);
        for (var i = 0; i < 3; i++) await browser.WaitAsync();
        Assert.Equal(3, (await bench.Runtime.Approvals.ListPendingAsync(Cancellation)).Count);
        Assert.Equal("temporarily_unavailable", (await browser.BeginAsync(browser.Wish())).Answer(AccessBench.ChatBack)["error"]);
        await browser.WaitAsync(browser.Wish("desk", "https://desk.test/back?x=1"));
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        await browser.WaitAsync();
    }

    [Fact]
    public async Task Of_many_browsers_at_once_people_are_asked_for_no_more_than_that()
    {
        await using var bench = await AccessBench.OpenAsync();
        var pages = await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => new Browser(bench)).Select(b => b.BeginAsync(b.Wish())));
        Assert.Equal(3, pages.Count(static p => p.Location!.StartsWith("/oauth/consent?id=", StringComparison.Ordinal)));
        Assert.Equal(3, (await bench.Runtime.Approvals.ListPendingAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task Where_AI_clients_may_nothing_nobody_is_asked()
    {
        await using var bench = await AccessBench.OpenAsync(static lab => lab.Replace("mcp: operate", "mcp: none", StringComparison.Ordinal));
        var browser = new Browser(bench);
        Assert.Equal("access_denied", (await browser.BeginAsync(browser.Wish())).Answer(AccessBench.ChatBack)["error"]);
        Assert.Empty(await bench.Runtime.Approvals.ListPendingAsync(Cancellation));
    }

    [Fact]
    public async Task Nobody_registers_himself_unless_the_lab_file_lets_him()
    {
        await using var bench = await AccessBench.OpenAsync();
        Assert.Equal(404, (await RegisterAsync(bench, new { redirect_uris = new[] { "https://a.test/" } })).Status);
    }

    [Fact]
    public async Task A_client_that_registered_itself_may_nothing_until_a_person_lets_it_in_and_its_name_is_only_shown()
    {
        await using var bench = await AccessBench.OpenAsync(static lab => lab.Replace("  clients:\n", "  registration: { enabled: true }\n  clients:\n", StringComparison.Ordinal));
        Assert.Equal(bench.Origin + "/oauth/register", (await bench.SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server")).Is(200).GetProperty("registration_endpoint").GetString());
        var made = (await RegisterAsync(bench, new { client_name = "<script>alert(1)</script>\u202Eevil", redirect_uris = new[] { "https://app.test/cb" }, grant_types = new[] { "authorization_code" }, token_endpoint_auth_method = "client_secret_post" })).Is(201);
        var (id, secret) = (made.GetProperty("client_id").GetString()!, made.GetProperty("client_secret").GetString()!);
        Assert.Equal("unauthorized_client", (await bench.PostAsync("/oauth/token", null, ("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret))).Error(400));

        var browser = new Browser(bench);
        var wait = await browser.WaitAsync(browser.Wish(id, "https://app.test/cb"));
        var page = await browser.GoAsync(wait);
        Assert.DoesNotContain("<script", page.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;evil", page.Body, StringComparison.Ordinal);
        var code = (await AgreeAsync(bench, browser, wait, "https://app.test/cb"))["code"];
        var reply = await bench.PostAsync("/oauth/token", null, ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", "https://app.test/cb"), ("code_verifier", Browser.Verifier), ("client_id", id), ("client_secret", secret));
        Assert.Equal($"mcp:{id} monitor", (await bench.CallAsync(Access(reply.Is(200)))).Body);
        await bench.DoAsync("mcp_remove_client", new RemoveMcpClient.Input { Id = id });
        Assert.Equal(401, (await bench.CallAsync(Access(reply.Is(200)))).Status);
        Assert.Equal(400, (await browser.BeginAsync(browser.Wish(id, "https://app.test/cb"))).Status);
    }

    [Fact]
    public async Task A_registration_that_is_not_safe_is_refused_and_few_come_in_a_minute()
    {
        await using var bench = await AccessBench.OpenAsync(static lab => lab.Replace("  clients:\n", "  registration: { enabled: true }\n  clients:\n", StringComparison.Ordinal));
        foreach (var (body, error) in ((object, string)[])
        [
            (new { }, "invalid_redirect_uri"),
            (new { redirect_uris = new[] { "http://a.test/" } }, "invalid_redirect_uri"),
            (new { redirect_uris = new[] { "javascript:alert(1)" } }, "invalid_redirect_uri"),
            (new { redirect_uris = new[] { "https://a.test/#x" } }, "invalid_redirect_uri"),
            (new { redirect_uris = new[] { "https://a.test/" }, grant_types = new[] { "client_credentials" } }, "invalid_client_metadata"),
            (new { redirect_uris = new[] { "https://a.test/" }, token_endpoint_auth_method = "private_key_jwt" }, "invalid_client_metadata"),
            (new[] { 1 }, "invalid_client_metadata"),
        ])
        {
            Assert.Equal(error, (await RegisterAsync(bench, body)).Error(400));
        }

        foreach (var redirect in (string[])["http://127.0.0.1:1/", "cursor://back"]) (await RegisterAsync(bench, new { redirect_uris = new[] { redirect }, token_endpoint_auth_method = "none" })).Is(201);
        await RegisterAsync(bench, new { });
        Assert.Equal("temporarily_unavailable", (await RegisterAsync(bench, new { })).Error(429));
    }

    private static Task<Reply> RegisterAsync(AccessBench bench, object body) =>
        bench.SendAsync(HttpMethod.Post, "/oauth/register", content: new StringContent(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json"));

    private static async Task<Dictionary<string, string>> AgreeAsync(AccessBench bench, Browser browser, string wait, string redirect = AccessBench.ChatBack)
    {
        var approval = Assert.Single(await bench.Runtime.Approvals.ListPendingAsync(Cancellation));
        await bench.Runtime.Approvals.ApproveAsync(approval.Id, "cli:anna", typedTarget: null, Cancellation);
        return (await browser.GoAsync(wait)).Answer(redirect);
    }

    private static Task<Reply> ExchangeAsync(AccessBench bench, string code, string? verifier = null, string redirect = AccessBench.ChatBack, string client = "chat", string? resource = null) => bench.PostAsync(
        "/oauth/token", null, ("grant_type", "authorization_code"), ("client_id", client), ("code", code), ("redirect_uri", redirect), ("code_verifier", verifier ?? Browser.Verifier), ("resource", resource ?? bench.Mcp));

    private static Task<Reply> RefreshAsync(AccessBench bench, string token) => bench.PostAsync("/oauth/token", null, ("grant_type", "refresh_token"), ("client_id", "chat"), ("refresh_token", token));

    private static string Access(JsonElement tokens) => tokens.GetProperty("access_token").GetString()!;

    private static string Refresh(JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;
}
