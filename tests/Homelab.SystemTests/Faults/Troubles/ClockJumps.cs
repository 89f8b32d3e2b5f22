using Homelab.Lab.Services;
using Homelab.Tests;

namespace Homelab.SystemTests.Faults.Troubles;

/// <summary>The clock of the machine is set by two hours; what the others' clocks show stays.</summary>
internal static class ClockJumps
{
    private static readonly TimeSpan s_hours = TimeSpan.FromHours(2);

    // As long as a service takes that starts, longer than one look.
    private static readonly TimeSpan s_start = TimeSpan.FromSeconds(1);

    internal static Trouble ForwardDuringTheChange { get; } = DuringTheChange("two hours forward while the change is under way", s_hours);

    internal static Trouble BackDuringTheChange { get; } = DuringTheChange("two hours back while the change is under way", -s_hours);

    internal static Trouble ForwardDuringTheProof { get; } = DuringTheProof("two hours forward while it is looked whether it helped", s_hours);

    internal static Trouble BackDuringTheProof { get; } = DuringTheProof("two hours back while it is looked whether it helped", -s_hours);

    internal static Trouble ForwardWhileItWaits { get; } = WhileItWaits("two hours forward while it waits for its time", s_hours);

    internal static Trouble BackWhileItWaits { get; } = WhileItWaits("two hours back while it waits for its time", -s_hours);

    internal static Trouble ForwardAndAgain { get; } = AndAgain("two hours forward when it is healed; then it fails again", s_hours);

    internal static Trouble BackAndAgain { get; } = AndAgain("two hours back when it is healed; then it fails again", -s_hours);

    internal static Trouble BackDuringTheQuestion { get; } = new(FaultWord.ClockJump, "two hours back while a person is asked, who then says yes", static async stage =>
    {
        await AskAsync(stage, -s_hours);
        stage.Answer = true;
    });

    internal static Trouble ForwardDuringTheQuestion { get; } = new(FaultWord.ClockJump, "two hours forward while a person is asked: the time that was told is over", static stage => AskAsync(stage, s_hours));

    private static async Task AskAsync(FaultStage stage, TimeSpan by)
    {
        stage.Answer = null;
        await Usual.TellAsync(stage);
        await stage.QuestionAsync();
        stage.Clock.Jump(by);
    }

    private static Trouble DuringTheChange(string text, TimeSpan by) => new(FaultWord.ClockJump, text, async stage =>
    {
        await Usual.TellAndBeAskedAsync(stage);
        stage.Clock.Jump(by);
    });

    private static Trouble DuringTheProof(string text, TimeSpan by) => new(FaultWord.ClockJump, text, async stage =>
    {
        var (container, service) = (stage.Container(stage.Row.Scenario.Service), stage.Homelab.ServiceOf(stage.Row.Scenario.Service));
        var starts = container.Starts;
        Task started = Task.CompletedTask;
        container.StateChanged += (_, _) =>
        {
            if (container.Starts == starts) return;
            starts = container.Starts;
            service.Fault = ServiceFault.Refuse;
            started = StartAsync();
        };
        await Usual.TellAsync(stage);
        await Eventually.HoldsAsync("it is looked whether it helped", async () => (await stage.Store.ListOpenIncidentsAsync(stage.Cancellation)).Any(static i => i.Status == IncidentStatus.Verifying), stage.Cancellation);
        stage.Clock.Jump(by);
        await started;

        async Task StartAsync()
        {
            await stage.LastAsync(s_start);
            service.Fault = ServiceFault.None;
        }
    });

    private static Trouble WhileItWaits(string text, TimeSpan by) => new(FaultWord.ClockJump, text, async stage =>
    {
        await Usual.TellAsync(stage);
        await stage.OpenedAsync();
        stage.Clock.Jump(by);
    });

    private static Trouble AndAgain(string text, TimeSpan by) => new(FaultWord.ClockJump, text, async stage =>
    {
        await Usual.TellAsync(stage);
        await stage.EndAsync();
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Up, TimeSpan.FromSeconds(1)));
        // Our own looks must have seen that it is up, to be able to see that it is down again.
        await stage.LastAsync(TimeSpan.FromSeconds(3));
        stage.Clock.Jump(by);
        stage.Break();
        // Their clocks were not set.
        await stage.SayAsync(stage.Row.Origin, stage.Later(AlertStatus.Down, TimeProvider.System.GetUtcNow() - stage.Telling[0].At));
        await Eventually.HoldsAsync("it is healed a second time", () => Task.FromResult(RowJudge.ChangesOf(stage).Count > 1), stage.Cancellation);
    });
}
