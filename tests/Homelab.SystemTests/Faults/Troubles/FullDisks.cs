using Homelab.Automation.Healing;
using Homelab.Lab.Docker;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>The store has no room: SQLite itself says that its file may not grow.</summary>
internal static class FullDisks
{
    internal static Trouble AtTheAlert { get; } = new(FaultWord.DiskFull, "no room for the alert; it is sent again when there is", static async stage =>
    {
        await stage.StartAsync();
        await stage.Hold.FillAsync();
        stage.Break();
        await stage.TryTellAsync();
        if ((await stage.Store.ListAlertsAsync(10, stage.Cancellation)).Count > 0) throw new InvalidOperationException("What was refused was kept.");
        stage.Hold.MakeRoom();
        await stage.TellUntilTakenAsync();
    });

    internal static Trouble AtTheEvent { get; } = new(FaultWord.DiskFull, "no room for what is heard, which nobody sends again; then there is", static async stage =>
    {
        await stage.StartAsync();
        await stage.Hold.FillAsync();
        stage.Break();
        await stage.TellAsync();
        await stage.SeenAsync(HealingEventKind.Trouble);
        stage.Hold.MakeRoom();
    });

    internal static Trouble WhenItIsOpen { get; } = new(FaultWord.DiskFull, "no room from the moment the incident is open; then there is", static async stage =>
    {
        // It takes its time with the first look, so that the room is gone before anything is done.
        stage.FailEngines(new EngineFault { Kind = EngineFaultKind.Slow, Method = "GET", Path = "/containers/*/*", Delay = TimeSpan.FromSeconds(1), Times = 2 });
        await Usual.TellAsync(stage);
        await stage.OpenedAsync();
        await stage.Hold.FillAsync();
        await stage.SeenAsync(HealingEventKind.Trouble);
        if (RowJudge.ChangesOf(stage).Count > 0) throw new InvalidOperationException("A change was made that could not be written down.");
        stage.Hold.MakeRoom();
    });

    internal static Trouble DuringTheChange { get; } = new(FaultWord.DiskFull, "no room for the outcome of the change; then there is", static async stage =>
    {
        await Usual.TellAndBeAskedAsync(stage);
        await stage.Hold.FillAsync();
        await stage.SeenAsync(HealingEventKind.Trouble);
        stage.Hold.MakeRoom();
    });
}
