using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using Homelab.Host.Mcp.Resources;
using Homelab.Tests;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Homelab.SystemTests.Mcp.Resources;

/// <summary>Whoever subscribes to a resource is told when it changes, soon, not too often, and only of what he may look at.</summary>
public sealed class SubscriptionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_incident_is_told_of_from_its_beginning_to_its_end()
    {
        await using var bench = await FaceBench.OpenAsync("operate");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        var told = Hear(client);
        await client.SubscribeToResourceAsync("homelab://incidents", cancellationToken: Cancellation);
        bench.Stage.Homelab.ContainerOf("gitea").Crash();
        var healed = FaceBench.CallAsync(client, "heal_run", new { service = "gitea", wait = "10m" });
        await Eventually.HoldsAsync("the incident is told of", () => Task.FromResult(told.Any(static t => t.Uri == "homelab://incidents")), Cancellation);
        var id = (string)(await healed).Data["result"]!["incident"]!;
        Assert.All(told, static t => Assert.Equal("homelab://incidents", t.Uri));

        // The last notice comes after the end, so that whoever reads then knows it.
        await Eventually.HoldsAsync("what is told last is the end", async () =>
        {
            var closed = (await bench.Runtime.Store.FindIncidentAsync(id, Cancellation))!.ClosedAt;
            return closed is { } at && told.Last().At >= at;
        }, Cancellation);

        // A second incident of the same service, told of by its own address.
        await client.SubscribeToResourceAsync($"homelab://incidents/{id}", cancellationToken: Cancellation);
        await client.UnsubscribeFromResourceAsync("homelab://incidents", cancellationToken: Cancellation);
        // Twice: what was on its way when the client had enough of it comes before the first of these.
        for (var i = 0; i < 2; i++)
        {
            told.Clear();
            await bench.Runtime.Store.AppendAuditAsync(Line(AuditKind.Outcome, id), durable: true, Cancellation);
            await Eventually.HoldsAsync("it is told of", () => Task.FromResult(told.Any(t => t.Uri == $"homelab://incidents/{id}")), Cancellation);
        }

        Assert.Equal([$"homelab://incidents/{id}"], told.Select(static t => t.Uri).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_audit_tells_of_changes_and_refusals_and_not_of_looks()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        var told = Hear(client);
        foreach (var uri in new[] { "homelab://audit", "homelab://decisions" }) await client.SubscribeToResourceAsync(uri, cancellationToken: Cancellation);
        // Looks by the client itself, by which it would be told to look again, for ever.
        for (var i = 0; i < 3; i++) await client.JsonAsync("homelab://audit");
        await bench.Runtime.Store.AppendAuditAsync(Line(AuditKind.Outcome), durable: true, Cancellation);
        await Eventually.HoldsAsync("the outcome is told of", () => Task.FromResult(!told.IsEmpty), Cancellation);
        Assert.Equal(["homelab://audit"], told.Select(static t => t.Uri));

        told.Clear();
        await FaceBench.CallAsync(client, "docker_restart_container", new { container = "gitea@dev" });
        await Eventually.HoldsAsync("the refusal is told of", () => Task.FromResult(told.Count >= 2), Cancellation);
        Assert.Equal(["homelab://audit", "homelab://decisions"], told.Select(static t => t.Uri).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_changes_are_one_notice_a_second()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        var told = Hear(client);
        await client.SubscribeToResourceAsync("homelab://audit", cancellationToken: Cancellation);
        var began = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var i = 0; i < 50 && await timer.WaitForNextTickAsync(Cancellation); i++) await bench.Runtime.Store.AppendAuditAsync(Line(AuditKind.Outcome), durable: false, Cancellation);
        var last = DateTimeOffset.UtcNow;
        await Eventually.HoldsAsync("the last change is told of too", () => Task.FromResult(!told.IsEmpty && told.Last().At >= last), Cancellation);
        Assert.InRange(told.Count, 1, (int)Stopwatch.GetElapsedTime(began).TotalSeconds + 1);
    }

    [Fact]
    public async Task Only_what_changes_and_may_be_read_can_be_subscribed_to_and_only_so_much()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        Assert.Contains("homelab://audit", (await Refused(client, "homelab://runbooks")).Message, StringComparison.Ordinal);
        Assert.Equal(McpErrorCode.ResourceNotFound, (await Refused(client, "homelab://incidents/nosuch")).ErrorCode);
        Assert.Equal(McpErrorCode.ResourceNotFound, (await Refused(client, "homelab://nothing")).ErrorCode);
        var narrow = await bench.ConnectAsync(FaceBench.Tester with { Scope = OperationScope.Of(["audit_list"]) }, "2025-11-25");
        Assert.Equal(McpErrorCode.ResourceNotFound, (await Refused(narrow, "homelab://incidents")).ErrorCode);
        await narrow.SubscribeToResourceAsync("homelab://audit", cancellationToken: Cancellation);

        for (var i = 0; i < ResourceSubscriptions.Most + 1; i++) await bench.Runtime.Store.SaveAsync(new HealingChange { Incident = Incident($"i{i:000}") }, Cancellation);
        for (var i = 0; i < ResourceSubscriptions.Most; i++) await client.SubscribeToResourceAsync($"homelab://incidents/i{i:000}", cancellationToken: Cancellation);
        Assert.Contains("100 resources", (await Refused(client, "homelab://incidents/i100")).Message, StringComparison.Ordinal);
        // One of them again is not one more.
        await client.SubscribeToResourceAsync("homelab://incidents/i007", cancellationToken: Cancellation);
        await client.UnsubscribeFromResourceAsync("homelab://incidents/i000", cancellationToken: Cancellation);
        await client.SubscribeToResourceAsync("homelab://incidents/i100", cancellationToken: Cancellation);
    }

    [Fact]
    public async Task The_newest_revision_listens_by_a_stream_of_its_own()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: McpBench.Newest);
        await Assert.ThrowsAsync<McpProtocolException>(() => client.SubscribeToResourceAsync("homelab://audit", cancellationToken: Cancellation));
        var granted = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var acknowledged = client.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (n, _) =>
        {
            granted.TrySetResult(n.Params!);
            return default;
        });
        var told = Hear(client);
        var wanted = ResourceReading.Node(new { notifications = new { resourceSubscriptions = new[] { "homelab://audit", "homelab://runbooks", "homelab://nothing" } } });
        var request = new JsonRpcRequest { Id = new RequestId("listening"), Method = RequestMethods.SubscriptionsListen, Params = wanted };
        var listening = client.SendRequestAsync(request, Cancellation);
        var grant = await granted.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancellation);
        Assert.Equal(["homelab://audit"], grant["notifications"]!["resourceSubscriptions"]!.AsArray().Select(static u => (string)u!));
        await bench.Runtime.Store.AppendAuditAsync(Line(AuditKind.Outcome), durable: true, Cancellation);
        await Eventually.HoldsAsync("it is told of", () => Task.FromResult(!told.IsEmpty), Cancellation);
        Assert.Equal(((string?)grant["_meta"]!["io.modelcontextprotocol/subscriptionId"], "homelab://audit"), (told.First().Subscription, told.First().Uri));
        Assert.NotNull(told.First().Subscription);

        var changes = LabChanges.Of(bench.Runtime, log: null!);
        Assert.True(changes.IsFollowing);
        await client.SendMessageAsync(new JsonRpcNotification { Method = NotificationMethods.CancelledNotification, Params = ResourceReading.Node(new { requestId = "listening" }) }, Cancellation);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
        await Eventually.HoldsAsync("nobody follows any more", () => Task.FromResult(!changes.IsFollowing), Cancellation);
    }

    [Fact]
    public async Task Who_may_not_read_any_more_is_told_no_more_and_a_stream_tells_of_the_lists()
    {
        await using var bench = await FaceBench.OpenAsync("monitor");
        var client = await bench.ConnectAsync(version: "2025-11-25");
        var told = Hear(client);
        foreach (var uri in new[] { "homelab://audit", "homelab://incidents" }) await client.SubscribeToResourceAsync(uri, cancellationToken: Cancellation);
        var newest = await bench.ConnectAsync(version: McpBench.Newest);
        var lists = new ConcurrentQueue<string>();
        var granted = new TaskCompletionSource<JsonNode>(TaskCreationOptions.RunContinuationsAsynchronously);
        newest.RegisterNotificationHandler(NotificationMethods.SubscriptionsAcknowledgedNotification, (n, _) =>
        {
            granted.TrySetResult(n.Params!["notifications"]!);
            return default;
        });
        foreach (var list in new[] { NotificationMethods.ToolListChangedNotification, NotificationMethods.ResourceListChangedNotification, NotificationMethods.PromptListChangedNotification })
        {
            newest.RegisterNotificationHandler(list, (n, _) =>
            {
                lists.Enqueue($"{n.Method} {n.Params!["_meta"]!["io.modelcontextprotocol/subscriptionId"]}");
                return default;
            });
        }

        var wanted = ResourceReading.Node(new { notifications = new { resourcesListChanged = true, promptsListChanged = true } });
        var listening = newest.SendRequestAsync(new JsonRpcRequest { Id = new RequestId(77), Method = RequestMethods.SubscriptionsListen, Params = wanted }, Cancellation);
        Assert.Equal("""{"promptsListChanged":true,"resourcesListChanged":true}""", (await granted.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancellation)).ToJsonString());

        var decider = bench.Runtime.Gate.Decider;
        decider.Take(decider.Access, decider.Policy with { Approvals = new Dictionary<string, Requirement>(StringComparer.Ordinal) { ["audit_list"] = Requirement.Deny } });
        await Eventually.HoldsAsync("the lists are told of", () => Task.FromResult(lists.Count == 2), Cancellation);
        Assert.Equal(["notifications/prompts/list_changed 77", "notifications/resources/list_changed 77"], lists.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("homelab://audit", await client.UrisAsync());
        await bench.Runtime.Store.AppendAuditAsync(Line(AuditKind.Outcome, "i1"), durable: true, Cancellation);
        await Eventually.HoldsAsync("the incident is told of", () => Task.FromResult(!told.IsEmpty), Cancellation);
        Assert.Equal(["homelab://incidents"], told.Select(static t => t.Uri));
        Assert.False(listening.IsCompleted);
    }

    private static ConcurrentQueue<(string Uri, string? Subscription, DateTimeOffset At)> Hear(McpClient client)
    {
        var told = new ConcurrentQueue<(string, string?, DateTimeOffset)>();
        client.RegisterNotificationHandler(NotificationMethods.ResourceUpdatedNotification, (n, _) =>
        {
            told.Enqueue(((string)n.Params!["uri"]!, (string?)n.Params["_meta"]?["io.modelcontextprotocol/subscriptionId"], DateTimeOffset.UtcNow));
            return default;
        });
        return told;
    }

    private static Task<McpProtocolException> Refused(McpClient client, string uri) => Assert.ThrowsAsync<McpProtocolException>(() => client.SubscribeToResourceAsync(uri, cancellationToken: Cancellation));

    private static AuditEntry Line(AuditKind kind, string incident = "") =>
        new() { Time = DateTimeOffset.UtcNow, Kind = kind, Operation = "docker_restart_container", Target = "container:gitea@dev", Trigger = "webhook", Identity = "kuma", Incident = incident };

    private static Incident Incident(string id) => new()
    {
        Id = id, Service = "gitea", Status = IncidentStatus.Recovered, Alert = "a", Caller = new Caller(Face.Webhook, "kuma"), OpenedAt = DateTimeOffset.UnixEpoch, DueAt = DateTimeOffset.UnixEpoch, ClosedAt = DateTimeOffset.UnixEpoch,
    };
}
