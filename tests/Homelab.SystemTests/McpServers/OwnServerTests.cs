using Homelab.Host;
using Homelab.Providers.Mcp;
using Homelab.State;
using Homelab.SystemTests.Cli;
using Homelab.Tests;

namespace Homelab.SystemTests.McpServers;

/// <summary>The program itself, as the other MCP server of another lab.</summary>
public sealed class OwnServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_is_found_at_mcp_of_serve_with_a_key_and_not_without()
    {
        await using var stage = await CliBench.OpenAsync();
        var (_, url) = await stage.ServeAsync();
        await using (var store = await SqliteStore.OpenAsync(stage.Stage.StateFile, TimeProvider.System, Cancellation))
        {
            await store.AddKeyAsync(new ApiKey { Name = "other", Level = Level.Manage, CreatedAt = DateTimeOffset.UtcNow, CreatedBy = "interactive:tester", Hash = CredentialSecret.HashOf(ServersBench.Token) }, Cancellation);
        }

        var mcp = new Uri(url, "/mcp");
        await using var bench = new ServersBench(
        [
            ("let-in", new McpServerSettings { Url = mcp, Token = ServersBench.Reference }),
            ("left-out", new McpServerSettings { Url = mcp }),
            ("lives", new McpServerSettings { Health = new Uri(url, "/health") }),
        ]);
        // On a busy machine an answer may come too late for the newest revision.
        IReadOnlyList<McpServerInfo> found = [];
        await Eventually.HoldsAsync("it is found in time", async () => (found = await bench.ListAsync())[0].Protocol == "2026-07-28" && found[2].State == McpServerState.Online, Cancellation);
        Assert.Equal(["let-in Online ", "left-out Refused McpServerLoginRefused", "lives Online "], found.Select(static s => $"{s.Name} {s.State} {s.Error}"));
        Assert.Contains("homelab", found[0].Product, StringComparison.OrdinalIgnoreCase);
        var tools = found[0].Categories.SelectMany(static c => c.Tools).ToList();
        Assert.Equal(found[0].AvailableTools, tools.Count);
        Assert.Contains("docker_list_containers", found[0].Categories.Single(static c => c.Name == "query").Tools.Select(static t => t.Name));
        Assert.DoesNotContain("uncategorised", found[0].Categories.Select(static c => c.Name));
        await Eventually.HoldsAsync("every step is well in time", async () => (await bench.CheckAsync("let-in")).All(static c => c.Verdict == McpVerdict.Ok), Cancellation);
    }

    [Fact]
    public async Task It_is_found_as_a_program()
    {
        await using var stage = await CliBench.OpenAsync();
        await using var bench = new ServersBench([("one", new McpServerSettings
        {
            Command = "dotnet",
            Arguments = [typeof(HomelabProgram).Assembly.Location, "mcp", "--name", "other", "--lab", stage.Stage.LabFile],
            Environment = stage.Stage.Environment,
        })]);
        McpServerInfo? found = null;
        await Eventually.HoldsAsync("it is found in time", async () => (found = await bench.LookAsync()).State == McpServerState.Online, Cancellation);
        Assert.InRange(found!.AvailableTools, 20, 500);
    }
}
