using Homelab.Automation.Healing;
using Homelab.Automation.Watching;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan s_every = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_start_of_all_tells_nobody_anything()
    {
        await using var bench = await HealingBench.OpenAsync(new LabDefinition(), new ManualTime());
        await bench.HeartbeatOf(s_every).BeginAsync(Cancellation);
        Assert.Empty(await bench.Store.ListUnsentAsync(Cancellation));
    }

    [Theory]
    [InlineData(false, 119, false)]
    [InlineData(false, 121, true)]
    [InlineData(true, 119, false)]
    [InlineData(true, 121, true)]
    public async Task Whoever_was_away_for_longer_than_a_restart_takes_says_so_at_the_next_start(bool hasStopped, int seconds, bool tells)
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(new LabDefinition(), time);
        await bench.Store.BeatAsync(new Pulse("other", time.GetUtcNow(), hasStopped), Cancellation);
        time.Advance(TimeSpan.FromSeconds(seconds));
        await bench.HeartbeatOf(s_every).BeginAsync(Cancellation);
        var notices = await bench.Store.ListUnsentAsync(Cancellation);
        Assert.Equal(tells ? 1 : 0, notices.Count);
        if (!tells) return;
        Assert.Contains("Nobody watched over the lab from 2026-03-04 12:00:00Z to 2026-03-04 12:02:01Z", notices[0].Text, StringComparison.Ordinal);
        Assert.Contains(hasStopped ? "was stopped" : "ended without a word", notices[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_beats_more_seldom_is_given_more_time()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(new LabDefinition(), time);
        await bench.Store.BeatAsync(new Pulse("other", time.GetUtcNow(), HasStopped: false), Cancellation);
        time.Advance(TimeSpan.FromMinutes(30));
        await bench.HeartbeatOf(TimeSpan.FromMinutes(10)).BeginAsync(Cancellation);
        Assert.Empty(await bench.Store.ListUnsentAsync(Cancellation));
    }

    [Fact]
    public async Task Each_beat_is_written_down_and_told_and_the_last_one_says_that_it_stops()
    {
        var time = new ManualTime();
        var sink = new Sink();
        await using var bench = await HealingBench.OpenAsync(new LabDefinition(), time);
        var heartbeat = bench.HeartbeatOf(s_every, sink);
        await heartbeat.BeginAsync(Cancellation);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = heartbeat.RunAsync(stopping.Token);
        for (var beat = 1; beat <= 3; beat++)
        {
            await time.WaitedForAsync(s_every);
            time.Advance(s_every);
            await sink.ToldAsync(beat);
        }

        await stopping.CancelAsync();
        await running;
        Assert.Equal(["up: well", "up: well", "up: well"], sink.Told);
        var last = await bench.Store.BeatAsync(new Pulse("next", time.GetUtcNow(), HasStopped: false), Cancellation);
        Assert.Equal(new Pulse(ProcessOwner.Current, time.GetUtcNow(), HasStopped: true), last);
    }

    [Fact]
    public async Task A_part_that_is_not_well_is_told_as_down_with_the_reason()
    {
        var time = new ManualTime();
        var sink = new Sink();
        await using var bench = await HealingBench.OpenAsync(new LabDefinition(), time);
        bench.Context.Vitals.Report("feed:docker", false, "the engine gives no answer");
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = bench.HeartbeatOf(s_every, sink).RunAsync(stopping.Token);
        await time.WaitedForAsync(s_every);
        time.Advance(s_every);
        await sink.ToldAsync(1);
        await stopping.CancelAsync();
        await running;
        Assert.Equal("down: feed:docker: the engine gives no answer", Assert.Single(sink.Told));
    }

    [Fact]
    public async Task A_listener_that_cannot_be_told_is_seen_in_the_health_and_the_next_beat_comes_all_the_same()
    {
        var time = new ManualTime();
        var sink = new Sink { Fails = true };
        await using var bench = await HealingBench.OpenAsync(new LabDefinition(), time);
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = bench.HeartbeatOf(s_every, sink).RunAsync(stopping.Token);
        for (var beat = 1; beat <= 2; beat++)
        {
            await time.WaitedForAsync(s_every);
            time.Advance(s_every);
            await sink.ToldAsync(beat);
        }

        await stopping.CancelAsync();
        await running;
        var part = Assert.Single(bench.Context.Vitals.Read(), p => p.Part == "heartbeat:test");
        Assert.False(part.IsWell);
        Assert.Contains("no answer", part.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_promised_to_report_again_and_does_not_is_not_well()
    {
        var time = new ManualTime();
        var vitals = new Vitals(time);
        vitals.Report("state", true, "can be written", TimeSpan.FromMinutes(2));
        vitals.Report("feed:docker", true, "is listened to");
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.All(vitals.Read(), p => Assert.True(p.IsWell));
        time.Advance(TimeSpan.FromSeconds(1));
        var silent = Assert.Single(vitals.Read(), p => !p.IsWell);
        Assert.Equal("state", silent.Part);
        Assert.Contains("has not been heard of since", silent.Detail, StringComparison.Ordinal);
    }

    private sealed class Sink : IHeartbeatSink
    {
        private readonly List<string> _told = [];

        public string Name => "test";

        public bool Fails { get; init; }

        public IReadOnlyList<string> Told
        {
            get
            {
                lock (_told) return [.. _told];
            }
        }

        public Task BeatAsync(string status, string message, TimeSpan? ping, CancellationToken cancellationToken)
        {
            lock (_told) _told.Add($"{status}: {message}");
            return Fails ? throw new HomelabException(ErrorKind.Unavailable, "Silent", "There is no answer.") : Task.CompletedTask;
        }

        internal Task ToldAsync(int times) => Eventually.HoldsAsync("it was told", () => Task.FromResult(Told.Count == times), Cancellation);
    }
}
