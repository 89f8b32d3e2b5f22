using Homelab.Composition.Access;
using Homelab.Tests;

namespace Homelab.SystemTests.Web.Access;

/// <summary>Who is let in, by which credential, at which door.</summary>
public sealed class DoorkeeperTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_opens_both_doors_in_its_own_name_and_no_further_than_it_may()
    {
        await using var bench = await AccessBench.OpenAsync();
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "claude", Level = Level.Operate, Operation = ["docker_*"] });
        Assert.Equal("mcp:claude operate docker_*", (await bench.CallAsync(key)).Body);

        Assert.Equal("OperationNotGranted", (await bench.SendAsync(HttpMethod.Get, "/api/vms", "Bearer " + key)).Problem(403));
        Assert.Equal("OperationNotGranted", (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + key)).Problem(403));
        var whole = await bench.KeyAsync(new CreateApiKey.Input { Name = "whole" });
        Assert.Equal(200, (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "bearer " + whole)).Status);
        Assert.Contains(await bench.AuditAsync(), e => e is { Trigger: "rest", Identity: "claude", Kind: AuditKind.Denied });
    }

    [Fact]
    public async Task Each_door_takes_only_what_is_for_it()
    {
        await using var bench = await AccessBench.OpenAsync();
        var token = await bench.RobotTokenAsync();
        Assert.Equal("mcp:robot operate docker_*", (await bench.CallAsync(token)).Body);
        Assert.Equal("TokenRefused", (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + token)).Problem(401));
        Assert.Contains(await bench.AuditAsync(), static e => e is { Kind: AuditKind.Denied, Operation: "rest_login", Identity: "robot" } && e.Decision.StartsWith("deny: The access token is for the MCP server alone", StringComparison.Ordinal));
        Assert.Equal("TokenRefused", (await bench.CallAsync(AccessBench.Dashboard)).Problem(401));
        Assert.Equal(200, (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + AccessBench.Dashboard)).Status);
    }

    [Fact]
    public async Task Whoever_is_not_let_in_hears_where_tokens_are_got()
    {
        await using var bench = await AccessBench.OpenAsync();
        var metadata = $"scope=\"mcp\", resource_metadata=\"{bench.Origin}/.well-known/oauth-protected-resource/mcp\"";
        var none = await bench.CallAsync(null);
        Assert.Equal("TokenRefused", none.Problem(401));
        Assert.Equal("Bearer " + metadata, none.Challenge);
        var wrong = await bench.CallAsync("hlk_wrong");
        Assert.Equal("TokenRefused", wrong.Problem(401));
        Assert.Equal("Bearer error=\"invalid_token\", error_description=\"The bearer token is missing or wrong.\", " + metadata, wrong.Challenge);
        Assert.DoesNotContain("resource_metadata", (await bench.SendAsync(HttpMethod.Post, "/mcp", "Bearer hlk_wrong", host: "evil.test")).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Why_a_key_does_not_hold_any_more_hears_only_who_has_it()
    {
        await using var bench = await AccessBench.OpenAsync();
        var over = await bench.KeyAsync(new CreateApiKey.Input { Name = "over", ExpiresIn = TimeSpan.FromMinutes(5) });
        var back = await bench.KeyAsync(new CreateApiKey.Input { Name = "back" });
        await bench.DoAsync("access_revoke_key", new RevokeApiKey.Input { Name = "back" });
        bench.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Contains("The API key ended at", (await bench.CallAsync(over)).Body, StringComparison.Ordinal);
        Assert.Contains("The API key was taken back at", (await bench.CallAsync(back)).Body, StringComparison.Ordinal);
        Assert.DoesNotContain("key", (await bench.CallAsync(back[..^1])).Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("TokenRefused", (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + back)).Problem(401));

        // Whoever shows again and again what once held is no guesser.
        for (var i = 0; i < 20; i++) Assert.Equal(401, (await bench.CallAsync(over)).Status);
        Assert.Equal(200, (await bench.CallAsync(await bench.RobotTokenAsync())).Status);
    }

    [Fact]
    public async Task A_key_that_is_taken_back_is_refused_at_once_and_what_it_holds_open_is_cut_off()
    {
        await using var bench = await AccessBench.OpenAsync();
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Authorization = new("Bearer", key);
        using var response = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[100];
        Assert.NotEqual(0, await stream.ReadAsync(buffer, Cancellation));
        Assert.Equal(200, (await bench.CallAsync(key)).Status);
        await Eventually.HoldsAsync("only the stream is open", () => Task.FromResult(bench.Door.Open == 1), Cancellation);

        await bench.DoAsync("access_revoke_key", new RevokeApiKey.Input { Name = "claude" });
        await Assert.ThrowsAnyAsync<IOException>(() => stream.ReadExactlyAsync(buffer, Cancellation).AsTask());
        Assert.Equal(401, (await bench.CallAsync(key)).Status);
        await Eventually.HoldsAsync("nothing is open", () => Task.FromResult(bench.Door.Open == 0), Cancellation);
    }

    [Fact]
    public async Task What_another_process_takes_back_is_cut_off_within_seconds()
    {
        await using var bench = await AccessBench.OpenAsync();
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        request.Headers.Authorization = new("Bearer", key);
        using var response = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var stream = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[100];
        Assert.NotEqual(0, await stream.ReadAsync(buffer, Cancellation));

        await bench.Runtime.Store.Credentials.RevokeKeyAsync("claude", bench.Time.GetUtcNow(), Cancellation);
        var reading = stream.ReadExactlyAsync(buffer, Cancellation).AsTask();
        // Each look takes its time, and what it looks up is remembered for a moment.
        await Eventually.HoldsAsync(
            "it is cut off",
            () =>
            {
                bench.Time.Advance(TimeSpan.FromSeconds(2));
                return Task.FromResult(reading.IsCompleted);
            },
            Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(() => reading);
    }

    [Fact]
    public async Task A_credential_with_a_limit_waits_when_it_is_reached_and_nobody_else_does()
    {
        await using var bench = await AccessBench.OpenAsync();
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "ci", PerMinute = 3 });
        for (var i = 0; i < 3; i++) Assert.Equal(200, (await bench.CallAsync(key)).Status);
        var reply = await bench.CallAsync(key);
        Assert.Equal("RateExceeded", reply.Problem(429));
        Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        // One limit for both doors.
        Assert.Equal("RateExceeded", (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + key)).Problem(429));
        for (var i = 0; i < 20; i++) Assert.Equal(429, (await bench.CallAsync(key)).Status);
        // Each door says it once in a minute.
        Assert.Equal(["mcp_login deny: ci may call 3 times in a minute, and has.", "rest_login deny: ci may call 3 times in a minute, and has."], (await bench.AuditAsync()).Where(static e => e is { Kind: AuditKind.Denied, Identity: "ci" }).Select(static e => $"{e.Operation} {e.Decision}"));
        Assert.Equal(200, (await bench.CallAsync(await bench.RobotTokenAsync())).Status);
    }

    [Fact]
    public async Task Guessing_shuts_the_address_out_of_that_door_alone()
    {
        await using var bench = await AccessBench.OpenAsync();
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" });
        for (var guess = 0; guess < 10; guess++) Assert.Equal(401, (await bench.CallAsync($"hlk_{guess}")).Status);
        var reply = await bench.CallAsync(key);
        Assert.Equal("TokenGuessed", reply.Problem(429));
        Assert.InRange(reply.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("temporarily_unavailable", (await bench.PostAsync("/oauth/token", AccessBench.Basic("robot", AccessBench.RobotSecret), ("grant_type", "client_credentials"))).Error(429));
        Assert.Equal(200, (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + key)).Status);
        Assert.Contains(bench.Events.All, e => e.Text.StartsWith("10 wrong MCP tokens came from 127.0.0.1 within a minute", StringComparison.Ordinal));
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(200, (await bench.CallAsync(key)).Status);
    }

    [Fact]
    public async Task With_keys_alone_and_no_client_in_the_lab_file_keys_open_REST_and_others_hear_how_to_make_one()
    {
        await using var bench = await AccessBench.OpenAsync(static lab => lab.Replace("rest: { dashboard: { token: \"file:dashboard.token\" } }\n", "", StringComparison.Ordinal));
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" });
        Assert.Equal(200, (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer " + key)).Status);
        Assert.Equal("RestNotConfigured", (await bench.SendAsync(HttpMethod.Get, "/api/approvals", "Bearer x")).Problem(404));
    }
}
