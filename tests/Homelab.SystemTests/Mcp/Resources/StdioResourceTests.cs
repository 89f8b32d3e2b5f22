using System.Collections.Concurrent;
using Homelab.Tests;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp.Resources;

/// <summary>Resources, prompts and subscriptions of the program as a client starts it.</summary>
public sealed class StdioResourceTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("monitor")]
    [InlineData("operate")]
    public async Task A_client_reads_is_told_and_is_told_no_more(string level)
    {
        await using var bench = await McpBench.OpenAsync(level);
        var client = await bench.ConnectAsync("2025-11-25");
        Assert.Equal(11, (await client.UrisAsync()).Length);
        Assert.StartsWith("# Something is down", (await client.ContentsAsync("homelab://procedures/incident-response")).Text, StringComparison.Ordinal);
        Assert.Equal(2, (await client.GetPromptAsync("explain_incident", cancellationToken: Cancellation)).Messages.Count);
        var told = new ConcurrentQueue<string>();
        await using var listening = client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (n, _) =>
        {
            told.Enqueue((string)n.Params!["uri"]!);
            return default;
        });
        await client.SubscribeToResourceAsync("homelab://audit", cancellationToken: Cancellation);
        // Done at level 2, refused at level 1; both are news.
        Assert.Equal(level == "monitor", (await bench.CallAsync(client, "docker_restart_container", new { container = "redis@dev" })).Failed);
        await Eventually.HoldsAsync("the client is told", () => Task.FromResult(told.Contains("homelab://audit")), Cancellation);
        await client.UnsubscribeFromResourceAsync("homelab://audit", cancellationToken: Cancellation);
        await client.SubscribeToResourceAsync("homelab://decisions", cancellationToken: Cancellation);
        // Twice: what was on its way when the client had enough of it comes before the first of these.
        foreach (var grace in new[] { "1s", "2s" })
        {
            told.Clear();
            await bench.CallAsync(client, "docker_stop_container", new { container = "redis@dev", grace });
            await Eventually.HoldsAsync("the other one is told of", () => Task.FromResult(told.Contains("homelab://decisions")), Cancellation);
        }

        Assert.Equal(["homelab://decisions"], told.Distinct(StringComparer.Ordinal));
        await Assert.ThrowsAsync<ModelContextProtocol.McpProtocolException>(() => client.SubscribeToResourceAsync("homelab://runbooks", cancellationToken: Cancellation));
    }
}
