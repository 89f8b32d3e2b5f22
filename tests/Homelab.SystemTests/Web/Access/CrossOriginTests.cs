namespace Homelab.SystemTests.Web.Access;

/// <summary>Which web pages may read what the OAuth routes answer: those that may use the MCP server, and no others.</summary>
public sealed class CrossOriginTests
{
    private const string Allowed = "https://inspector.example.net";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", "/.well-known/oauth-protected-resource/mcp")]
    [InlineData("GET", "/.well-known/oauth-authorization-server")]
    [InlineData("POST", "/oauth/token")]
    [InlineData("POST", "/token")]
    [InlineData("POST", "/oauth/revoke")]
    [InlineData("POST", "/oauth/register")]
    public async Task Pages_of_the_lab_files_origins_may_ask_and_read_and_others_may_not(string method, string path)
    {
        await using var bench = await OpenAsync();
        var (asked, answered) = (await AskAsync(bench, path, Allowed, method), await SendAsync(bench, method, path, Allowed));
        Assert.Equal((204, Allowed), (asked.Status, asked.AllowedOrigin));
        Assert.Contains("authorization", asked.AllowedHeaders, StringComparison.Ordinal);
        Assert.Contains("mcp-protocol-version", asked.AllowedHeaders, StringComparison.Ordinal);
        Assert.DoesNotContain("x-other", asked.AllowedHeaders, StringComparison.Ordinal);
        // Also an error is for the page to read.
        Assert.Equal(Allowed, answered.AllowedOrigin);
        Assert.Contains("Origin", answered.Vary, StringComparison.Ordinal);

        foreach (var foreign in (string[])["https://evil.example", "http://inspector.example.net", "https://inspector.example.net.evil.example", "null"])
        {
            Assert.Equal((403, null), (await AskAsync(bench, path, foreign, method)) is var refused ? (refused.Status, refused.AllowedOrigin) : default);
            Assert.Null((await SendAsync(bench, method, path, foreign)).AllowedOrigin);
        }

        Assert.Null((await SendAsync(bench, method, path, origin: null)).AllowedOrigin);
    }

    [Theory]
    [InlineData("/oauth/authorize")]
    [InlineData("/oauth/consent")]
    public async Task No_page_of_another_site_reads_the_pages_that_people_see(string path)
    {
        await using var bench = await OpenAsync();
        Assert.Null((await SendAsync(bench, "GET", path, Allowed)).AllowedOrigin);
        Assert.Equal(405, (await AskAsync(bench, path, Allowed, "GET")).Status);
    }

    [Fact]
    public async Task A_page_of_an_allowed_origin_gets_a_token_and_one_by_a_name_of_its_own_gets_nothing()
    {
        await using var bench = await OpenAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bench.Url, "/oauth/token")) { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.TryAddWithoutValidation("Authorization", AccessBench.Basic("robot", AccessBench.RobotSecret));
        request.Headers.TryAddWithoutValidation("Origin", Allowed);
        using var response = await bench.Http.SendAsync(request, Cancellation);
        Assert.Equal((200, Allowed), ((int)response.StatusCode, Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin"))));
        // DNS rebinding: the name in Host is the page's own.
        Assert.Equal(421, (await AskAsync(bench, "/oauth/token", Allowed, "POST", host: "evil.example")).Status);
    }

    private static Task<AccessBench> OpenAsync() => AccessBench.OpenAsync(static lab => lab.Replace("  hosts: [ homelab.test ]\n", $"  hosts: [ homelab.test ]\n  origins: [ {Allowed} ]\n  registration: {{ enabled: true }}\n", StringComparison.Ordinal));

    private static Task<Heard> AskAsync(AccessBench bench, string path, string origin, string method, string? host = null) =>
        SendAsync(bench, "OPTIONS", path, origin, host, ("Access-Control-Request-Method", method), ("Access-Control-Request-Headers", "authorization, content-type, mcp-protocol-version, x-other"));

    private static async Task<Heard> SendAsync(AccessBench bench, string method, string path, string? origin, string? host = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(bench.Url, path));
        if (origin is not null) request.Headers.TryAddWithoutValidation("Origin", origin);
        if (host is not null) request.Headers.Host = host;
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await bench.Http.SendAsync(request, Cancellation);
        return new Heard((int)response.StatusCode, Header("Access-Control-Allow-Origin"), Header("Access-Control-Allow-Headers") ?? "", Header("Vary") ?? "");

        string? Header(string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
    }

    private sealed record Heard(int Status, string? AllowedOrigin, string AllowedHeaders, string Vary);
}
