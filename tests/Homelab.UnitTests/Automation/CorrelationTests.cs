using System.Text.Json.Nodes;
using Homelab.Automation.Correlation;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>One incident for what comes from one root: storms, late and missing alerts, partial recovery, two roots at once, and what comes and goes.</summary>
public sealed class CorrelationTests
{
    private const int Crowd = 28;

    private static readonly string[] s_crowd = [.. Enumerable.Range(1, Crowd).Select(i => $"app{i}")];

    private static readonly Runbook s_restart = new()
    {
        Name = "restart",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger() },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 2, Backoff = TimeSpan.Zero },
        Steps = [new RunbookStep { Id = "restart", Do = "docker_restart_container", With = new JsonObject { ["container"] = "{{ service.container }}" } }],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(10), Within = TimeSpan.FromMilliseconds(50), Every = TimeSpan.FromMilliseconds(10) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_eight_services_whose_database_dies_are_one_incident_one_restart_and_one_message()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        var all = (string[])[.. s_crowd, "db"];
        foreach (var name in all) bench.World.Set(name, false);
        bench.World.OnRestart = name => Array.ForEach(name == "db" ? all : [], n => bench.World.Set(n, true));

        await HoldingRestartsAsync(bench, Crowd, () => Task.WhenAll(s_crowd.Select(bench.DownAsync)));
        await bench.UntilAsync(HealingEventKind.NoticeSent);

        Assert.Equal((1, 1), (bench.World.Restarts("db"), bench.World.AllRestarts));
        var root = Assert.Single(await bench.Store.ListIncidentsAsync(new IncidentFilter { OnlyRoots = true }, Cancellation));
        Assert.Equal(("db", IncidentStatus.Recovered), (root.Service, root.Status));
        var report = await bench.Store.ReportAsync(root, Cancellation);
        Assert.Equal(s_crowd.Order(StringComparer.Ordinal), report.Members.Select(m => m.Service).Order(StringComparer.Ordinal));
        Assert.All(report.Members, m => Assert.Equal((IncidentStatus.Recovered, "db"), (m.Status, Assert.Single(m.Finding!.Roots))));
        var told = Assert.Single(bench.Told);
        Assert.Contains("cause of 28 more. Back: ", told, StringComparison.Ordinal);
        Assert.All(s_crowd, name => Assert.Contains(name, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_machine_that_dies_is_one_open_incident_and_one_message_and_nothing_on_it_is_touched_until_it_is_back()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        SetMachine(bench, up: false);

        await Task.WhenAll(s_crowd.Select(bench.DownAsync));
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        await bench.MembersAsync(Crowd);

        var root = Assert.Single(await bench.Store.ListIncidentsAsync(new IncidentFilter { OnlyOpen = true, OnlyRoots = true }, Cancellation));
        Assert.Equal(("host:dev", IncidentStatus.Escalated), (root.Service, root.Status));
        Assert.Contains("no runbook fits", Assert.Single(bench.Told), StringComparison.Ordinal);

        SetMachine(bench, up: true);
        await bench.UntilAsync(HealingEventKind.NoticeSent, times: 2);
        Assert.Equal(0, bench.World.AllRestarts);
        Assert.Contains("cause of 28 more. Back: ", bench.Told[1], StringComparison.Ordinal);
        Assert.Empty(await bench.Store.ListOpenIncidentsAsync(Cancellation));
    }

    [Fact]
    public async Task A_machine_that_cannot_be_looked_at_is_known_to_be_down_by_all_that_runs_there()
    {
        await using var bench = await HealingBench.StartAsync(Lab(isLookable: false), s_restart);
        SetMachine(bench, up: false);
        // Three of twenty-eight are reported; our own looks tell of the others.
        await Task.WhenAll(s_crowd.Take(3).Select(bench.DownAsync));
        await bench.UntilAsync(HealingEventKind.Escalated, "host:dev");
        await bench.MembersAsync(3);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task A_service_of_no_hurry_is_a_member_of_its_root_at_once_and_not_when_its_time_has_come()
    {
        await using var bench = await HealingBench.StartAsync(Lab(ServiceTier.Standard), s_restart);
        SetMachine(bench, up: false);
        await bench.DownAsync("app1");
        await bench.DownAsync("app2");
        await bench.MembersAsync(2);
        // Its own tier is that of the most urgent that runs there: nobody is told before that time.
        Assert.Empty(bench.Told);
    }

    [Fact]
    public async Task What_is_reported_late_of_a_root_that_was_given_up_is_its_member_and_nobody_is_told_again()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        foreach (var name in (string[])["db", "app1", "app2"]) bench.World.Set(name, false);
        bench.World.OnRestart = name => bench.World.Set(name, false);
        await bench.DownAsync("app1");
        await bench.UntilAsync(HealingEventKind.Escalated, "app1");
        var restarts = bench.World.AllRestarts;

        await bench.DownAsync("app2");
        await bench.UntilAsync(HealingEventKind.Escalated, "app2");

        var root = await bench.ClosedAsync("db");
        Assert.Equal(root.Id, (await bench.ClosedAsync("app2")).Parent);
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        // What is told is written down with the end that it tells of.
        Assert.Empty(await bench.Store.ListUnsentAsync(Cancellation));
        Assert.Equal((restarts, 1), (bench.World.AllRestarts, bench.Told.Count));
    }

    [Fact]
    public async Task A_member_that_is_still_down_when_its_root_is_well_is_healed_by_itself()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        foreach (var name in (string[])["db", "app1", "app2"]) bench.World.Set(name, false);
        bench.World.OnRestart = name => Array.ForEach(name == "db" ? ["app1"] : Array.Empty<string>(), n => bench.World.Set(n, true));

        await HoldingRestartsAsync(bench, 2, () => Task.WhenAll(bench.DownAsync("app1"), bench.DownAsync("app2")));
        await bench.UntilAsync(HealingEventKind.NoticeSent, times: 2);

        Assert.Equal((1, 1, 2), (bench.World.Restarts("db"), bench.World.Restarts("app2"), bench.World.AllRestarts));
        var own = await bench.ClosedAsync("app2");
        Assert.Equal((IncidentStatus.Recovered, null, null, 0), (own.Status, own.Parent, own.Root, own.Finding!.Roots.Count));
        var told = Assert.Single(bench.Told, t => t.StartsWith("🔧 Auto-Recovery: db", StringComparison.Ordinal));
        Assert.Contains("Back: app1", told, StringComparison.Ordinal);
        Assert.Contains("looked after by itself: app2", told, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Two_roots_at_once_are_two_incidents_and_what_needs_both_waits_for_both()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        foreach (var name in (string[])["db", "cache", "app1", "both"]) bench.World.Set(name, false);
        var healed = new HashSet<string>(StringComparer.Ordinal);
        bench.World.OnRestart = name =>
        {
            lock (healed) healed.Add(name);
            bench.World.Set("app1", healed.Contains("db"));
            bench.World.Set("both", healed.Count == 2);
        };

        await HoldingRestartsAsync(bench, 2, () => Task.WhenAll(bench.DownAsync("both"), bench.DownAsync("app1")));
        foreach (var name in (string[])["db", "cache", "both", "app1"]) await bench.UntilAsync(HealingEventKind.Recovered, name);

        Assert.Equal((1, 1, 2), (bench.World.Restarts("db"), bench.World.Restarts("cache"), bench.World.AllRestarts));
        Assert.Equal(["cache", "db"], (await bench.ClosedAsync("both")).Finding!.Roots.Order(StringComparer.Ordinal));
        Assert.Equal(2, (await bench.Store.ListIncidentsAsync(new IncidentFilter { OnlyRoots = true }, Cancellation)).Count);
    }

    [Fact]
    public async Task A_missing_alert_of_the_root_changes_nothing_because_it_is_looked_at()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        foreach (var name in (string[])["db", "app1"]) bench.World.Set(name, false);
        bench.World.OnRestart = _ => bench.World.Set("app1", true);
        await bench.DownAsync("app1");
        await bench.UntilAsync(HealingEventKind.Recovered, "app1");
        Assert.Equal((1, 1), (bench.World.Restarts("db"), bench.World.AllRestarts));
    }

    [Fact]
    public async Task A_late_all_clear_neither_closes_a_newer_failure_nor_hurries_it()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.StartAsync(Lab(ServiceTier.Important), time, s_restart);
        bench.World.Set("cache", false);
        var now = time.GetUtcNow();
        await bench.SendAsync("cache", AlertStatus.Down, now);
        await bench.UntilAsync(time, HealingEventKind.IncidentWaits, "cache");
        await bench.SendAsync("cache", AlertStatus.Up, now.AddSeconds(-30));
        Assert.Contains("came late", (await bench.UntilAsync(HealingEventKind.AlertAccepted, "cache", times: 2)).Text, StringComparison.Ordinal);
        Assert.True(Assert.Single(await bench.Store.ListOpenIncidentsAsync(Cancellation)).IsOpen);
        Assert.StartsWith("it came late", (await bench.Store.ListAlertsAsync(1, Cancellation))[0].Note, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
        time.Leap(HealingBench.ImportantDelay);
        await bench.UntilAsync(time, HealingEventKind.Recovered, "cache");
    }

    [Fact]
    public async Task A_late_failure_that_is_older_than_the_last_proof_opens_nothing_and_a_new_one_does()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        bench.World.Set("cache", false);
        await bench.SendAsync("cache", AlertStatus.Down, DateTimeOffset.UtcNow);
        await bench.UntilAsync(HealingEventKind.Recovered, "cache");

        var late = await bench.SendAsync("cache", AlertStatus.Down, DateTimeOffset.UtcNow.AddHours(-1));
        Assert.Equal((null, false), (late.Incident, late.Opened));
        Assert.Contains("proved to be back", (await bench.Store.ListAlertsAsync(1, Cancellation))[0].Note, StringComparison.Ordinal);
        Assert.True((await bench.SendAsync("cache", AlertStatus.Down, DateTimeOffset.UtcNow)).Opened);
    }

    [Fact]
    public async Task A_source_whose_clock_is_behind_is_not_taken_to_be_late()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart);
        bench.World.Set("cache", false);
        await bench.SendAsync("cache", AlertStatus.Down, DateTimeOffset.UtcNow.AddMinutes(-10));
        await bench.UntilAsync(HealingEventKind.Recovered, "cache");
        Assert.True((await bench.SendAsync("cache", AlertStatus.Down, DateTimeOffset.UtcNow.AddMinutes(-10))).Opened);
    }

    [Fact]
    public async Task A_service_that_comes_and_goes_is_watched_in_one_incident_until_it_holds()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Lab(), time, s_restart);
        await bench.Engine.StartAsync(Cancellation);
        await FlapAsync(bench, time);
        var flapping = await FlappingAsync(bench, time);

        // It goes on: still one incident, and nothing is restarted.
        for (var i = 0; i < 4; i++)
        {
            time.Leap(TimeSpan.FromSeconds(30));
            await bench.SendAsync("cache", i % 2 == 0 ? AlertStatus.Up : AlertStatus.Down, time.GetUtcNow());
        }

        var heldFrom = time.GetUtcNow();
        Assert.Equal(flapping.Id, Assert.Single(await bench.Store.ListOpenIncidentsAsync(Cancellation)).Id);
        var held = await AdvanceUntilAsync(bench, time, HealingEventKind.Recovered, "has held");
        Assert.True(held.At - heldFrom >= new FlappingDefinition().Within, $"only {held.At - heldFrom}");
        Assert.Equal(0, bench.World.AllRestarts);
        Assert.Single(await bench.Store.ListIncidentsAsync(100, Cancellation));
        Assert.Single(bench.Told, t => t.Contains("Status: Flapping", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_that_flaps_and_stays_down_is_acted_on_no_more_often_than_its_throttle_allows()
    {
        var time = new ManualTime();
        // The clock may run far ahead of the work: however far, no try of it is forgotten.
        await using var bench = await HealingBench.OpenAsync(Lab(), time, s_restart with { Throttle = s_restart.Throttle with { Per = TimeSpan.FromDays(365) } });
        await bench.Engine.StartAsync(Cancellation);
        bench.World.OnRestart = name => bench.World.Set(name, false);
        await FlapAsync(bench, time);
        await FlappingAsync(bench, time);
        bench.World.Set("cache", false);
        await AdvanceUntilAsync(bench, time, HealingEventKind.Escalated, "tried 2 times");
        Assert.Equal((2, 2), (bench.World.Restarts("cache"), bench.World.AllRestarts));
    }

    private static async Task FlapAsync(HealingBench bench, ManualTime time)
    {
        for (var i = 0; i < 8; i++) await bench.SendAsync("cache", i % 2 == 0 ? AlertStatus.Up : AlertStatus.Down, time.GetUtcNow().AddTicks(i));
    }

    /// <summary>Lets nothing be restarted before so many are known to come from another one: what is reported after its root is well is none of its members.</summary>
    private static async Task HoldingRestartsAsync(HealingBench bench, int members, Func<Task> report)
    {
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.World.MayRestart = found.Task;
        await report();
        await bench.MembersAsync(members);
        found.SetResult();
    }

    private static async Task<Incident> FlappingAsync(HealingBench bench, ManualTime time)
    {
        Incident? found = null;
        await Eventually.HoldsAsync(
            "an incident that flaps",
            async () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
                found = (await bench.Store.ListOpenIncidentsAsync(Cancellation)).FirstOrDefault(i => i.Summary.StartsWith("Flapping: 8 changes", StringComparison.Ordinal));
                return found is not null;
            },
            Cancellation);
        return found!;
    }

    private static async Task<HealingEvent> AdvanceUntilAsync(HealingBench bench, ManualTime time, HealingEventKind kind, string text)
    {
        HealingEvent? found = null;
        await Eventually.HoldsAsync(
            $"{kind}: {text}",
            () =>
            {
                time.Leap(TimeSpan.FromSeconds(5));
                found = bench.Events.FirstOrDefault(e => e.Kind == kind && e.Text.Contains(text, StringComparison.Ordinal));
                return Task.FromResult(found is not null);
            },
            Cancellation);
        return found!;
    }

    private static void SetMachine(HealingBench bench, bool up)
    {
        // The machine is the last that is seen to be back: from then on all that runs there is looked at.
        if (up) bench.World.EngineSilent = false;
        foreach (var name in (string[])[.. s_crowd, "host:dev"]) bench.World.Set(name, up);
        if (!up) bench.World.EngineSilent = true;
    }

    private static LabDefinition Lab(ServiceTier tier = ServiceTier.Critical, bool isLookable = true) => new()
    {
        Hosts = new Dictionary<string, HostDefinition>
        {
            ["dev"] = new() { Address = "10.0.0.5", Ssh = isLookable ? new SshDefinition { User = "homelab" } : null },
            ["data"] = new() { Address = "10.0.0.6", Ssh = new SshDefinition { User = "homelab" } },
        },
        Services = new Dictionary<string, ServiceDefinition>
        {
            ["db"] = new() { Container = new ContainerRef("db@data"), Tier = tier, Check = new CheckDefinition() },
            ["cache"] = new() { Container = new ContainerRef("cache@data"), Tier = tier, Check = new CheckDefinition() },
            ["both"] = new() { Container = new ContainerRef("both@data"), Tier = tier, DependsOn = ["db", "cache"], Check = new CheckDefinition() },
        }.Concat(s_crowd.Select(name => KeyValuePair.Create(name, new ServiceDefinition { Container = new ContainerRef($"{name}@dev"), Tier = tier, DependsOn = ["db"], Check = new CheckDefinition() }))).ToDictionary(),
    };
}
