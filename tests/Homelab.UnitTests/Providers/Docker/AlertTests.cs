using Homelab.Lab.Docker;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class AlertTests
{
    private readonly ManualTime _time = new();
    private readonly ContainerActs _acts;
    private readonly DockerAlertReader _reader;
    private long _at = 1_000_000_000_000;

    public AlertTests()
    {
        _acts = new ContainerActs(_time);
        _reader = new DockerAlertReader(_acts, _time);
    }

    [Fact]
    public void Out_of_memory_without_a_death_is_pressure()
    {
        Assert.Null(Tell("oom"));
        Assert.Equal(TimeSpan.FromSeconds(2), _reader.NextDue);
        Assert.Empty(_reader.TakeDue());
        _time.Advance(TimeSpan.FromSeconds(2));

        var alert = Assert.Single(_reader.TakeDue());

        Assert.Equal((AlertStatus.Pressure, "memory", "gitea@dev", "dev"), (alert.Status, alert.Resource, alert.Subject, alert.Host));
        Assert.Null(_reader.NextDue);
    }

    [Fact]
    public void Out_of_memory_with_a_death_is_one_alert_in_either_order()
    {
        Tell("oom");
        var alert = Tell("die", exitCode: 137);

        Assert.Equal((AlertStatus.Down, "memory", "Container gitea@dev ran out of memory and died with exit code 137"), (alert!.Status, alert.Resource, alert.Message));
        Assert.Null(_reader.NextDue);

        Tell("start");
        Tell("die", exitCode: 137);
        Assert.Equal((AlertStatus.Down, "memory"), Tell("oom") is { } late ? (late.Status, late.Resource) : default);
        Assert.Null(_reader.NextDue);
    }

    [Fact]
    public void Many_that_ran_out_of_memory_at_once_are_told_once()
    {
        for (var i = 0; i < 5; i++) Assert.Null(Tell("oom"));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.Single(_reader.TakeDue());
    }

    [Fact]
    public void What_befalls_a_container_while_we_change_it_is_no_alert_when_the_change_ends_well()
    {
        var act = _acts.Begin("ab");
        Assert.Null(Tell("health_status: unhealthy"));
        Assert.Null(Tell("die", exitCode: 1));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(_reader.TakeDue());

        act.EndWell();
        act.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(_reader.TakeDue());
        Assert.Null(_reader.NextDue);
        Assert.Null(Tell("health_status: unhealthy"));
    }

    [Fact]
    public void It_is_an_alert_when_the_change_fails()
    {
        var act = _acts.Begin("ab");
        Tell("health_status: unhealthy");
        act.Dispose();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("Container gitea@dev is unhealthy", Assert.Single(_reader.TakeDue()).Message);
    }

    [Fact]
    public void What_is_looked_at_long_after_the_change_ended_well_is_no_alert_either()
    {
        var act = _acts.Begin("ab");
        Assert.Null(Tell("health_status: unhealthy"));
        act.EndWell();
        act.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        _acts.Begin("cd").Dispose();

        Assert.Empty(_reader.TakeDue());
    }

    [Fact]
    public void What_befell_one_that_was_removed_is_no_alert_however_late_it_is_told()
    {
        var act = _acts.Begin("ab");
        act.EndGone();
        act.Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(Tell("die", exitCode: 1));
    }

    [Fact]
    public void An_event_that_is_read_just_as_its_change_ends_well_is_no_alert()
    {
        var time = new Interrupted(_time);
        var acts = new ContainerActs(time);
        var reader = new DockerAlertReader(acts, _time);
        acts.Begin("ab").Dispose();
        _time.Advance(TimeSpan.FromMinutes(1));
        var act = acts.Begin("ab");

        // Between the two questions that the reader asks of the changes.
        time.Meanwhile = () =>
        {
            act.EndWell();
            act.Dispose();
        };
        Assert.Null(reader.Read(new ContainerEvent { Container = "gitea", Host = "dev", Id = "ab", Action = "health_status: unhealthy", At = _time.GetUtcNow(), UnixNanoseconds = _at }));
        Assert.Null(time.Meanwhile);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Empty(reader.TakeDue());
    }

    [Fact]
    public void A_crash_right_after_our_change_is_an_alert()
    {
        var act = _acts.Begin("ab");
        act.EndWell();
        act.Dispose();

        Assert.Equal(AlertStatus.Down, Tell("die", exitCode: 3)?.Status);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(AlertStatus.Down, Tell("health_status: unhealthy")?.Status);
    }

    [Fact]
    public async Task The_feed_tells_pressure_when_nobody_died()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        await using var alerts = new DockerAlertFeed(bench.Engines, _time).WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = alerts.MoveNextAsync();
        await bench.ListeningAsync("dev");

        gitea.LoseProcessToMemory();
        await _time.WaitedForAsync(TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));

        Assert.True(await next);
        Assert.Equal((AlertStatus.Pressure, "memory"), (alerts.Current.Status, alerts.Current.Resource));
    }

    [Fact]
    public async Task The_feed_hears_nothing_of_a_reset_that_worked_nor_of_one_that_was_taken_back()
    {
        // By this clock no change of ours is ever long ago, however late an event is read.
        await using var bench = await DockerBench.StartAsync(_time, new SimulatedDockerEngineOptions());
        var other = bench.Engine.Add(new SimulatedContainerSpec { Name = "other" });
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        await using var alerts = new DockerAlertFeed(bench.Engines, TimeProvider.System).WatchAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = alerts.MoveNextAsync();
        await bench.ListeningAsync("dev");
        var wish = new ResetContainer.Input { Container = new ContainerRef("gitea"), Settle = TimeSpan.Zero };

        await bench.ChangeAsync("docker_recreate_container", wish);
        bench.Engine.WhenMade = static made => made.DieAfterStart();
        await Assert.ThrowsAsync<HomelabException>(() => bench.ChangeAsync("docker_recreate_container", wish));
        other.Crash(3);

        Assert.True(await next);
        Assert.Equal("other@dev", alerts.Current.Subject);
    }

    private Alert? Tell(string action, int? exitCode = null)
    {
        _at += 1_000_000;
        return _reader.Read(new ContainerEvent { Container = "gitea", Host = "dev", Id = "ab", Action = action, At = _time.GetUtcNow(), UnixNanoseconds = _at, ExitCode = exitCode });
    }

    // Something happens when it is next asked for the time.
    private sealed class Interrupted(TimeProvider time) : TimeProvider
    {
        internal Action? Meanwhile { get; set; }

        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp()
        {
            var happens = Meanwhile;
            Meanwhile = null;
            happens?.Invoke();
            return time.GetTimestamp();
        }
    }
}
