using System.Text.Json.Nodes;
using Homelab.Automation.Correlation;
using Homelab.Automation.Healing;
using Homelab.Automation.Tapes;
using Homelab.UnitTests.Automation.Correlation;

namespace Homelab.UnitTests.Automation.Tapes;

/// <summary>Roots on paper: what a backtest takes for the cause is what healing would have.</summary>
public sealed class ReplayRootTests(ITestOutputHelper output)
{
    private const int Storms = 400;

    private static readonly HealingTempo s_tempo = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30));

    private static readonly Runbook s_restart = new()
    {
        Name = "restart",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 2, Backoff = TimeSpan.FromSeconds(10) },
        Steps = [new RunbookStep { Id = "restart", Do = "docker_restart_container", With = new JsonObject { ["container"] = "{{ service.container }}" } }],
        Verify = new RunbookVerify { Within = TimeSpan.FromSeconds(60) },
    };

    private static int s_alerts;

    [Fact]
    public async Task In_four_hundred_storms_a_backtest_finds_the_roots_that_healing_finds_from_the_same_alerts()
    {
        var (compared, withRoot, machines, both, right, found, truth) = (0, 0, 0, 0, 0, 0, 0);
        for (var seed = 1; seed <= Storms; seed++)
        {
            var storm = new GeneratedStorm(seed);
            var alerts = storm.Sightings.Where(s => s.By == SightedBy.Alert).OrderBy(s => s.At).ToArray();
            var result = await PlayAsync(storm.Lab, [.. alerts.Select(Line)]);
            // Of a machine nobody told; it is on paper because of those that run there.
            var told = result.Incidents.Where(i => i.Source == "kuma").ToArray();
            Assert.Equal(alerts.Select(a => a.Service).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), told.Select(i => i.Service).Order(StringComparer.Ordinal));
            foreach (var incident in told)
            {
                var expected = Expected(storm.Graph, alerts, incident);
                Assert.True(expected.SequenceEqual(incident.Roots, StringComparer.Ordinal), $"storm {seed}, {incident.Service}: {string.Join(' ', expected)} and not {string.Join(' ', incident.Roots)}");
                compared++;
                if (expected.Count > 0) withRoot++;
                if (expected.Any(ServiceGraph.IsImplicitHost)) machines++;
                if (expected.Count > 1) both++;
                if (storm.RootsOf(incident.Service) is not { Count: > 0 } real) continue;
                string[] taken = expected.Count > 0 ? [.. expected] : [incident.Service];
                (right, found, truth) = (right + taken.Intersect(real, StringComparer.Ordinal).Count(), found + taken.Length, truth + real.Count);
            }
        }

        output.WriteLine($"{compared} incidents, {withRoot} with a root, {machines} of them a machine, {both} with two; precision {(double)right / found:P1}, recall {(double)right / truth:P1}");
        Assert.True(withRoot > 500 && machines > 100 && both > 20, "these storms prove nothing any more");
    }

    [Fact]
    public async Task A_machine_of_which_no_alert_tells_is_the_root_when_all_that_runs_there_fails()
    {
        var result = await PlayAsync(Crowd(), [.. Downs(0, "app1", "app2", "app3", "app4"), .. Ups(600, "app1", "app2", "app3", "app4")]);
        var machine = Assert.Single(result.Incidents, i => i.Service == "host:dev");
        Assert.Equal((ForecastOutcome.Escalated, 0, 0, "homelab"), (machine.Outcome, machine.Attempts, machine.Alerts, machine.Source));
        Assert.Equal(["app1", "app2", "app3", "app4"], machine.Members);
        Assert.Contains("found while looking into app1", machine.Message, StringComparison.Ordinal);
        Assert.Contains("it is back", machine.Why, StringComparison.Ordinal);
        Assert.All(result.Incidents.Where(i => i != machine), i => Assert.Equal((ForecastOutcome.CameBackWithRoot, "host:dev", 0), (i.Outcome, i.Root, i.Attempts)));
    }

    [Fact]
    public async Task A_machine_that_never_comes_back_is_open_until_the_tape_ends_and_nothing_on_it_is_touched()
    {
        var result = await PlayAsync(Crowd(), [.. Downs(0, "app1", "app2", "app3", "app4"), .. Downs(7200, "other")]);
        Assert.Equal(["app1", "host:dev", "app2", "app3", "app4", "other"], result.Incidents.Select(i => i.Service));
        Assert.All(result.Incidents.SkipLast(1), i => Assert.Equal((ForecastOutcome.Escalated, 0), (i.Outcome, i.Attempts)));
        Assert.True(result.Incidents[1].ClosedAt >= At(7200));
    }

    [Fact]
    public async Task What_of_a_machine_stays_down_when_the_others_are_back_is_healed_by_itself()
    {
        var result = await PlayAsync(Crowd(), [.. Downs(0, "app1", "app2", "app3", "app4"), .. Ups(100, "app1", "app2", "app3"), .. Ups(200, "app4")]);
        var left = result.Incidents.Single(i => i.Service == "app4");
        Assert.Equal((ForecastOutcome.UpAfterAction, null), (left.Outcome, left.Root));
        // The machine is back when less than four fifths of what runs there are down; then the others get the time of their proof.
        Assert.Equal(At(100).AddSeconds(60), left.ActedAt);
        Assert.All(result.Incidents.Where(i => i.Service is "app1" or "app2" or "app3"), i => Assert.Equal(0, i.Attempts));
    }

    [Fact]
    public async Task Two_roots_at_once_are_waited_for_both()
    {
        var result = await PlayAsync(Crowd(), [.. Downs(0, "both", "db", "cache"), .. Ups(30, "db"), .. Ups(90, "cache"), .. Ups(95, "both")]);
        var both = result.Incidents[0];
        Assert.Equal((ForecastOutcome.CameBackWithRoot, 0), (both.Outcome, both.Attempts));
        Assert.Equal(["cache", "db"], both.Roots);
        Assert.All(result.Incidents.Skip(1), i => Assert.Equal((ForecastOutcome.UpAfterAction, "both"), (i.Outcome, Assert.Single(i.Members))));
    }

    [Fact]
    public async Task The_name_server_is_the_root_of_what_fails_for_want_of_names_alone()
    {
        TapeEntry[] tape =
        [
            Line("dns", AlertStatus.Down, At(0), "connection refused"),
            Line("named", AlertStatus.Down, At(1), "the host's name cannot be resolved"),
            Line("broken", AlertStatus.Down, At(2), "HTTP 503"),
            .. Ups(20, "dns", "named"), .. Ups(21, "broken"),
        ];
        var result = await PlayAsync(Crowd(), tape);
        Assert.Equal([null, "dns", null], result.Incidents.Select(i => i.Root));
        Assert.Equal([1, 0, 1], result.Incidents.Select(i => i.Attempts));
    }

    [Fact]
    public async Task What_is_reported_late_of_a_root_that_was_given_up_is_given_up_with_it()
    {
        var result = await PlayAsync(Crowd(), [.. Downs(0, "db"), .. Downs(400, "both")]);
        Assert.Equal((ForecastOutcome.Escalated, 2), (result.Incidents[0].Outcome, result.Incidents[0].Attempts));
        Assert.Equal((ForecastOutcome.Escalated, "db", 0), (result.Incidents[1].Outcome, result.Incidents[1].Root, result.Incidents[1].Attempts));
        Assert.Contains("db, which it needs, was not healed", result.Incidents[1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_something_more_urgent_needs_is_acted_on_at_its_time()
    {
        var result = await PlayAsync(Crowd(ServiceTier.Standard), [.. Downs(0, "db"), .. Downs(5, "both"), .. Ups(60, "db", "both")]);
        Assert.Equal(At(5), result.Incidents[0].ActedAt);
        Assert.Equal(["both"], result.Incidents[0].Members);
    }

    [Fact]
    public async Task A_root_that_turns_out_to_be_a_member_hands_its_members_on()
    {
        // The database is known to be down before its machine is, with the two others that run there.
        var result = await PlayAsync(Crowd(), [.. Downs(0, "db", "both"), .. Downs(30, "cache", "queue", "store"), .. Ups(300, "db", "cache", "queue", "store"), .. Ups(301, "both")]);
        Assert.Equal(["db", "both", "cache", "queue", "store"], Assert.Single(result.Incidents, i => i.Service == "host:data").Members.OrderBy(m => m is "db" ? 0 : m is "both" ? 1 : 2));
        Assert.Equal(0, result.Incidents.Sum(i => i.Attempts));
    }

    private static IReadOnlyList<string> Expected(ServiceGraph graph, Sighting[] alerts, HealingForecast incident)
    {
        // At its first moment healing looks; on paper stands for that what comes within a minute. Before it acts, all have come.
        var first = new RootFinder(graph, alerts.Where(a => a.At < incident.OpenedAt.AddMinutes(1))).Find(incident.Service).Roots;
        return first.Count > 0 ? first : new RootFinder(graph, alerts).Find(incident.Service).Roots;
    }

    private static Task<HealingBacktest> PlayAsync(LabDefinition lab, params TapeEntry[] lines) =>
        new Replay(lab, new OperationCatalog([.. new HealingWorld().Operations]), [s_restart], s_tempo)
            .PlayAsync(lines.Select((line, i) => new TapeReading(i + 1, line, "")).ToAsyncEnumerable(), TestContext.Current.CancellationToken);

    // Two machines that cannot be looked at; on paper none can.
    private static LabDefinition Crowd(ServiceTier below = ServiceTier.Critical) => new()
    {
        Hosts = new Dictionary<string, HostDefinition> { ["dev"] = new() { Address = "10.0.0.5" }, ["data"] = new() { Address = "10.0.0.6" } },
        Services = new Dictionary<string, ServiceDefinition>
        {
            ["app1"] = On("dev"),
            ["app2"] = On("dev"),
            ["app3"] = On("dev"),
            ["app4"] = On("dev"),
            ["db"] = On("data") with { Container = new ContainerRef("db@data"), Tier = below },
            ["cache"] = On("data") with { Container = new ContainerRef("cache@data"), Tier = below },
            ["queue"] = On("data") with { Container = new ContainerRef("queue@data"), Tier = below },
            ["store"] = On("data") with { Container = new ContainerRef("store@data"), Tier = below },
            ["both"] = new() { Container = new ContainerRef("both@away"), Tier = ServiceTier.Critical, DependsOn = ["db", "cache"] },
            ["dns"] = new() { Container = new ContainerRef("dns@away"), Tier = ServiceTier.Critical, Provides = ServiceRole.Dns },
            ["named"] = Named("named"),
            ["broken"] = Named("broken"),
            ["other"] = new() { Container = new ContainerRef("other@away"), Tier = ServiceTier.Critical },
        }.Select(s => KeyValuePair.Create(s.Key, s.Value.Container is null ? s.Value with { Container = new ContainerRef($"{s.Key}@dev") } : s.Value)).ToDictionary(),
    };

    private static ServiceDefinition On(string host) => new() { Host = host, Tier = ServiceTier.Critical };

    private static ServiceDefinition Named(string name) => new() { Container = new ContainerRef($"{name}@away"), Tier = ServiceTier.Critical, Check = new CheckDefinition { Http = new Uri($"http://{name}.home.arpa/") } };

    private static DateTimeOffset At(int second) => GraphLab.Noon.AddSeconds(second);

    private static TapeEntry[] Downs(int second, params string[] services) => [.. services.Select((s, i) => Line(s, AlertStatus.Down, At(second).AddTicks(i), "connection refused"))];

    private static TapeEntry[] Ups(int second, params string[] services) => [.. services.Select((s, i) => Line(s, AlertStatus.Up, At(second).AddTicks(i), "HTTP 200"))];

    private static TapeEntry Line(Sighting seen) => Line(seen.Service, seen.State == SightedState.Up ? AlertStatus.Up : AlertStatus.Down, seen.At, seen.Detail);

    private static TapeEntry Line(string service, AlertStatus status, DateTimeOffset at, string message) => new()
    {
        At = at,
        Hook = "uptime-alert",
        Source = "kuma",
        Alert = new Alert { Source = "kuma", Status = status, Subject = service, Message = message, At = at, Fingerprint = $"f{Interlocked.Increment(ref s_alerts)}" },
    };
}
