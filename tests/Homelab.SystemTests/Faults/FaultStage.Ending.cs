using Homelab.Automation.Healing;
using Homelab.Lab.Docker;
using Homelab.Tests;

namespace Homelab.SystemTests.Faults;

/// <content>What may be waited for.</content>
internal sealed partial class FaultStage
{
    /// <summary>Waits until nothing is open, and everybody has been told.</summary>
    internal async Task EndAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await IsOverAsync())
        {
            await AnswerAsync();
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    /// <summary>Waits until an engine or a hypervisor has been asked to change something.</summary>
    internal Task AskedToChangeAsync() => Eventually.HoldsAsync("a change is asked for", async () =>
    {
        await AnswerAsync();
        return RowJudge.ChangesOf(this).Count > 0;
    }, Cancellation);

    /// <summary>Waits until an event of healing has come.</summary>
    internal Task SeenAsync(HealingEventKind kind) => Eventually.HoldsAsync($"{kind}", () => Task.FromResult(Events.All.Any(e => e.Kind == kind)), Cancellation);

    /// <summary>Waits until the incident is open.</summary>
    internal Task OpenedAsync() => Eventually.HoldsAsync("the incident is open", async () => (await Store.ListIncidentsAsync(10, Cancellation)).Count > 0, Cancellation);

    /// <summary>Waits until a question stands and a person was told of it.</summary>
    internal async Task QuestionAsync()
    {
        await Eventually.HoldsAsync("a person is asked", async () => (await Store.ListApprovalsAsync(ApprovalStatus.Pending, Cancellation)).Count > 0, Cancellation);
        // And that he was told is written down: whoever ends before that tells him again.
        await SeenAsync(HealingEventKind.NoticeSent);
    }

    /// <summary>Lets so much time go by: the length of a fault that somebody else would end.</summary>
    internal async Task LastAsync(TimeSpan length)
    {
        using var timer = new PeriodicTimer(length);
        await timer.WaitForNextTickAsync(Cancellation);
    }

    /// <summary>Lets every engine do something wrong.</summary>
    internal void FailEngines(EngineFault fault)
    {
        foreach (var engine in Homelab.Engines.Values) engine.Fail(fault);
    }

    private async Task<bool> IsOverAsync()
    {
        var incidents = await Store.ListIncidentsAsync(100, Cancellation);
        if (incidents.Any(static i => i.IsOpen)) return false;
        if (Row.End != RowEnd.Nothing && !incidents.Any(i => i.Service == Row.Scenario.Service)) return false;
        // Who is told is told after the incident is closed.
        return (await Store.ListUnsentAsync(Cancellation)).Count == 0;
    }

    private async Task AnswerAsync()
    {
        if (Answer is not { } yes || _runtime is null) return;
        foreach (var approval in await _runtime.Approvals.ListPendingAsync(Cancellation))
        {
            if (yes) await _runtime.Approvals.ApproveAsync(approval.Id, "cli:person", typedTarget: null, Cancellation);
            else await _runtime.Approvals.DenyAsync(approval.Id, "cli:person", Cancellation);
        }
    }
}
