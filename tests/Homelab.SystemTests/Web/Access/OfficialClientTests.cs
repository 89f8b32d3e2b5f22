using System.Text.RegularExpressions;
using System.Web;
using Homelab.Composition.Access;
using Homelab.Tests;

namespace Homelab.SystemTests.Web.Access;

/// <summary>The official TypeScript client comes in at the real door by each way, and finds everything by itself; with what does not hold it stays outside.</summary>
public sealed partial class OfficialClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Level.Monitor)]
    [InlineData(Level.Operate)]
    [InlineData(Level.Configure)]
    [InlineData(Level.Manage)]
    public async Task With_a_key_it_is_shown_the_reviewed_tools_of_its_level(Level level)
    {
        await using var bench = await OpenAsync(static lab => lab.Replace("mcp: operate", "mcp: manage", StringComparison.Ordinal));
        await using var client = await OfficialClient.StartAsync("bearer", bench.Mcp, await bench.KeyAsync(new CreateApiKey.Input { Name = "claude", Level = level }));
        Assert.Equal(Reviewed(level), await client.ToolsAsync());
    }

    [Fact]
    public async Task It_comes_in_with_its_own_id_and_secret_and_sees_what_its_client_is_for()
    {
        await using var bench = await OpenAsync();
        await using var client = await OfficialClient.StartAsync("credentials", bench.Mcp, "robot", AccessBench.RobotSecret);
        Assert.Equal(Reviewed(Level.Operate).Where(static t => t.StartsWith("docker_", StringComparison.Ordinal)), await client.ToolsAsync());
    }

    [Fact]
    public async Task With_a_wrong_secret_it_stays_outside()
    {
        await using var bench = await OpenAsync();
        await using var client = await OfficialClient.StartAsync("credentials", bench.Mcp, "robot", "wrong");
        Assert.Contains("InvalidClientError", await client.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_key_or_token_that_is_over_or_for_another_server_it_stays_outside()
    {
        await using var bench = await OpenAsync();
        var now = bench.Time.GetUtcNow();
        var foreign = CredentialSecret.New(AccessGrant.PrefixOf(GrantKind.Access));
        await bench.Runtime.Store.Credentials.AddGrantsAsync([new AccessGrant { Hash = CredentialSecret.HashOf(foreign), Kind = GrantKind.Access, Family = "f", Client = "robot", Level = Level.Operate, Resource = "https://other.test/mcp", IssuedAt = now, ExpiresAt = now.AddHours(9) }], Cancellation);
        string[] over = [await bench.RobotTokenAsync(), await bench.KeyAsync(new CreateApiKey.Input { Name = "over", ExpiresIn = TimeSpan.FromMinutes(5) }), foreign];
        bench.Time.Advance(TimeSpan.FromMinutes(61));
        foreach (var (token, why) in over.Zip((string[])["The access token ended at", "The API key ended at", "The access token is for another resource"]))
        {
            await using var client = await OfficialClient.StartAsync("bearer", bench.Mcp, token);
            Assert.Contains(why, await client.FailAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task With_a_key_that_is_taken_back_it_is_outside_at_once()
    {
        await using var bench = await OpenAsync();
        await using var client = await OfficialClient.StartAsync(new { again = true }, ["bearer", bench.Mcp, await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" })]);
        Assert.NotEmpty(await client.ToolsAsync());
        await bench.DoAsync("access_revoke_key", new RevokeApiKey.Input { Name = "claude" });
        await client.TellAsync("");
        Assert.Contains("The API key was taken back at", await client.FailAsync(), StringComparison.Ordinal);
        Assert.Contains(await bench.AuditAsync(), static e => e is { Operation: "mcp_login", Kind: AuditKind.Denied, Identity: "claude" });
    }

    [Fact]
    public async Task The_id_of_another_clients_session_leads_nowhere()
    {
        await using var bench = await OpenAsync();
        await using var owner = await OfficialClient.StartAsync(new { again = true }, ["bearer", bench.Mcp, await bench.KeyAsync(new CreateApiKey.Input { Name = "owner" })]);
        var session = (await owner.HearAsync()).GetProperty("session").GetString();
        Assert.StartsWith("hls_", session, StringComparison.Ordinal);
        await using var thief = await OfficialClient.StartAsync(new { session }, ["bearer", bench.Mcp, await bench.KeyAsync(new CreateApiKey.Input { Name = "thief" })]);
        Assert.Contains("There is no such session", await thief.FailAsync(), StringComparison.Ordinal);
        Assert.Contains(await bench.AuditAsync(), static e => e is { Operation: "mcp_session", Kind: AuditKind.Denied, Identity: "thief" });
        await owner.TellAsync("");
        Assert.NotEmpty(await owner.ToolsAsync());
    }

    [Theory]
    [InlineData("https://evil.example", null, "may not use this server")]
    [InlineData("null", null, "may not use this server")]
    [InlineData(null, "evil.example", "This server is not called")]
    public async Task From_a_foreign_page_or_by_a_foreign_name_it_stays_outside(string? origin, string? host, string why)
    {
        await using var bench = await OpenAsync();
        object headers = origin is null ? new { } : new { Origin = origin };
        await using var client = await OfficialClient.StartAsync(new { headers, host }, ["bearer", bench.Mcp, await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" })]);
        Assert.Contains(why, await client.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task From_a_page_of_the_lab_files_origins_it_comes_in()
    {
        await using var bench = await OpenAsync(static lab => lab.Replace("  hosts: [ homelab.test ]\n", "  hosts: [ homelab.test ]\n  origins: [ https://inspector.example.net ]\n", StringComparison.Ordinal));
        await using var client = await OfficialClient.StartAsync(new { headers = new { Origin = "https://inspector.example.net" } }, ["credentials", bench.Mcp, "robot", AccessBench.RobotSecret]);
        Assert.NotEmpty(await client.ToolsAsync());
    }

    [Fact]
    public async Task It_registers_itself_and_a_person_lets_it_in_and_a_code_that_is_shown_twice_takes_all_of_it_back()
    {
        await using var bench = await OpenAsync(static lab => lab.Replace("  clients:\n", "  registration: { enabled: true }\n  clients:\n", StringComparison.Ordinal));
        await using var client = await OfficialClient.StartAsync(new { replay = true }, ["code", bench.Mcp, "http://127.0.0.1:5555/callback"]);
        var browser = new Browser(bench);
        var begun = await browser.GoAsync((await client.HearAsync()).GetProperty("browser").GetString()!);
        var page = await browser.GoAsync(begun.Location!);
        Assert.Contains("Official client", page.Body, StringComparison.Ordinal);
        await bench.Runtime.Approvals.ApproveAsync(Assert.Single(await bench.Runtime.Approvals.ListPendingAsync(Cancellation)).Id, "cli:anna", typedTarget: null, Cancellation);
        var sent = HttpUtility.ParseQueryString(new Uri((await browser.GoAsync(begun.Location!)).Location!).Query);
        Assert.Equal("the-state", sent["state"]);
        await client.TellAsync(sent["code"]!);
        Assert.Equal(Reviewed(Level.Monitor), await client.ToolsAsync());

        var replayed = await client.HearAsync();
        Assert.Equal("InvalidGrantError", replayed.GetProperty("replayed").GetString());
        Assert.Contains("shown a second time", replayed.GetProperty("message").GetString(), StringComparison.Ordinal);
        // What it had from it holds no more: neither the access token, nor the one by which it would get another.
        Assert.Contains("InvalidGrantError: The code or refresh token is wrong, used, over", await client.FailAsync(), StringComparison.Ordinal);
    }

    private static Task<AccessBench> OpenAsync(Func<string, string>? edit = null) => AccessBench.OpenAsync(edit, hasMcp: true);

    // As the page of tools lists them, which people have reviewed.
    internal static string[] Reviewed(Level level)
    {
        var page = File.ReadAllText(Path.Join(Repository.Root, "tests", "Homelab.SystemTests", "Mcp", "tools.md"));
        var sections = page.Split("\n## Level ")[1..];
        return [.. sections.Take((int)level).SelectMany(static s => Row().Matches(s).Select(static m => m.Groups["name"].Value)).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"^\| `(?<name>[a-z0-9_]+)` \|", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
