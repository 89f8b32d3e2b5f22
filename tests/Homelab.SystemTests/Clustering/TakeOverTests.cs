using Homelab.Lab.Docker;
using Homelab.SystemTests.Kill;
using Homelab.Tests;

namespace Homelab.SystemTests.Clustering;

/// <summary>Two hosts on one state: the one that works dies or freezes at a named point of a run, and the other one finishes it.</summary>
public sealed class TakeOverTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<KillPoint> Deaths =>
    [
        KillPoint.AfterAlert, KillPoint.AfterRun, KillPoint.AfterIntent, KillPoint.EngineBeforeEffect, KillPoint.EngineAfterEffect, KillPoint.BeforeOutcome,
        KillPoint.AfterOutcome, KillPoint.AfterSteps, KillPoint.BeforeNoticeMarked,
    ];

    public static TheoryData<KillPoint> Freezes =>
        [KillPoint.AfterAlert, KillPoint.AfterRun, KillPoint.BeforeIntent, KillPoint.AfterIntent, KillPoint.BeforeOutcome, KillPoint.AfterSteps, KillPoint.BeforeClosed];

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task What_a_host_was_doing_when_it_was_killed_the_other_one_finishes(KillPoint point)
    {
        await using var stage = await KillStage.OpenAsync(Cancellation, await DatabaseAsync());
        var startsBefore = stage.Container.Starts;
        await using var doomed = await stage.StartHostAsync(point, Cancellation);
        await using var other = await stage.StartHostAsync(KillPoint.None, Cancellation);
        // It sleeps until then: what a busy machine holds the first one up with for as long as its lease, the other one would take from it.
        await other.FreezeAsync(Cancellation);
        var killing = KillTests.Arm(stage, doomed, point);

        await stage.SendAlertAsync(doomed, Cancellation);
        await killing;
        Assert.True(await doomed.DiesAsync(Cancellation), "The host ended by itself.");
        stage.Engine.Recover();
        await other.GoOnAsync(Cancellation);

        await AssertHealedOnceAsync(stage, startsBefore, mayTellTwice: point == KillPoint.BeforeNoticeMarked);
    }

    [Fact]
    public async Task Hosts_that_share_a_file_on_one_machine_finish_each_other_s_work_too()
    {
        await using var stage = await KillStage.OpenAsync(Cancellation);
        var startsBefore = stage.Container.Starts;
        await using var doomed = await stage.StartHostAsync(KillPoint.AfterIntent, Cancellation);
        await using var other = await stage.StartHostAsync(KillPoint.None, Cancellation);

        await stage.SendAlertAsync(doomed, Cancellation);
        Assert.True(await doomed.DiesAsync(Cancellation), "The host ended by itself.");

        await AssertHealedOnceAsync(stage, startsBefore, mayTellTwice: false);
    }

    [Theory]
    [MemberData(nameof(Freezes))]
    public async Task A_host_that_was_frozen_beyond_its_lease_does_nothing_when_it_wakes(KillPoint point)
    {
        await using var stage = await KillStage.OpenAsync(Cancellation, await DatabaseAsync());
        var startsBefore = stage.Container.Starts;
        await using var frozen = await stage.StartHostAsync(point, Cancellation, SuddenEnd.Freeze);
        await using var other = await stage.StartHostAsync(KillPoint.None, Cancellation);
        await other.FreezeAsync(Cancellation);
        var alert = stage.SendAlertAsync(frozen, Cancellation);
        await Eventually.HoldsAsync("the host is frozen", () => Task.FromResult(frozen.IsFrozen), Cancellation);
        await other.GoOnAsync(Cancellation);
        await AssertHealedOnceAsync(stage, startsBefore, mayTellTwice: false);

        await frozen.GoOnAsync(Cancellation);

        // Before it has answered it may not even have begun.
        Assert.True(await alert);
        await Eventually.HoldsAsync("the woken host has left its work", async () => await stage.ActiveAsync(frozen, Cancellation) == 0, Cancellation);
        await AssertHealedOnceAsync(stage, startsBefore, mayTellTwice: false);
    }

    private static async Task<string> DatabaseAsync() => await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    private static async Task AssertHealedOnceAsync(KillStage stage, int startsBefore, bool mayTellTwice)
    {
        await using var store = await stage.OpenStoreAsync(Cancellation);
        await Eventually.HoldsAsync("the incident is closed and told", async () => await KillTests.IsDoneAsync(store), Cancellation, KillTests.Patience);
        Assert.Equal(IncidentStatus.Recovered, Assert.Single(await store.ListIncidentsAsync(10, Cancellation)).Status);
        Assert.True(stage.Container.Running);
        Assert.Equal(1, stage.Container.Starts - startsBefore);
        Assert.Empty(await store.ListOpenAsync(Cancellation));
        Assert.InRange(stage.Telegram.Messages.Count, 1, mayTellTwice ? 2 : 1);
        await KillTests.AssertAuditAsync(store);
    }
}
