using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>Somebody else holds the store's lock.</summary>
internal static class HeldStores
{
    private static readonly TimeSpan s_while = TimeSpan.FromSeconds(1);

    internal static Trouble ForAWhileAtTheAlert { get; } = new(FaultWord.StoreLocked, "held for a second as the alert comes", static async stage =>
    {
        await stage.StartAsync();
        Task<int> told;
        using (stage.Hold.Lock())
        {
            stage.Break();
            told = stage.TryTellAsync();
            await stage.LastAsync(s_while);
            if (stage.Row.Origin < AlertOrigin.DockerEvents && stage.Row.Origin != AlertOrigin.Prometheus && told.IsCompleted) throw new InvalidOperationException("It was answered before it was written down.");
        }

        await told;
    });

    internal static Trouble ForLongAtTheAlert { get; } = new(FaultWord.StoreLocked, "held for longer than we wait, as the alert comes; it is sent again", static async stage =>
    {
        await stage.StartAsync();
        stage.Break();
        // Until the door has answered, which is when it has waited long enough.
        using (stage.Hold.Lock()) await stage.TryTellAsync();
        await stage.TellUntilTakenAsync();
    });

    internal static Trouble ForLongAtTheEvent { get; } = new(FaultWord.StoreLocked, "held for longer than we wait, as something is heard that nobody sends again", static async stage =>
    {
        await stage.StartAsync();
        using (stage.Hold.Lock())
        {
            stage.Break();
            await stage.TellAsync();
            await Eventually.HoldsAsync("it is not written down", () => Task.FromResult(stage.Events.All.Any(static e => e.Kind == HealingEventKind.Trouble && e.Text.Contains("feed", StringComparison.Ordinal))), stage.Cancellation);
        }
    });

    internal static Trouble ForAWhileDuringTheChange { get; } = new(FaultWord.StoreLocked, "held for a second while the change is under way", static async stage =>
    {
        await Usual.TellAndBeAskedAsync(stage);
        using (stage.Hold.Lock()) await stage.LastAsync(s_while);
    });

    internal static Trouble ForLongDuringTheChange { get; } = new(FaultWord.StoreLocked, "held for longer than we wait, while the change is under way", static async stage =>
    {
        await Usual.TellAndBeAskedAsync(stage);
        using (stage.Hold.Lock()) await stage.SeenAsync(HealingEventKind.Trouble);
    });
}
