using Homelab.Lab.Docker;
using Homelab.SystemTests.Kill;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>The program ends in the middle. A process of its own is killed with SIGKILL; otherwise it is stopped without finishing anything.</summary>
internal static class Kills
{
    internal static Trouble BeforeTheAlertIsKept { get; } = Child(KillPoint.BeforeAlert, "SIGKILL before the alert is written down; the sender repeats it");

    internal static Trouble AfterTheAlertIsKept { get; } = Child(KillPoint.AfterAlert, "SIGKILL when the alert is written down and not yet answered; the sender repeats it");

    internal static Trouble AfterTheIntent { get; } = Child(KillPoint.AfterIntent, "SIGKILL between the written intent and the deed");

    internal static Trouble BeforeTheOutcome { get; } = Child(KillPoint.BeforeOutcome, "SIGKILL after the deed, before its outcome is written down");

    internal static Trouble BeforeItIsClosed { get; } = Child(KillPoint.BeforeClosed, "SIGKILL when it is proved, before that is written down");

    internal static Trouble WhileTheEngineHangs { get; } = new(FaultWord.Kill, "SIGKILL while the engine has the request and has done nothing", static async stage =>
    {
        stage.FailEngines(Usual.Engine(EngineFaultKind.Hang, times: 1));
        await stage.StartChildAsync(KillPoint.None);
        stage.Break();
        await stage.TellAsync();
        await stage.AskedToChangeAsync();
        stage.KillChild();
        await stage.ChildDiesAsync();
        await stage.StartChildAsync(KillPoint.None);
    });

    internal static Trouble DuringTheChange { get; } = new(FaultWord.Kill, "stopped and started anew while the change is under way", static async stage =>
    {
        await Usual.TellAndBeAskedAsync(stage);
        await stage.RestartAsync();
    });

    internal static Trouble WhileAPersonIsAsked { get; } = new(FaultWord.Kill, "stopped and started anew while a person is asked", static async stage =>
    {
        stage.Answer = null;
        await Usual.TellAsync(stage);
        await stage.QuestionAsync();
        await stage.RestartAsync();
        stage.Answer = true;
    });

    private static Trouble Child(KillPoint point, string text) => new(FaultWord.Kill, text, async stage =>
    {
        await stage.StartChildAsync(point);
        stage.Break();
        var accepted = await stage.TryTellAsync() == 202;
        await stage.ChildDiesAsync();
        await stage.StartChildAsync(KillPoint.None);
        // Whoever got no 202 sends again; whoever got one was promised that nothing is lost.
        if (!accepted) await stage.TellUntilTakenAsync();
    });
}
