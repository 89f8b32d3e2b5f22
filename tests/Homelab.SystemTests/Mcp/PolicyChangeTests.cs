using Homelab.Tests;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp;

/// <summary>The lab file is changed while a client is connected.</summary>
public sealed class PolicyChangeTests
{
    private const string Tool = "docker_restart_container";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_is_told_sees_what_it_may_now_and_loses_what_it_may_not_any_more()
    {
        await using var bench = await McpBench.OpenAsync();
        var client = await bench.ConnectAsync("2025-11-25");
        Assert.True(client.ServerCapabilities.Tools!.ListChanged);
        var news = 0;
        await using var listening = client.RegisterNotificationHandler(NotificationMethods.ToolListChangedNotification, (_, _) =>
        {
            Interlocked.Increment(ref news);
            return default;
        });
        Assert.DoesNotContain(Tool, await NamesAsync(client));
        Assert.True((await bench.CallAsync(client, Tool, new { container = "gitea@dev" })).Failed);

        await EditAsync(bench, "mcp: monitor", "mcp: operate");
        await Eventually.HoldsAsync("the client is told", () => Task.FromResult(Volatile.Read(ref news) == 1), Cancellation);
        Assert.Contains(Tool, await NamesAsync(client));
        Assert.False((await bench.CallAsync(client, Tool, new { container = "gitea@dev" })).Failed);

        await EditAsync(bench, "mcp: operate", "mcp: monitor");
        await Eventually.HoldsAsync("the client is told again", () => Task.FromResult(Volatile.Read(ref news) == 2), Cancellation);
        var (data, _, failed) = await bench.CallAsync(client, Tool, new { container = "gitea@dev" });
        Assert.Equal((true, "LevelTooLow"), (failed, (string?)data["error"]!["id"]));
        Assert.Single(bench.Stage.Homelab.Changes);
        Assert.Equal(2, (await bench.AuditAsync()).Split('\n').Count(static l => l.Contains("policy_take", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_mistake_in_the_lab_file_is_logged_and_the_policy_stays()
    {
        await using var bench = await McpBench.OpenAsync();
        var client = await bench.ConnectAsync("2025-11-25");
        await EditAsync(bench, "mcp: monitor", "mcp: mannage");
        await bench.LoggedAsync("policyRefused");
        Assert.DoesNotContain(Tool, await NamesAsync(client));
    }

    private static async Task<IEnumerable<string>> NamesAsync(McpClient client) => (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(static t => t.Name);

    private static async Task EditAsync(McpBench bench, string from, string to)
    {
        var text = await File.ReadAllTextAsync(bench.Stage.LabFile, Cancellation);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(bench.Stage.LabFile, text.Replace(from, to, StringComparison.Ordinal), Cancellation);
    }
}
