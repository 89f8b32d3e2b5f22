using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Mcp;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Mcp;

public sealed class QueryCollectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_that_does_not_end_answers_with_what_has_come()
    {
        await using var stage = await LabStage.OpenAsync(Cancellation, LabStage.SecretsAsFiles);
        stage.WriteSecrets();
        var file = new LabReader(ProviderList.Settings, static _ => null).Read(stage.LabFile);
        await using var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions(), Cancellation);
        var time = new ManualTime();
        var collector = new QueryCollector(runtime.Gate, new ForeignJson(runtime.Redactor), new QueryLimits { Time = TimeSpan.FromSeconds(2) }, time);
        stage.Homelab.ContainerOf("redis").WriteLog("one");
        var request = new GateRequest
        {
            Operation = "docker_container_logs",
            Json = JsonSerializer.SerializeToElement(new { container = "redis@dev", follow = true }),
            Caller = new Caller(Face.Mcp, "tester"),
        };
        var operation = runtime.Catalog.Find(request.Operation).Descriptor;
        var come = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gathering = collector.GatherAsync(
            operation,
            request,
            _ =>
            {
                come.TrySetResult();
                return true;
            },
            Cancellation);
        await come.Task.WaitAsync(TimeSpan.FromMinutes(2), Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));
        var (items, hint) = await gathering;
        var result = ToolAnswer.Items(operation, items, hint);
        var data = JsonNode.Parse(result.StructuredContent!.Value.GetRawText())!;
        Assert.Equal(("one", 1, false), ((string?)data["items"]![0]!["text"], (int)data["count"]!, (bool)data["complete"]!));
        Assert.Equal("Not complete: it had not ended after 2s. Narrow it by tail, since, follow.", (string?)data["hint"]);

        // Who cancels gets no answer instead.
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => collector.CollectAsync(operation, request, cancelled.Token));
    }
}
