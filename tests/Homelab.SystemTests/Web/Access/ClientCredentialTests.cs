using Homelab.Composition.Access;

namespace Homelab.SystemTests.Web.Access;

/// <summary>OAuth for programs: a client's own id and secret.</summary>
public sealed class ClientCredentialTests
{
    private const string Token = "/oauth/token";

    private static readonly (string, string) s_grant = ("grant_type", "client_credentials");

    [Fact]
    public async Task A_client_of_the_lab_file_gets_a_token_for_an_hour_however_it_shows_its_secret()
    {
        await using var bench = await AccessBench.OpenAsync();
        var replies = new[]
        {
            await bench.PostAsync(Token, AccessBench.Basic("robot", AccessBench.RobotSecret), s_grant),
            await bench.PostAsync(Token, AccessBench.Basic("robot", AccessBench.RobotSecret, encoded: false), s_grant, ("resource", bench.Mcp), ("scope", "mcp")),
            await bench.PostAsync("/token", null, s_grant, ("client_id", "robot"), ("client_secret", AccessBench.RobotSecret), ("resource", bench.Origin)),
        };
        foreach (var reply in replies)
        {
            var answer = reply.Is(200);
            Assert.Equal("no-store", reply.Headers.CacheControl?.ToString());
            Assert.Equal(("Bearer", 3600, "mcp", false), (answer.GetProperty("token_type").GetString(), answer.GetProperty("expires_in").GetInt32(), answer.GetProperty("scope").GetString(), answer.TryGetProperty("refresh_token", out _)));
            var token = answer.GetProperty("access_token").GetString()!;
            Assert.StartsWith("hla_", token, StringComparison.Ordinal);
            Assert.Equal("mcp:robot operate docker_*", (await bench.CallAsync(token)).Body);
        }

        var first = replies[0].Is(200).GetProperty("access_token").GetString();
        bench.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(200, (await bench.CallAsync(first)).Status);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        var over = await bench.CallAsync(first);
        Assert.Equal(401, over.Status);
        Assert.Contains("error=\"invalid_token\", error_description=\"The access token ended at", over.Challenge, StringComparison.Ordinal);
        Assert.Equal(3, (await bench.AuditAsync()).Count(e => e is { Operation: "oauth_token", Kind: AuditKind.Outcome, Identity: "robot", Trigger: "mcp" }));
    }

    [Fact]
    public async Task Whoever_cannot_prove_who_he_is_gets_nothing()
    {
        await using var bench = await AccessBench.OpenAsync();
        foreach (var (authorization, id, secret) in ((string?, string?, string?)[])[(AccessBench.Basic("robot", "wrong"), null, null), (null, "robot", "wrong"), (null, "robot", null), (AccessBench.Basic("nobody", "x"), null, null), (AccessBench.Basic("chat", "x"), null, null)])
        {
            List<(string, string)> fields = [s_grant];
            if (id is not null) fields.Add(("client_id", id));
            if (secret is not null) fields.Add(("client_secret", secret));
            var reply = await bench.PostAsync(Token, authorization, [.. fields]);
            Assert.Equal("invalid_client", reply.Error(401));
            Assert.Equal("Basic realm=\"homelab\"", reply.Challenge);
        }

        var refused = (await bench.AuditAsync()).Where(e => e is { Operation: "oauth_token", Kind: AuditKind.Denied }).Select(e => $"{e.Identity}: {e.Error}").ToArray();
        Assert.Equal(["robot: its secret is wrong", "robot: its secret is wrong", "robot: its secret is missing", "chat: a secret was given, and it has none"], refused);
    }

    [Fact]
    public async Task What_is_not_asked_for_as_it_should_be_is_refused_by_its_own_name()
    {
        await using var bench = await AccessBench.OpenAsync();
        var robot = AccessBench.Basic("robot", AccessBench.RobotSecret);
        Assert.Equal("invalid_request", (await bench.PostAsync(Token, robot)).Error(400));
        Assert.Equal("invalid_request", (await bench.PostAsync(Token, robot, s_grant, s_grant)).Error(400));
        Assert.Equal("invalid_request", (await bench.PostAsync(Token + "?client_secret=x", robot, s_grant)).Error(400));
        Assert.Equal("invalid_request", (await bench.PostAsync(Token, robot, s_grant, ("client_secret", AccessBench.RobotSecret))).Error(400));
        Assert.Equal("invalid_request", (await bench.PostAsync(Token, "Bearer x", s_grant)).Error(400));
        Assert.Equal("invalid_request", (await bench.SendAsync(HttpMethod.Post, Token, robot, new StringContent("{}", System.Text.Encoding.UTF8, "application/json"))).Error(400));
        Assert.Equal("invalid_request", (await bench.PostAsync(Token, robot, s_grant, ("x", new string('x', 20_000)))).Error(413));
        Assert.Equal("unsupported_grant_type", (await bench.PostAsync(Token, robot, ("grant_type", "password"))).Error(400));
        Assert.Equal("unauthorized_client", (await bench.PostAsync(Token, null, s_grant, ("client_id", "chat"))).Error(400));
        foreach (var foreign in (string[])["https://other.test/mcp", bench.Origin + "/other", bench.Mcp + "?x", "mcp", $"http://127.0.0.1:{bench.Url.Port + 1}/mcp"])
        {
            Assert.Equal("invalid_target", (await bench.PostAsync(Token, robot, s_grant, ("resource", foreign))).Error(400));
        }

        Assert.Equal(421, (await bench.SendAsync(HttpMethod.Post, Token, robot, new FormUrlEncodedContent([new("grant_type", "client_credentials")]), host: "evil.test")).Status);
    }

