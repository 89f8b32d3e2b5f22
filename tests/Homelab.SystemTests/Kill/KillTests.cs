using Homelab.Lab.Docker;
using Homelab.Tests;

namespace Homelab.SystemTests.Kill;

/// <summary>The host is killed with SIGKILL at a named point of a run, and started again: every time the outcome is right.</summary>
public sealed class KillTests
{
    // Protects from hanging only.
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<KillPoint> Points => [.. Enum.GetValues<KillPoint>().Where(p => p != KillPoint.None)];

    [Theory]
    [MemberData(nameof(Points))]
    public async Task Killed_anywhere_a_run_is_taken_up_and_nothing_is_done_twice(KillPoint point)
    {
        await using var stage = await KillStage.OpenAsync(Cancellation);
        var startsBefore = stage.Container.Starts;
        bool accepted;
        await using (var doomed = await stage.StartHostAsync(point, Cancellation))
        {
            var killing = Arm(stage, doomed, point);
            accepted = await stage.SendAlertAsync(doomed, Cancellation);
            await killing;
            Assert.True(await doomed.DiesAsync(Cancellation), "The host ended by itself.");
        }

        stage.Engine.Recover();
        await using var host = await stage.StartHostAsync(KillPoint.None, Cancellation);
        // Whoever got no 202 sends again; whoever got one was promised that nothing is lost.
        if (!accepted) Assert.True(await stage.SendAlertAsync(host, Cancellation));

        await using var store = await stage.OpenStoreAsync(Cancellation);
        await Eventually.HoldsAsync("the incident is closed and told", async () => await IsDoneAsync(store), Cancellation, Patience);
        var incident = Assert.Single(await store.ListIncidentsAsync(10, Cancellation));
        Assert.Equal(IncidentStatus.Recovered, incident.Status);
        Assert.True(stage.Container.Running);
        Assert.Equal(1, stage.Container.Starts - startsBefore);
        Assert.Empty(await store.ListOpenAsync(Cancellation));
        Assert.Single(await store.ListAlertsAsync(10, Cancellation));
        AssertTold(stage, point);
        await AssertAuditAsync(store);
    }

    [Fact]
    public async Task What_nobody_can_settle_is_escalated_and_never_called_a_success()
    {
        await using var stage = await KillStage.OpenAsync(Cancellation);
        await using (var doomed = await stage.StartHostAsync(KillPoint.AfterIntent, Cancellation))
        {
            await stage.SendAlertAsync(doomed, Cancellation);
            Assert.True(await doomed.DiesAsync(Cancellation));
        }

        await stage.Engine.GoDownAsync();
        await using var host = await stage.StartHostAsync(KillPoint.None, Cancellation);
        await using var store = await stage.OpenStoreAsync(Cancellation);
        await Eventually.HoldsAsync("the incident is closed and told", async () => await IsDoneAsync(store), Cancellation, Patience);
        Assert.Equal(IncidentStatus.Escalated, Assert.Single(await store.ListIncidentsAsync(10, Cancellation)).Status);
        Assert.False(stage.Container.Running);
        Assert.Contains(await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation), e => e.Kind == AuditKind.Settled && e.Result.StartsWith("unknown", StringComparison.Ordinal));
        Assert.Contains("Still Down", Assert.Single(stage.Telegram.Messages).Text, StringComparison.Ordinal);
    }

    /// <summary>Sees to it that a host is killed from outside, where the point is not one of its own writes. Ends when that is done.</summary>
    internal static Task Arm(KillStage stage, HostProcess doomed, KillPoint point)
    {
        switch (point)
        {
            case KillPoint.EngineBeforeEffect:
                stage.Engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang, Method = "POST", Path = "/containers/*/restart" });
                return KillWhenAsync(doomed, () => stage.Engine.Changes.Count > 0);
            case KillPoint.EngineAfterEffect:
                // The engine answers only after whoever listens to its containers has been told.
                stage.Container.StateChanged += (_, _) =>
                {
                    if (stage.Container.Running) doomed.Kill();
                };
                return Task.CompletedTask;
            case KillPoint.MessageDelivered:
                return KillWhenAsync(doomed, () => stage.Telegram.Messages.Count > 0);
            default:
                return Task.CompletedTask;
        }
    }

    private static async Task KillWhenAsync(HostProcess doomed, Func<bool> condition)
    {
        await Eventually.HoldsAsync("the moment to kill", () => Task.FromResult(condition()), Cancellation);
        doomed.Kill();
    }

    internal static async Task<bool> IsDoneAsync(IStateStore store)
    {
        var incidents = await store.ListIncidentsAsync(10, Cancellation);
        return incidents.Count > 0 && incidents.All(i => !i.IsOpen) && (await store.ListUnsentAsync(Cancellation)).Count == 0;
    }

    private static void AssertTold(KillStage stage, KillPoint point)
    {
        var told = stage.Telegram.Messages.Count(m => m.Text.Contains("Recovered", StringComparison.Ordinal));
        Assert.Equal(stage.Telegram.Messages.Count, told);
        // Between sending a message and noting that it was sent lies the one moment at which it is sent again.
        Assert.InRange(told, 1, point is KillPoint.BeforeNoticeMarked or KillPoint.MessageDelivered ? 2 : 1);
    }

    internal static async Task AssertAuditAsync(IStateStore store)
    {
        var lines = await store.ReadAuditAsync(1, Cancellation).ToListAsync(Cancellation);
        var verdict = await AuditChain.VerifyAsync(lines.ToAsyncEnumerable(), Cancellation);
        Assert.True(verdict.Intact, verdict.Reason);
        var intents = lines.Where(l => l.Kind == AuditKind.Intent).Select(l => l.Change).Order();
        var ends = lines.Where(l => l.Kind is AuditKind.Outcome or AuditKind.Settled).Select(l => l.Change).Order();
        Assert.Equal(intents, ends);
    }
}
