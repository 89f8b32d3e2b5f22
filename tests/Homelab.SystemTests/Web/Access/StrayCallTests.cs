using Homelab.SystemTests.Web.Rest;

namespace Homelab.SystemTests.Web.Access;

/// <summary>What a known client asks for where no door is, and what becomes of strangers who do the same.</summary>
public sealed class StrayCallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_known_is_written_down_with_what_he_tried_and_is_told_no_more_than_a_stranger()
    {
        await using var bench = await RestBench.OpenAsync();
        var key = await KeyAsync(bench, "claude");
        (string Method, string Path, string Token, int Status, string Line)[] tries =
        [
            ("PUT", "/mcp", key, 405, "mcp:claude mcp_request PUT /mcp this path takes"),
            ("HEAD", "/mcp", key, 405, "mcp:claude mcp_request HEAD /mcp this path takes"),
            ("BREW", "/mcp", key, 405, "mcp:claude mcp_request BREW /mcp this path takes"),
            ("GET", "/", key, 405, "mcp:claude mcp_request GET / this path takes"),
            ("PATCH", "/", key, 405, "mcp:claude mcp_request PATCH / this path takes"),
            ("POST", "/mcp/x", key, 404, "mcp:claude mcp_request POST /mcp/x there is nothing at this path"),
            ("POST", "/hooks/none", key, 404, "mcp:claude mcp_request POST /hooks/none there is nothing at this path"),
            ("POST", "/hooks/uptime-alert", key, 401, "mcp:claude mcp_request POST /hooks/uptime-alert it was answered with 401"),
            ("GET", "/api/none", key, 404, "rest:claude rest_request GET /api/none there is nothing at this path"),
            ("DELETE", "/api/vms", key, 405, "rest:claude rest_request DELETE /api/vms this path takes"),
            ("GET", "/api/none", RestBench.Viewer, 404, "rest:viewer rest_request GET /api/none there is nothing at this path"),
            ("PUT", "/API/nodes", RestBench.Viewer, 405, "rest:viewer rest_request PUT /API/nodes this path takes"),
        ];
        foreach (var (method, path, token, status, line) in tries)
        {
            var before = (await bench.AuditAsync()).Count;
            var known = await SendAsync(bench, method, path, token);
            var stranger = await SendAsync(bench, method, path, token: null);
            Assert.Equal((status, status, known.Body), (known.Status, stranger.Status, stranger.Body));
            var written = Assert.Single((await bench.AuditAsync()).Skip(before));
            Assert.Equal((AuditKind.Denied, "not begun"), (written.Kind, written.Result));
            Assert.StartsWith(line, $"{written.Trigger}:{written.Identity} {written.Operation} {written.Target} {written.Error}", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stranger_leaves_nothing_and_guesses_count_as_at_the_door()
    {
        await using var bench = await RestBench.OpenAsync();
        var key = await KeyAsync(bench, "claude");
        foreach (var token in (string?[])[null, "", "wrong", bench.Web.Token])
        {
            for (var i = 0; i < 20; i++) Assert.Equal(405, (await SendAsync(bench, "PUT", "/mcp", token)).Status);
        }

        Assert.Empty(await bench.AuditAsync());
        // What looks like a key and is none is a guess. He is told the same as ever, and is not listened to at the door.
        for (var i = 0; i < 10; i++) Assert.Equal(405, (await SendAsync(bench, "PUT", "/mcp", $"{ApiKey.Prefix}{i}")).Status);
        Assert.Equal(429, (await SendAsync(bench, "POST", "/mcp", key)).Status);
        Assert.Equal(405, (await SendAsync(bench, "PUT", "/mcp", key)).Status);
        Assert.Empty(await bench.AuditAsync());
        for (var i = 0; i < 10; i++) Assert.Equal(404, (await SendAsync(bench, "GET", "/api/none", $"guess-{i}")).Status);
        Assert.Equal(429, (await SendAsync(bench, "GET", "/api/vms", RestBench.Viewer)).Status);
    }

    [Fact]
    public async Task A_key_that_was_taken_back_is_written_down_here_too()
    {
        await using var bench = await RestBench.OpenAsync();
        var key = await KeyAsync(bench, "claude");
        await bench.Web.Runtime.Store.Credentials.RevokeKeyAsync("claude", DateTimeOffset.UtcNow, Cancellation);
        for (var i = 0; i < 5; i++) Assert.Equal(405, (await SendAsync(bench, "PUT", "/mcp", key)).Status);
        var line = Assert.Single(await bench.AuditAsync());
        Assert.Equal((AuditKind.Denied, "mcp_login", "claude"), (line.Kind, line.Operation, line.Identity));
    }

    [Fact]
    public async Task A_token_in_a_path_is_not_written_down()
    {
        await using var bench = await RestBench.OpenAsync();
        // A hook's own token is known to the program once it was opened.
        Assert.Equal(202, (await bench.Web.PostAsync(WebBench.Beat("nobody knows it", 0, 1))).Status);
        Assert.Equal(404, (await SendAsync(bench, "POST", $"/hooks/uptime-alert/{bench.Web.Token}", await KeyAsync(bench, "claude"))).Status);
        var line = Assert.Single(await bench.AuditAsync(), static l => l.Operation == "mcp_request");
        Assert.DoesNotContain(bench.Web.Token, line.Target, StringComparison.Ordinal);
    }

    private static async Task<string> KeyAsync(RestBench bench, string name)
    {
        var text = CredentialSecret.New(ApiKey.Prefix);
        Assert.True(await bench.Web.Runtime.Store.Credentials.AddKeyAsync(new ApiKey { Name = name, Level = Level.Monitor, CreatedAt = DateTimeOffset.UtcNow, CreatedBy = "interactive:tester", Hash = CredentialSecret.HashOf(text) }, Cancellation));
        return text;
    }

    private static async Task<(int Status, string Body)> SendAsync(RestBench bench, string method, string path, string? token)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (token is not null) request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token}");
        using var response = await bench.Web.Http.SendAsync(request, Cancellation);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }
}
