namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>What came first is told last.</summary>
internal static class Disorders
{
    private static readonly TimeSpan s_later = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(500);

    internal static Trouble UpBeforeDown { get; } = Told("its end is told before its beginning, and it is over", static async stage =>
    {
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Up, s_later));
        await stage.TellAsync();
    });

    internal static Trouble OldEndBeforeNewBeginning { get; } = Told("the end of an older failure comes after the beginning of this one", static async stage =>
    {
        stage.Break();
        await stage.TellAsync();
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Up, -s_later));
    });

    internal static Trouble OldBeginningAfterTheEnd { get; } = Told("its beginning is told once more, by another event, when all is over", static async stage =>
    {
        stage.Break();
        await stage.TellAsync();
        await stage.EndAsync();
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Up, s_later));
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Down, s_moment));
    });

    internal static Trouble ResolvedFirstInTheGroup { get; } = Told("one group has an older one resolved before the one that fires", static async stage =>
    {
        stage.Break();
        await stage.PostAsync("alertmanager", SourceBodies.Alertmanager(stage.Later(AlertStatus.Up, -s_later), stage.Telling[0]));
    });

    internal static Trouble BothInOneGroup { get; } = Told("one group has it resolved, and then firing, and it is over", static stage =>
        stage.PostAsync("alertmanager", SourceBodies.Alertmanager(stage.Later(AlertStatus.Up, s_later), stage.Telling[0])));

    internal static Trouble DependentsFirst { get; } = Told("what is down with it is told of first", static async stage =>
    {
        stage.Break();
        foreach (var told in stage.Telling.Reverse()) await stage.SayAsync(stage.Row.Origin, told);
    });

    internal static Trouble DependentsFirstAtOnce { get; } = Told("what is down with it comes before it in one answer", static stage =>
    {
        stage.Break();
        return stage.SayAsync(stage.Row.Origin, [.. stage.Telling.Reverse()]);
    });

    internal static Trouble OldHeartbeat { get; } = Told("an older heartbeat, in which all is well, comes last", static async stage =>
    {
        var now = stage.Clock.GetUtcNow();
        stage.Break();
        await stage.PostAsync("beszel", SourceBodies.BeszelHeartbeat(now, stage.Row.Scenario.Service));
        await stage.PostAsync("beszel", SourceBodies.BeszelHeartbeat(now - s_later));
    });

    private static Trouble Told(string text, Func<FaultStage, Task> playAsync) => new(FaultWord.OutOfOrder, text, async stage =>
    {
        await stage.StartAsync();
        await playAsync(stage);
    });
}
