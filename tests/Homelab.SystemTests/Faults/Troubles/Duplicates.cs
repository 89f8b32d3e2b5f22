using Homelab.Tests;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>The same is told more than once.</summary>
internal static class Duplicates
{
    private const int Many = 20;

    internal static Trouble AtOnce { get; } = Again("the same delivery comes twenty times at once", static stage => Task.WhenAll(Enumerable.Range(0, Many).Select(_ => stage.TellAsync())));

    internal static Trouble Afterwards { get; } = Again("the same delivery comes again when all is over", static async stage =>
    {
        await stage.TellAsync();
        await stage.EndAsync();
        await stage.TellAsync();
    });

    internal static Trouble OtherSources { get; } = Again("four other sources tell of the same", static async stage =>
    {
        await stage.TellAsync();
        await Task.WhenAll(new[] { AlertOrigin.Kuma, AlertOrigin.Alertmanager, AlertOrigin.Netdata, AlertOrigin.Json }.Select(origin => stage.SayAsync(origin, stage.Telling)));
    });

    internal static Trouble PairOfTwo { get; } = Again("both of a highly available pair send the group, and send it again", static async stage =>
    {
        await Task.WhenAll(stage.TellAsync(), stage.TellAsync());
        await stage.TellAsync();
    });

    internal static Trouble OtherForm { get; } = Again("it comes as a notification and in the next heartbeats too", static async stage =>
    {
        await stage.TellAsync();
        for (var minute = 0; minute < 3; minute++) await stage.PostAsync("beszel", SourceBodies.BeszelHeartbeat(stage.Clock.GetUtcNow().AddMinutes(minute), stage.Row.Scenario.Service));
    });

    internal static Trouble Resent { get; } = Again("it is sent again as a later event while it is worked on", static async stage =>
    {
        await stage.TellAsync();
        for (var second = 1; second <= 3; second++) await stage.SayAsync(stage.Row.Origin, stage.Later(stage.Row.Scenario.Status, TimeSpan.FromSeconds(second)));
    });

    internal static Trouble StillFiring { get; } = Again("it still fires in the answers that follow, also after a restart of ours", static async stage =>
    {
        await stage.TellAsync();
        await stage.EndAsync();
        var asked = stage.Prometheus.Connections;
        await stage.RestartAsync();
        await Eventually.HoldsAsync("Prometheus is asked again", () => Task.FromResult(stage.Prometheus.Connections > asked), stage.Cancellation);
    });

    internal static Trouble EventsToldAgain { get; } = Again("the engine's connection breaks, and it tells its events again", static async stage =>
    {
        foreach (var engine in stage.Homelab.Engines.Values)
        {
            await engine.GoDownAsync();
            await engine.ComeUpAsync(stage.Cancellation);
        }
    });

    private static Trouble Again(string text, Func<FaultStage, Task> tellAsync) => new(FaultWord.Duplicate, text, async stage =>
    {
        await stage.StartAsync();
        stage.Break();
        await tellAsync(stage);
    });
}