    [Fact]
    public async Task A_token_for_another_resource_does_not_open_this_door()
    {
        await using var bench = await AccessBench.OpenAsync();
        var secret = CredentialSecret.New("hla_");
        var now = bench.Time.GetUtcNow();
        await bench.Runtime.Store.Credentials.AddGrantsAsync([new AccessGrant { Hash = CredentialSecret.HashOf(secret), Kind = GrantKind.Access, Family = "f", Client = "robot", Level = Level.Operate, Resource = "https://other.test/mcp", IssuedAt = now, ExpiresAt = now.AddHours(1) }], TestContext.Current.CancellationToken);
        var reply = await bench.CallAsync(secret);
        Assert.Equal(401, reply.Status);
        Assert.Contains("for another resource", reply.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_survives_a_restart_and_not_that_its_client_is_taken_back_or_out()
    {
        await using var bench = await AccessBench.OpenAsync();
        var token = await bench.RobotTokenAsync();
        await bench.StopAsync();
        await bench.StartAsync();
        Assert.Equal(200, (await bench.CallAsync(token)).Status);

        await bench.DoAsync("mcp_remove_client", new RemoveMcpClient.Input { Id = "robot" });
        Assert.Contains("was taken back", (await bench.CallAsync(token)).Challenge, StringComparison.Ordinal);

        var next = await bench.RobotTokenAsync();
        await bench.StopAsync();
        bench.Write("homelab.yaml", AccessBench.Lab.Replace("robot:", "other:", StringComparison.Ordinal));
        await bench.StartAsync();
        Assert.Contains("is not known any more", (await bench.CallAsync(next)).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_gives_its_own_tokens_back_and_nobody_elses()
    {
        await using var bench = await AccessBench.OpenAsync();
        var token = await bench.RobotTokenAsync();
        Assert.Equal(200, (await bench.PostAsync("/oauth/revoke", AccessBench.Basic("desk", AccessBench.DeskSecret), ("token", token))).Status);
        Assert.Equal(200, (await bench.CallAsync(token)).Status);
        Assert.Equal("invalid_client", (await bench.PostAsync("/oauth/revoke", AccessBench.Basic("robot", "wrong"), ("token", token))).Error(401));
        Assert.Equal(200, (await bench.PostAsync("/oauth/revoke", AccessBench.Basic("robot", AccessBench.RobotSecret), ("token", "hla_nothing"))).Status);
        Assert.Equal(200, (await bench.PostAsync("/oauth/revoke", AccessBench.Basic("robot", AccessBench.RobotSecret), ("token", token), ("token_type_hint", "access_token"))).Status);
        Assert.Equal(401, (await bench.CallAsync(token)).Status);
    }

    [Fact]
    public async Task A_secret_that_cannot_be_opened_is_no_wrong_one()
    {
        await using var bench = await AccessBench.OpenAsync();
        bench.Write("robot.secret", "");
        var reply = await bench.PostAsync(Token, AccessBench.Basic("robot", "x"), s_grant);
        Assert.Equal("temporarily_unavailable", reply.Error(503));
        Assert.DoesNotContain("robot.secret", reply.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metadata_tell_where_everything_is_by_the_name_the_client_uses()
    {
        await using var bench = await AccessBench.OpenAsync();
        foreach (var (host, origin) in ((string?, string)[])[(null, bench.Origin), ($"localhost:{bench.Url.Port}", $"http://localhost:{bench.Url.Port}"), ("homelab.test", "https://homelab.test"), ("homelab.test:8080", "http://homelab.test:8080")])
        {
            foreach (var end in (string[])["", "/mcp"])
            {
                var resource = (await bench.SendAsync(HttpMethod.Get, "/.well-known/oauth-protected-resource" + end, host: host)).Is(200);
                Assert.Equal((origin + "/mcp", origin), (resource.GetProperty("resource").GetString(), Assert.Single(resource.GetProperty("authorization_servers").EnumerateArray()).GetString()));
                var server = (await bench.SendAsync(HttpMethod.Get, "/.well-known/oauth-authorization-server" + end, host: host)).Is(200);
                Assert.Equal((origin, origin + "/oauth/token", origin + "/oauth/authorize"), (server.GetProperty("issuer").GetString(), server.GetProperty("token_endpoint").GetString(), server.GetProperty("authorization_endpoint").GetString()));
                Assert.Equal(["S256"], server.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(e => e.GetString()));
                Assert.False(server.TryGetProperty("registration_endpoint", out _));
            }
        }

        Assert.Equal("invalid_request", (await bench.SendAsync(HttpMethod.Get, "/.well-known/oauth-protected-resource", host: "evil.test")).Error(421));
    }
}
