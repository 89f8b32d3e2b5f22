using Homelab.Lab.Docker;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

using ManualTime = Homelab.Tests.ManualTime;

public sealed class EventTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_lost_or_told_twice_over_a_lost_connection()
    {
        var time = new ManualTime();
        await using var bench = await DockerBench.StartAsync(time, new SimulatedDockerEngineOptions { Time = time });
        var container = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        // What happened in the second before the watch began may be told after a reconnect.
        time.Advance(TimeSpan.FromSeconds(2));
        await using var events = bench.Client().Events.WatchAsync(patient: false, Cancel).GetAsyncEnumerator(Cancel);
        var next = events.MoveNextAsync().AsTask();
        await bench.ListeningAsync("dev");
        container.Crash(3);
        Assert.True(await next);
        Assert.Equal(("die", 3), (events.Current.Action, events.Current.ExitCode));

        next = events.MoveNextAsync().AsTask();
        await bench.Engine.GoDownAsync();
        container.Start();
        await time.WaitedForAsync(TimeSpan.FromMilliseconds(500));
        time.Advance(TimeSpan.FromMilliseconds(500));
        await time.WaitedForAsync(TimeSpan.FromSeconds(1));
        await bench.Engine.ComeUpAsync(Cancel);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await next);
        Assert.Equal("start", events.Current.Action);
        container.Crash(4);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(("die", 4), (events.Current.Action, events.Current.ExitCode));
    }

    [Fact]
    public async Task A_watch_that_cannot_begin_says_so()
    {
        await using var bench = await DockerBench.StartAsync();
        await bench.Engine.GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ContainerEvent>("docker_watch_events", new { }));

        Assert.Equal("DockerUnreachable", e.Id);
    }

    [Fact]
    public async Task A_watch_that_cannot_hear_one_of_its_hosts_says_so_at_once()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        await bench["infra"].GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ContainerEvent>("docker_watch_events", new { }));

        Assert.Equal(("DockerUnreachable", "infra"), (e.Id, e.Target));
    }

    [Fact]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        var time = new ManualTime();
        await using var bench = await DockerBench.StartAsync(time, new SimulatedDockerEngineOptions());
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        var watch = bench.QueryAsync<ContainerEvent>("docker_watch_events", new { @for = "5m" });
        await bench.ListeningAsync("dev");
        time.Advance(TimeSpan.FromMinutes(5));

        Assert.Empty(await watch);
    }

    [Fact]
    public async Task A_watch_of_one_container_hears_no_other()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        var gitea = bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" });
        var redis = bench["dev"].Add(new SimulatedContainerSpec { Name = "redis" });
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var request = new GateRequest { Operation = "docker_watch_events", Input = new WatchContainers.Input { Container = new ContainerRef("gitea@dev") }, Caller = DockerBench.Person };
        await using var events = bench.Gate.QueryAsync(request, leaving.Token).GetAsyncEnumerator(leaving.Token);
        var next = events.MoveNextAsync();
        await bench.ListeningAsync("dev");

        redis.Crash();
        gitea.Crash();

        Assert.True(await next);
        Assert.Equal("gitea@dev die", events.Current.ToString());
    }

    [Fact]
    public async Task Recorded_events_are_read_without_commands_and_networks()
    {
        var events = await ReadRecordedAsync();

        Assert.Contains(events, e => e is { Action: "health_status: unhealthy", Container: "t1", Image: "bb:1" });
        Assert.Contains(events, e => e is { Action: "die", ExitCode: 137 });
        Assert.Contains(events, e => e is { Action: "kill", Signal: 15 });
        Assert.DoesNotContain(events, e => e.Action.StartsWith("exec", StringComparison.Ordinal) || e.Action == "connect");
    }

    [Fact]
    public async Task Recorded_deaths_that_were_asked_for_are_no_alarm()
    {
        var reader = new DockerAlertReader(new ContainerActs(TimeProvider.System), TimeProvider.System);

        var alerts = (await ReadRecordedAsync()).Select(reader.Read).OfType<Alert>().ToArray();

        Assert.Equal([AlertStatus.Up, AlertStatus.Down], alerts.Select(a => a.Status));
        Assert.Equal("t1@dev", alerts[1].Subject);
        Assert.Equal("Container t1@dev is unhealthy", alerts[1].Message);
        Assert.EndsWith(":health_status: unhealthy:1795218024462402460", alerts[1].Fingerprint, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("die 1", true)]
    [InlineData("die 0", false)]
    [InlineData("kill 15,die 143", false)]
    [InlineData("kill 9,die 137", false)]
    [InlineData("kill 1,die 1", true)]
    [InlineData("kill 15,die 143,stop,start,restart,die 1", true)]
    [InlineData("kill 15,later,die 1", true)]
    public void Only_a_death_that_nobody_asked_for_is_an_alarm(string story, bool alarm)
    {
        var reader = new DockerAlertReader(new ContainerActs(TimeProvider.System), TimeProvider.System);
        var at = 1_000_000_000_000L;
        Alert? last = null;
        foreach (var word in story.Split(','))
        {
            at += word == "later" ? 600_000_000_000 : 1_000_000;
            if (word == "later") continue;
            var parts = word.Split(' ');
            int? number = parts.Length > 1 ? int.Parse(parts[1]) : null;
            last = reader.Read(new ContainerEvent { Container = "x", Host = "dev", Id = "ab", Action = parts[0], At = DateTimeOffset.UnixEpoch, UnixNanoseconds = at, ExitCode = number, Signal = number });
        }

        Assert.Equal(alarm, last is not null);
    }

    [Fact]
    public async Task The_feed_hears_a_crash_and_not_our_own_restart()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        var gitea = bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" });
        await using var alerts = new DockerAlertFeed(bench.Engines, TimeProvider.System).WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        var next = alerts.MoveNextAsync();
        await bench.ListeningAsync("dev");

        await bench.RestartAsync("gitea@dev");
        gitea.Crash(139);

        Assert.True(await next);
        Assert.Equal((AlertStatus.Down, "gitea@dev", "Container gitea@dev died with exit code 139"), (alerts.Current.Status, alerts.Current.Subject, alerts.Current.Message));
    }

    [Fact]
    public async Task Out_of_memory_is_an_alarm()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        await using var alerts = new DockerAlertFeed(bench.Engines, TimeProvider.System).WatchAsync(Cancel).GetAsyncEnumerator(Cancel);
        var next = alerts.MoveNextAsync();
        await bench.ListeningAsync("dev");

        gitea.RunOutOfMemory();

        Assert.True(await next);
        Assert.Equal((AlertStatus.Down, "memory", "Container gitea@dev ran out of memory and died with exit code 137"), (alerts.Current.Status, alerts.Current.Resource, alerts.Current.Message));
        Assert.Equal("137", alerts.Current.Labels["exitCode"]);
    }

    [Fact]
    public void The_feed_is_there_only_where_it_is_asked_for()
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition> { ["dev"] = new() { Docker = new DockerEndpointDefinition { Url = "unix:///var/run/docker.sock" } } } };
        var quiet = new DockerProvider(new ProviderContext(lab, ".", null!, TimeProvider.System));
        var watching = new DockerProvider(new ProviderContext(
            lab with { Providers = new Dictionary<string, object> { ["docker"] = new DockerSettings { Watch = true } } }, ".", null!, TimeProvider.System));

        Assert.Empty(quiet.AlertFeeds);
        Assert.Equal("docker", Assert.Single(watching.AlertFeeds).Name);
        Assert.Equal(21, quiet.Operations.Count());
    }

    private static async Task<List<ContainerEvent>> ReadRecordedAsync()
    {
        using var wire = new DockerWire(new Canned(Recorded.Read("events.ndjson")), TimeProvider.System, _ => { });
        using var reader = await EventReader.OpenAsync(wire, "/events", Cancel);
        var events = new List<ContainerEvent>();
        while (await reader.ReadAsync(Cancel) is { } happened) events.Add(happened);
        return events;
    }
}
