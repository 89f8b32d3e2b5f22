using System.Text.Json.Nodes;

namespace Homelab.SystemTests.Mcp;

/// <summary>What a person must agree to: the client is told, repeats its call, and has no way to answer for the person.</summary>
public sealed class ApprovalTests
{
    [Fact]
    public async Task After_a_persons_yes_the_same_call_runs_once()
    {
        await using var bench = await McpBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var redis = bench.Stage.Homelab.ContainerOf("redis");
        var before = DateTimeOffset.UtcNow;
        var (data, text, failed) = await bench.CallAsync(client, "docker_stop_container", new { container = "redis" });
        Assert.False(failed);
        Assert.Equal("waiting", (string?)data["status"]);
        var approval = data["approval"]!;
        var id = (string)approval["id"]!;
        Assert.Equal(("Stop container redis@dev?", 1, 0), ((string?)approval["question"], (int)approval["confirmationsNeeded"]!, (int)approval["confirmationsGiven"]!));
        Assert.InRange(DateTimeOffset.Parse((string)approval["expiresAt"]!), before.AddMinutes(4), DateTimeOffset.UtcNow.AddMinutes(6));
        Assert.Contains($"'homelab approvals approve {id}'", text, StringComparison.Ordinal);
        Assert.Contains("call docker_stop_container with the same arguments again", text, StringComparison.Ordinal);

        // Asking again puts no second question; another input is another question.
        Assert.Equal(id, Id(await bench.CallAsync(client, "docker_stop_container", new { container = "redis@dev" })));
        Assert.NotEqual(id, Id(await bench.CallAsync(client, "docker_stop_container", new { container = "redis", grace = "1s" })));
        Assert.Empty(bench.Stage.Homelab.Changes);

        Assert.Equal(0, (await bench.RunAsync("approvals", "approve", id)).Code);
        // The yes was for this input only, and for this caller only.
        Assert.Equal("waiting", (string?)(await bench.CallAsync(client, "docker_stop_container", new { container = "redis", grace = "1s" })).Data["status"]);
        var other = await bench.ConnectAsync(name: "other");
        Assert.Equal("waiting", (string?)(await bench.CallAsync(other, "docker_stop_container", new { container = "redis" })).Data["status"]);
        Assert.True(redis.Running);

        (data, _, failed) = await bench.CallAsync(client, "docker_stop_container", new { container = "redis" });
        Assert.False(failed);
        Assert.Equal(("done", "exited"), ((string?)data["status"], (string?)data["result"]!["state"]));
        Assert.False(redis.Running);
        Assert.NotEqual(id, Id(await bench.CallAsync(client, "docker_stop_container", new { container = "redis" })));
        Assert.Single(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_yes_outlives_the_process_that_asked()
    {
        await using var bench = await McpBench.OpenAsync("operate");
        var before = await bench.ConnectAsync();
        var id = Id(await bench.CallAsync(before, "docker_stop_container", new { container = "redis@dev" }));
        await before.DisposeAsync();
        Assert.Equal(0, (await bench.RunAsync("approvals", "approve", id)).Code);
        var after = await bench.ConnectAsync();
        Assert.Equal("done", (string?)(await bench.CallAsync(after, "docker_stop_container", new { container = "redis@dev" })).Data["status"]);
    }

    [Fact]
    public async Task After_a_persons_no_the_call_is_refused_and_the_person_is_not_asked_again()
    {
        await using var bench = await McpBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var id = Id(await bench.CallAsync(client, "docker_stop_container", new { container = "redis@dev" }));
        Assert.Equal(0, (await bench.RunAsync("approvals", "deny", id)).Code);
        var (data, text, failed) = await bench.CallAsync(client, "docker_stop_container", new { container = "redis@dev" });
        Assert.Equal((true, "ApprovalDenied", "refused"), (failed, (string?)data["error"]!["id"], (string?)data["error"]!["kind"]));
        Assert.Contains("A person said no to 'Stop container redis@dev?'", text, StringComparison.Ordinal);
        Assert.Equal("Nothing waits for an answer.", (await bench.RunAsync("approvals", "list")).Output);
        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    [Fact]
    public async Task A_protected_target_needs_two_confirmations()
    {
        await using var bench = await McpBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var id = Id(await bench.CallAsync(client, "docker_restart_container", new { container = "traefik@infra" }));
        Assert.Equal(0, (await bench.RunAsync("approvals", "approve", id)).Code);
        var (data, _, _) = await bench.CallAsync(client, "docker_restart_container", new { container = "traefik@infra" });
        Assert.Equal((id, 2, 1), ((string?)data["approval"]!["id"], (int)data["approval"]!["confirmationsNeeded"]!, (int)data["approval"]!["confirmationsGiven"]!));
        Assert.Empty(bench.Stage.Homelab.Changes);
        Assert.Equal(0, (await bench.RunAsync("approvals", "approve", id, "--target", "traefik@infra")).Code);
        Assert.Equal("done", (string?)(await bench.CallAsync(client, "docker_restart_container", new { container = "traefik@infra" })).Data["status"]);
    }

    [Theory]
    [InlineData("approval")]
    [InlineData("approve")]
    [InlineData("approved")]
    [InlineData("force")]
    [InlineData("confirm")]
    [InlineData("_meta")]
    public async Task No_argument_takes_the_place_of_a_person(string field)
    {
        await using var bench = await McpBench.OpenAsync("operate");
        var client = await bench.ConnectAsync();
        var id = Id(await bench.CallAsync(client, "docker_stop_container", new { container = "redis@dev" }));
        foreach (JsonNode value in new JsonNode[] { true, id, "yes" })
        {
            var (data, _, failed) = await bench.CallAsync(client, "docker_stop_container", new JsonObject { ["container"] = "redis@dev", [field] = value });
            Assert.Equal((true, "InputInvalid"), (failed, (string?)data["error"]!["id"]));
        }

        Assert.Empty(bench.Stage.Homelab.Changes);
    }

    private static string Id((JsonObject Data, string Text, bool Failed) answer) => (string)answer.Data["approval"]!["id"]!;
}
