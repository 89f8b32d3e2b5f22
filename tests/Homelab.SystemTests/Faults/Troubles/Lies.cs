using Homelab.Lab.Docker;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>Somebody says what is not so.</summary>
internal static class Lies
{
    private static readonly TimeSpan s_moment = TimeSpan.FromSeconds(2);

    internal static Trouble NothingIsWrong { get; } = new(FaultWord.Lie, "nothing is wrong at all", static async stage =>
    {
        await stage.StartAsync();
        await stage.TellAsync();
    });

    internal static Trouble NothingIsWrongSaysAPerson { get; } = new(FaultWord.Lie, "nothing is wrong; a person is asked before anything is done, and says no", static async stage =>
    {
        stage.Answer = false;
        await stage.StartAsync();
        await stage.TellAsync();
    });

    internal static Trouble ItIsUp { get; } = new(FaultWord.Lie, "it says at once that all is well again, and nothing is", static async stage =>
    {
        await Usual.TellAsync(stage);
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Up, s_moment));
    });

    internal static Trouble MonitorSaysUp { get; } = Usual.From(FaultWord.Lie, "the monitor says that it is up", static s => s.FreezeMonitoring());

    internal static Trouble Engine { get; } = Usual.From(FaultWord.Lie, "the engine says of every change that it is done, and does nothing; a person does not want more done", static s => Usual.FailForGood(s, EngineFaultKind.Lie));

    internal static Trouble EngineOnce { get; } = Usual.From(FaultWord.Lie, "the engine says of the first change that it is done, and does nothing", static s => s.FailEngines(Usual.Engine(EngineFaultKind.Lie, times: 1)));

    internal static Trouble BackByItself { get; } = new(FaultWord.Lie, "what died is back by itself before anybody looks", static async stage =>
    {
        await stage.StartAsync();
        stage.Break();
        stage.Container(stage.Row.Scenario.Service).Start();
        await stage.TellAsync();
        await stage.OpenedAsync();
    });

    internal static Trouble OtherMachine { get; } = new(FaultWord.Lie, "it is about the same name on another machine", static async stage =>
    {
        await stage.StartAsync();
        await stage.SayAsync(stage.Row.Origin, stage.Telling[0] with { Host = "ai" });
    });
}
