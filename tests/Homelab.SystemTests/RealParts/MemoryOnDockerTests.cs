using Homelab.SystemTests.Peers;
using Homelab.Tests;

namespace Homelab.SystemTests.RealParts;

/// <summary>Scenario 3 with a real engine: the memory is really taken, by a container with a limit of its own, and really given back.</summary>
[Collection(SharedDockerd.Name)]
public sealed class MemoryOnDockerTests(DockerdPeer dockerd)
{
    private const long Mebi = 1024 * 1024;
    private const long Idle = 75 * Mebi;

    [Fact]
    public async Task The_container_that_really_takes_most_is_restarted_after_a_yes_and_gives_its_memory_back()
    {
        dockerd.Require();
        var (hungry, modest) = (Name("hungry"), Name("modest"));
        await using var stage = await MemoryStage.OpenAsync(engine: dockerd.Endpoint);
        // First what is used, then what there is: the other way round it would be short for a moment, of nothing that runs.
        (stage.Guest.MemoryUsed, stage.Guest.Config["memory"]) = (Idle, "256");
        // It takes as much only the first time: as what leaks does not at once leak again.
        await RunAsync(hungry, "224m", "test -e /tmp/began && exec sleep 1d; touch /tmp/began; (busybox head -c 150m /dev/zero; sleep 1d) | busybox tail");
        await RunAsync(modest, "64m", "(busybox head -c 20m /dev/zero; sleep 1d) | busybox tail");
        var started = await StartedAsync(modest);
        // Ended before its containers are.
        await using (var meter = new MemoryMeter(dockerd.Endpoint["unix://".Length..], stage.Guest, Idle, hungry, modest)) await HealAsync(stage, meter, hungry, modest, started);
        await dockerd.RunAsync("rm", "-f", hungry, modest);
    }

    private async Task HealAsync(MemoryStage stage, MemoryMeter meter, string hungry, string modest, string started)
    {
        var question = await stage.QuestionAsync();
        Assert.StartsWith($"❓ Restart container {hungry}@dev?", question.Text, StringComparison.Ordinal);
        // It was asked as soon as there was little left; on a busy machine the rest is taken only then.
        await Eventually.HoldsAsync("they use what they take", () => Task.FromResult(meter.Used[hungry] is >= 145 * Mebi and <= 170 * Mebi && meter.Used[modest] is >= 18 * Mebi and <= 30 * Mebi), TestContext.Current.CancellationToken);
        await stage.PressAsync(question, "Yes");

        var incident = await stage.ClosedAsync();
        Assert.Equal((IncidentStatus.Recovered, "resource-exhaustion"), (incident.Status, incident.Runbook));
        Assert.InRange(meter.Used[hungry], 0, 10 * Mebi);
        Assert.Equal("0 running", await dockerd.RunAsync("inspect", "-f", "{{.RestartCount}} {{.State.Status}}", hungry));
        Assert.Equal(started, await StartedAsync(modest));
        await stage.SaysAsync(question, "Done at");
        Assert.Contains("Auto-Recovery: dev", stage.Told, StringComparison.Ordinal);
        Assert.Equal([AlertStatus.Pressure, AlertStatus.Up], (await stage.ResolvedAsync()).Select(static a => a.Status));
        var change = Assert.Single(await stage.Product.ChangesAsync());
        Assert.Equal(("docker_restart_container", $"container:{hungry}@dev"), (change.Operation, change.Target));
        Assert.Empty(stage.GuestChanges);
    }

    private Task<string> RunAsync(string name, string limit, string script) => dockerd.RunAsync("run", "-d", "--name", name, "--network", "none", "--memory", limit, "--stop-timeout", "1", DockerdPeer.Image, "sh", "-c", script);

    private Task<string> StartedAsync(string name) => dockerd.RunAsync("inspect", "-f", "{{.State.StartedAt}}", name);

    private static string Name(string word) => $"{word}{Guid.NewGuid():N}"[..14];
}
