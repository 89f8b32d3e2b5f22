using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>What holds healing back, seen from outside: what was done, and what a person was told.</summary>
public sealed class RestraintTests
{
    [Fact]
    public async Task While_healing_is_suspended_an_incident_waits_and_goes_on_when_it_is_resumed()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Crash());
        await bench.SwitchAsync(new SuspendHealing.Input { Reason = "moving the rack" });
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        var waits = await bench.UntilAsync(HealingEventKind.IncidentWaits, "gitea");
        Assert.Contains("moving the rack", waits.Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);

        await bench.SwitchAsync(new ResumeHealing.Input());
        await bench.UntilAsync(HealingEventKind.Recovered, "gitea");
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task A_suspension_survives_a_restart_of_the_program()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Crash());
        await bench.SwitchAsync(new SuspendHealing.Input());
        await bench.RestartAsync();
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.IncidentWaits, "gitea");
        Assert.Equal(0, bench.World.AllRestarts);
        Assert.True((await bench.Store.FindSuspensionAsync(TestContext.Current.CancellationToken))!.Holds(DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task What_came_back_by_itself_while_healing_was_suspended_is_not_restarted_afterwards()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Crash());
        await bench.SwitchAsync(new SuspendHealing.Input());
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.IncidentWaits, "gitea");
        bench.World.Set("gitea", true);
        await bench.SwitchAsync(new ResumeHealing.Input());
        await bench.UntilAsync(HealingEventKind.Recovered, "gitea");
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task The_gate_itself_refuses_healing_while_it_is_suspended_and_lets_a_person_act()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Crash());
        await bench.SwitchAsync(new SuspendHealing.Input());
        var input = JsonSerializer.SerializeToElement(new { container = "gitea@dev" });
        var refused = await Assert.ThrowsAsync<GateException>(() => bench.Gate.InvokeAsync(
            new GateRequest { Operation = "docker_restart_container", Json = input, Caller = new Caller(Face.Webhook, "hook") }, TestContext.Current.CancellationToken));
        Assert.Contains(Rules.Suspended, refused.Message, StringComparison.Ordinal);
        await bench.Gate.InvokeAsync(new GateRequest { Operation = "docker_restart_container", Json = input, Caller = new Caller(Face.Interactive, "anna") }, TestContext.Current.CancellationToken);
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task A_runbook_that_may_only_watch_tells_what_it_would_have_done_and_does_nothing()
    {
        var policy = new HealingPolicy { Echo = TimeSpan.Zero, Runbooks = new Dictionary<string, Autonomy>(StringComparer.Ordinal) { ["crash"] = Autonomy.Watch } };
        await using var bench = await HealingBench.StartAsync(Lab(policy), Crash());
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        Assert.Contains("would have done: restart: Restart container gitea@dev", Assert.Single(bench.Told), StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task A_runbook_that_must_ask_asks_before_every_change_and_acts_after_a_yes()
    {
        await using var bench = await HealingBench.StartAsync(Lab(new HealingPolicy { Echo = TimeSpan.Zero, Autonomy = Autonomy.Ask }), Crash());
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded, "gitea");
        Assert.Equal(0, bench.World.AllRestarts);
        var approval = Assert.Single(await bench.Approvals.ListPendingAsync(TestContext.Current.CancellationToken));
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, TestContext.Current.CancellationToken);
        await bench.UntilAsync(HealingEventKind.Recovered, "gitea");
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task The_pause_before_each_further_attempt_is_twice_the_last()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Crash() with { Throttle = new RunbookThrottle { Attempts = 3, Backoff = TimeSpan.FromMilliseconds(60) } });
        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.Escalated, "gitea");
        var runs = (await bench.Store.ListRunsAsync((await bench.ClosedAsync("gitea")).Id, TestContext.Current.CancellationToken)).ToArray();
        Assert.Equal(3, runs.Length);
        Assert.InRange(runs[1].StartedAt - runs[0].EndedAt!.Value, TimeSpan.FromMilliseconds(59), TimeSpan.FromMinutes(1));
        Assert.InRange(runs[2].StartedAt - runs[1].EndedAt!.Value, TimeSpan.FromMilliseconds(119), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_service_that_healing_did_not_help_often_enough_is_left_alone_and_a_person_told_until_when()
    {
        var policy = new HealingPolicy { Echo = TimeSpan.Zero, Service = new BreakerPolicy { Failures = 2, Within = TimeSpan.FromHours(1), Open = TimeSpan.FromHours(1) } };
        await using var bench = await HealingBench.StartAsync(Lab(policy), Crash() with { Throttle = new RunbookThrottle { Attempts = 99, Backoff = TimeSpan.Zero } });
        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.Escalated, "gitea");
        Assert.Equal(2, bench.World.Restarts("gitea"));
        Assert.Contains("has failed 2 times within 1h", (await bench.ClosedAsync("gitea")).Summary, StringComparison.Ordinal);

        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.Escalated, "gitea", times: 2);
        Assert.Equal(2, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task Where_healing_helps_nowhere_nothing_more_is_touched()
    {
        var policy = new HealingPolicy { Echo = TimeSpan.Zero, Lab = new BreakerPolicy { Failures = 2, Within = TimeSpan.FromHours(1), Open = TimeSpan.FromHours(1) } };
        await using var bench = await HealingBench.StartAsync(Lab(policy), Crash() with { Throttle = new RunbookThrottle { Attempts = 2, Backoff = TimeSpan.Zero } });
        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.Escalated, "gitea");
        bench.World.Set("wiki", false);
        await bench.DownAsync("wiki");
        await bench.UntilAsync(HealingEventKind.Escalated, "wiki");
        Assert.Equal(0, bench.World.Restarts("wiki"));
        Assert.Contains("healing anything has failed", (await bench.ClosedAsync("wiki")).Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_right_after_a_persons_restart_is_taken_for_its_echo_and_looked_at_before_anything_is_done()
    {
        var (time, echo) = (new ManualTime(), TimeSpan.FromMinutes(5));
        await using var bench = await HealingBench.StartAsync(Lab(new HealingPolicy { Echo = echo }), time, Crash());
        await bench.Gate.InvokeAsync(
            new GateRequest { Operation = "docker_restart_container", Json = JsonSerializer.SerializeToElement(new { container = "gitea@dev" }), Caller = new Caller(Face.Interactive, "anna") }, TestContext.Current.CancellationToken);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        var waits = await bench.UntilAsync(time, HealingEventKind.IncidentWaits, "gitea");
        Assert.Contains("may be its echo", waits.Text, StringComparison.Ordinal);
        bench.World.Set("gitea", true);
        time.Leap(echo);
        await bench.UntilAsync(time, HealingEventKind.Recovered, "gitea");
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task While_its_guest_is_backed_up_a_service_waits_and_is_healed_afterwards()
    {
        var services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal)
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Monitor = "Gitea", Tier = ServiceTier.Critical, Check = new CheckDefinition { Tcp = "127.0.0.1:1" } },
            ["dev-vm"] = new() { Host = "dev", Provides = ServiceRole.Host, Vm = new VmRef("100") },
        };
        await using var bench = await HealingBench.StartAsync(Lab() with { Services = services }, Crash());
        bench.World.BackedUp = "100";
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        var waits = await bench.UntilAsync(HealingEventKind.IncidentWaits, "gitea");
        Assert.Contains("backs up 100", waits.Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
        bench.World.BackedUp = null;
        await bench.UntilAsync(HealingEventKind.Recovered, "gitea");
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    private static Runbook Crash() => new()
    {
        Name = "crash",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 3, Backoff = TimeSpan.Zero },
        Steps = [new RunbookStep { Id = "restart", Do = "docker_restart_container", With = new JsonObject { ["container"] = "{{ service.container }}" } }],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(5), Within = TimeSpan.FromMilliseconds(40), Every = TimeSpan.FromMilliseconds(10) },
    };

    private static LabDefinition Lab(HealingPolicy? policy = null) => new()
    {
        Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal)
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Monitor = "Gitea", Tier = ServiceTier.Critical, Check = new CheckDefinition { Tcp = "127.0.0.1:1" } },
            ["wiki"] = new() { Container = new ContainerRef("wiki@dev"), Tier = ServiceTier.Critical, Check = new CheckDefinition { Tcp = "127.0.0.1:1" } },
        },
        Policy = new GatePolicy { Healing = policy ?? new HealingPolicy { Echo = TimeSpan.Zero }, Limits = new ActionLimits { Attempts = 100 } },
    };
}
