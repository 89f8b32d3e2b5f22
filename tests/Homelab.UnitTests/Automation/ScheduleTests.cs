using Homelab.Automation.Healing;
using Homelab.Tests;
using static Homelab.UnitTests.Automation.RequestCase;

namespace Homelab.UnitTests.Automation;

public sealed class ScheduleTests
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_runbook_runs_at_its_times_in_the_clock_s_name()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every());
        await bench.Schedule.StartAsync(Cancellation);
        for (var i = 1; i <= 3; i++)
        {
            await time.WaitedForAsync(s_every);
            time.Advance(s_every);
            await bench.UntilAsync(HealingEventKind.RunEnded, times: i);
            await FreeAsync(bench);
        }

        Assert.Equal(3, bench.World.Restarts("redis"));
        var runs = await bench.Store.ListRunsAsync(new RunFilter { Face = Face.Schedule }, Cancellation);
        Assert.All(runs, r => Assert.Equal((Clock, RunStatus.Done), (r.Caller, r.Status)));
        var entry = Assert.Single(await bench.Schedule.ListAsync(Cancellation));
        Assert.Equal(("nightly", "every 10s", "UTC", (string?)null), (entry.Runbook, entry.Expression, entry.TimeZone, entry.Service));
        Assert.Equal((time.GetUtcNow(), time.GetUtcNow() + s_every, RunStatus.Done), (entry.LastAt, entry.NextAt!.Value, entry.LastStatus));
    }

    [Fact]
    public async Task Two_keepers_of_one_state_fire_each_moment_once()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every());
        await using (var other = await bench.BesideAsync())
        {
            await bench.Schedule.StartAsync(Cancellation);
            await other.Schedule.StartAsync(Cancellation);
            for (var i = 1; i <= 5; i++)
            {
                await time.WaitedForAsync(s_every);
                time.Advance(s_every);
                await Eventually.HoldsAsync($"moment {i} is over", () => Task.FromResult(Ended(bench) + Ended(other) == i), Cancellation);
                await FreeAsync(bench);
            }

            await other.Schedule.DisposeAsync();
            await bench.Schedule.DisposeAsync();
            Assert.Equal((5, 5), (bench.World.Restarts("redis"), Count(bench, HealingEventKind.ScheduleFired) + Count(other, HealingEventKind.ScheduleFired)));
        }

        Assert.Equal(5, (await bench.Store.ListRunsAsync(new RunFilter(), Cancellation)).Count);
    }

    [Fact]
    public async Task A_moment_that_comes_while_the_last_run_waits_is_skipped_and_told_and_the_run_goes_on_after_the_answer()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every(approve: true));
        await bench.Schedule.StartAsync(Cancellation);
        await time.WaitedForAsync(s_every);
        time.Advance(s_every);
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded);
        await time.WaitedForAsync(s_every);
        time.Advance(s_every);
        Assert.Contains("has not ended", (await bench.UntilAsync(HealingEventKind.ScheduleSkipped)).Text, StringComparison.Ordinal);

        var question = Assert.Single(await bench.Approvals.ListPendingAsync(Cancellation));
        await bench.Approvals.ApproveAsync(question.Id, "cli:ben", typedTarget: null, Cancellation);
        await Eventually.HoldsAsync("the run goes on", () => Task.FromResult(Polled(time, bench)), Cancellation);

        Assert.Equal(1, bench.World.Restarts("redis"));
        Assert.Equal(RunStatus.Done, Assert.Single(await bench.Schedule.ListAsync(Cancellation)).LastStatus);
        Assert.Equal(1, Count(bench, HealingEventKind.ScheduleFired));
    }

    [Fact]
    public async Task A_run_that_waits_for_an_answer_is_gone_on_with_after_a_restart()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every(approve: true));
        await bench.Schedule.StartAsync(Cancellation);
        await time.WaitedForAsync(s_every);
        time.Advance(s_every);
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded);
        await bench.RestartAsync();
        var question = Assert.Single(await bench.Approvals.ListPendingAsync(Cancellation));
        await bench.Approvals.ApproveAsync(question.Id, "cli:ben", typedTarget: null, Cancellation);

        await bench.Schedule.StartAsync(Cancellation);

        await bench.UntilAsync(HealingEventKind.RunEnded);
        Assert.Equal(1, bench.World.Restarts("redis"));
    }

    [Fact]
    public async Task What_was_missed_is_told_once_and_not_made_up_for()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every());
        await bench.Schedule.StartAsync(Cancellation);
        await bench.Schedule.DisposeAsync();
        // Five minutes, of which the last half is only late.
        time.Advance(TimeSpan.FromMinutes(5));
        await using var next = await bench.BesideAsync();
        await using var another = await bench.BesideAsync();

        await next.Schedule.StartAsync(Cancellation);
        await another.Schedule.StartAsync(Cancellation);

        Assert.Contains("27 times", (await next.UntilAsync(HealingEventKind.ScheduleMissed)).Text, StringComparison.Ordinal);
        int Both(HealingEventKind kind) => Count(next, kind) + Count(another, kind);
        await Eventually.HoldsAsync("what is late is fired, or skipped behind it", () => Task.FromResult(Both(HealingEventKind.ScheduleFired) + Both(HealingEventKind.ScheduleSkipped) == 3), Cancellation);
        await Eventually.HoldsAsync("what was fired has ended", () => Task.FromResult(Both(HealingEventKind.RunEnded) == Both(HealingEventKind.ScheduleFired)), Cancellation);
        Assert.Equal(0, Count(another, HealingEventKind.ScheduleMissed));
        Assert.InRange(bench.World.Restarts("redis"), 1, 3);
    }

    [Fact]
    public async Task One_run_makes_up_for_all_that_was_missed_where_the_runbook_says_so()
    {
        var time = new ManualTime();
        var hourly = Every() with { Trigger = new RunbookTrigger { Schedule = new ScheduleTrigger { Every = TimeSpan.FromHours(1), Misfire = MisfirePolicy.Once } } };
        await using var bench = await HealingBench.OpenAsync(Home, time, hourly);
        await bench.Schedule.StartAsync(Cancellation);
        await bench.Schedule.DisposeAsync();
        time.Advance(TimeSpan.FromHours(5.5));
        await using var next = await bench.BesideAsync();
        await using var another = await bench.BesideAsync();

        await next.Schedule.StartAsync(Cancellation);
        await another.Schedule.StartAsync(Cancellation);

        Assert.Contains("5 times", (await next.UntilAsync(HealingEventKind.ScheduleMissed)).Text, StringComparison.Ordinal);
        await next.UntilAsync(HealingEventKind.RunEnded);
        Assert.Equal(1, bench.World.Restarts("redis"));
        Assert.Equal(0, Count(another, HealingEventKind.ScheduleFired));
    }

    [Fact]
    public async Task Jitter_puts_a_moment_off_by_the_same_in_every_process_and_never_by_more()
    {
        var jitter = TimeSpan.FromMinutes(20);
        var time = new ManualTime();
        var hourly = Every() with { Trigger = new RunbookTrigger { Schedule = new ScheduleTrigger { Every = TimeSpan.FromHours(1), Jitter = jitter } } };
        await using var bench = await HealingBench.OpenAsync(Home, time, hourly);
        await using var another = await bench.BesideAsync();
        var delays = new List<TimeSpan>();
        for (var hour = 0; hour < 24; hour++)
        {
            var next = Assert.Single(await bench.Schedule.ListAsync(Cancellation)).NextAt!.Value;
            Assert.Equal(next, Assert.Single(await another.Schedule.ListAsync(Cancellation)).NextAt);
            delays.Add(TimeSpan.FromTicks(next.UtcTicks % TimeSpan.TicksPerHour));
            time.Advance(TimeSpan.FromHours(1));
        }

        Assert.All(delays, d => Assert.InRange(d, TimeSpan.Zero, jitter));
        Assert.True(delays.Distinct().Count() > 20, "They are spread, and not all put off alike.");
    }

    [Fact]
    public async Task While_healing_is_suspended_the_clock_sets_nothing_off()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every());
        await bench.Schedule.StartAsync(Cancellation);
        await bench.Store.SetSuspensionAsync(new Suspension("cli:anna", "moving the rack", time.GetUtcNow(), Until: null), Cancellation);
        await time.WaitedForAsync(s_every);
        time.Advance(s_every);
        Assert.Contains("moving the rack", (await bench.UntilAsync(HealingEventKind.ScheduleSkipped)).Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Theory]
    [InlineData("2026-03-29T00:59:30Z", true)]
    [InlineData("2026-03-29T00:29:30Z", false)]
    [InlineData("2026-10-25T00:29:30Z", true)]
    [InlineData("2026-10-25T01:29:30Z", false)]
    public async Task On_the_days_when_clocks_change_half_past_two_comes_exactly_once(string halfAMinuteBefore, bool fires)
    {
        var time = new ManualTime(DateTimeOffset.Parse(halfAMinuteBefore));
        var schedule = new ScheduleTrigger { Cron = "30 2 * * *", TimeZone = "Europe/Berlin" };
        await using var bench = await HealingBench.OpenAsync(Home, time, Every() with { Trigger = new RunbookTrigger { Schedule = schedule } });
        await bench.Schedule.StartAsync(Cancellation);
        await time.WaitedForAsync(TimeSpan.FromSeconds(fires ? 30 : 60));
        time.Advance(TimeSpan.FromSeconds(fires ? 30 : 60));

        if (fires) await bench.UntilAsync(HealingEventKind.RunEnded);
        // It waits again, so it has decided.
        else await time.WaitedForAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(fires ? 1 : 0, bench.World.Restarts("redis"));
    }

    [Fact]
    public async Task What_the_throttle_holds_is_told_as_skipped()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Home, time, Every() with { Throttle = new RunbookThrottle { Attempts = 1, Per = TimeSpan.FromHours(1) } });
        await bench.Schedule.StartAsync(Cancellation);
        for (var i = 0; i < 2; i++)
        {
            await time.WaitedForAsync(s_every);
            time.Advance(s_every);
            if (i == 0) await bench.UntilAsync(HealingEventKind.RunEnded);
            await FreeAsync(bench);
        }

        Assert.Contains("1 are allowed", (await bench.UntilAsync(HealingEventKind.ScheduleSkipped)).Text, StringComparison.Ordinal);
        Assert.Equal(1, bench.World.Restarts("redis"));
    }

    private static Runbook Every(bool approve = false) => Nightly(Step("restart", "docker_restart_container", "redis@dev") with { Approve = approve }) with
    {
        Trigger = new RunbookTrigger { Schedule = new ScheduleTrigger { Every = s_every } },
    };

    private static Task FreeAsync(HealingBench bench) =>
        Eventually.HoldsAsync("the moment is over", async () => (await bench.Store.FindScheduleAsync("nightly", Cancellation))!.Owner is null, Cancellation);

    private static int Ended(HealingBench bench) => Count(bench, HealingEventKind.RunEnded);

    private static int Count(HealingBench bench, HealingEventKind kind) => bench.Events.Count(e => e.Kind == kind);

    private static bool Polled(ManualTime time, HealingBench bench)
    {
        time.Advance(TimeSpan.FromMilliseconds(10));
        return Ended(bench) == 1;
    }
}
