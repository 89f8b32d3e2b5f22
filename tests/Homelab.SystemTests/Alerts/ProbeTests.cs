using Homelab.Automation.Healing;
using Homelab.SystemTests.Web;

namespace Homelab.SystemTests.Alerts;

/// <summary>A homelab without any monitor: what dies is found by our own looks, and healed.</summary>
public sealed class ProbeTests
{
    [Fact]
    public async Task A_service_that_dies_is_found_and_healed_though_nobody_sends_an_alert()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var bench = await WebBench.OpenAsync(cancellation, static lab => lab.Replace("server: {", "server: { probeEvery: 5s,", StringComparison.Ordinal));
        bench.Stage.Homelab.ContainerOf("gitea").Crash(137);
        bench.Stage.Homelab.Kuma.StartChecking();
        var run = await bench.Events.FirstAsync(HealingEventKind.RunStarted, "gitea", cancellation);
        Assert.Equal(HealingEventKind.Recovered, await bench.Events.EndOfAsync(run.Incident, cancellation));
        Assert.Contains(await bench.Runtime.Store.ListAlertsAsync(10, cancellation), static a => a is { Hook: "probe", Service: "gitea", Alert.Status: AlertStatus.Down });
        Assert.Single(bench.Stage.Homelab.Changes);
    }
}
