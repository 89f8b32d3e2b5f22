using System.Text.Json;
using Homelab.Automation.Healing;

namespace Homelab.UnitTests.Automation;

public sealed class RunQuietTests
{
    private static readonly Caller s_hook = new(Face.Webhook, "uptime-alert") { Incident = "i", Run = "r" };

    private static readonly LabDefinition s_lab = new()
    {
        Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal) { ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Monitor = "Gitea", Quiet = ServiceQuiet.Monitor } },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_a_run_has_hushed_is_held_by_it_until_it_has_undone_it_itself()
    {
        await using var bench = await HealingBench.OpenAsync(s_lab, TimeProvider.System);
        var hushes = new HushDesk(bench.Gate, bench.Store, TimeProvider.System);
        var notes = new List<string>();
        var quiet = new RunQuiet(hushes, new QuietRule(s_lab), bench.Gate, "gitea", s_hook, notes.Add, static _ => { }, TimeProvider.System);
        await quiet.BeginAsync(new GateRequest { Operation = "docker_restart_container", Json = JsonSerializer.SerializeToElement(new { container = "gitea@dev" }), Caller = s_hook }, Cancellation);
        var hush = Assert.Single(await bench.Store.ListOpenHushesAsync(Cancellation)).Id;
        // Whoever undoes what nobody holds would be at it beside the run, and the proof would begin before either is done.
        var held = new List<bool>();
        bench.World.Quiet.OnUndoing = () => held.Add(hushes.IsHeld(hush));

        await quiet.DisposeAsync();

        Assert.Equal([true], held);
        Assert.False(hushes.IsHeld(hush));
        Assert.EndsWith("is resumed", notes[^1], StringComparison.Ordinal);
        Assert.Empty(await bench.Store.ListOpenHushesAsync(Cancellation));
    }
}
