using System.Web;
using Homelab.Composition.Access;

namespace Homelab.SystemTests.Web.Access;

/// <summary>The official TypeScript client comes in by each way, and finds everything by itself.</summary>
public sealed class OfficialClientTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_comes_in_with_a_key()
    {
        await using var bench = await AccessBench.OpenAsync();
        var key = await bench.KeyAsync(new CreateApiKey.Input { Name = "claude" });
        await using var client = await OfficialClient.StartAsync("bearer", bench.Mcp, key);
        Assert.Equal("mcp:claude", (await client.HearAsync()).GetProperty("tools")[0].GetString());
    }

    [Fact]
    public async Task It_comes_in_with_its_own_id_and_secret()
    {
        await using var bench = await AccessBench.OpenAsync();
        await using var client = await OfficialClient.StartAsync("credentials", bench.Mcp, "robot", AccessBench.RobotSecret);
        Assert.Equal("mcp:robot", (await client.HearAsync()).GetProperty("tools")[0].GetString());
    }

    [Fact]
    public async Task With_a_wrong_secret_it_stays_outside()
    {
        await using var bench = await AccessBench.OpenAsync();
        await using var client = await OfficialClient.StartAsync("credentials", bench.Mcp, "robot", "wrong");
        Assert.Contains("InvalidClientError", await client.FailAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_registers_itself_and_a_person_lets_it_in()
    {
        await using var bench = await AccessBench.OpenAsync(static lab => lab.Replace("  clients:\n", "  registration: { enabled: true }\n  clients:\n", StringComparison.Ordinal));
        await using var client = await OfficialClient.StartAsync("code", bench.Mcp, "http://127.0.0.1:5555/callback");
        var browser = new Browser(bench);
        var begun = await browser.GoAsync((await client.HearAsync()).GetProperty("browser").GetString()!);
        var page = await browser.GoAsync(begun.Location!);
        Assert.Contains("Official client", page.Body, StringComparison.Ordinal);
        await bench.Runtime.Approvals.ApproveAsync(Assert.Single(await bench.Runtime.Approvals.ListPendingAsync(Cancellation)).Id, "cli:anna", typedTarget: null, Cancellation);
        var sent = HttpUtility.ParseQueryString(new Uri((await browser.GoAsync(begun.Location!)).Location!).Query);
        Assert.Equal("the-state", sent["state"]);
        await client.TellAsync(sent["code"]!);
        Assert.StartsWith("mcp:hlx_", (await client.HearAsync()).GetProperty("tools")[0].GetString(), StringComparison.Ordinal);
    }
}
