using Homelab.Lab.Docker;
using Homelab.Tests;

namespace Homelab.SystemTests.Cli;

/// <summary>The program is killed while a monitor is paused for the sake of what it heals.</summary>
public sealed class CouplingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_monitor_that_was_paused_by_a_killed_process_is_active_again_after_the_next_start()
    {
        await using var bench = await CliBench.OpenAsync(static lab => lab.Replace("  kuma: { ", "  kuma: { user: admin, password: \"env:HOMELAB_SIMULATED_KUMA_PASSWORD\", ", StringComparison.Ordinal));
        var kuma = bench.Stage.Homelab.Kuma;
        var engine = bench.Stage.Homelab.Engines["dev"];
        var (process, _) = await bench.ServeAsync();
        engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang, Method = "POST", Path = "*/restart", Times = int.MaxValue });
        await bench.CrashAsync("gitea", "Gitea");
        await Eventually.HoldsAsync("the monitor is paused", () => Task.FromResult(!kuma.IsActive("Gitea")), Cancellation);
        await Eventually.HoldsAsync("the engine was asked to restart it", () => Task.FromResult(engine.Requests.Any(static r => r.Path.EndsWith("/restart", StringComparison.Ordinal))), Cancellation);

        await process.SignalAsync("KILL");
        await process.EndAsync();
        Assert.False(kuma.IsActive("Gitea"));

        engine.Recover();
        kuma.StartChecking();
        var (next, _) = await bench.ServeAsync();
        await Eventually.HoldsAsync("the monitor is active again", () => Task.FromResult(kuma.IsActive("Gitea")), Cancellation);
        await next.EventAsync("recovered", "gitea");
        Assert.True(kuma.IsActive("Gitea"));
    }
}
