using System.Text.Json.Nodes;
using Homelab.Automation.Healing;

namespace Homelab.UnitTests.Automation;

/// <summary>How a runbook ends: by its proof, by what a step found out, or by a handover.</summary>
public sealed class RunbookEndTests
{
    private static readonly Runbook s_restart = new()
    {
        Name = "restart",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.FromMilliseconds(200), Attempts = 2, Backoff = TimeSpan.Zero },
        Steps = [Step("restart", "docker_restart_container")],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(10), Within = TimeSpan.FromMilliseconds(60), Every = TimeSpan.FromMilliseconds(10) },
        Otherwise = new RunbookOtherwise { Next = "look" },
    };

    private static readonly Runbook s_look = s_restart with
    {
        Name = "look",
        Trigger = null,
        Throttle = s_restart.Throttle with { Attempts = 1 },
        Steps =
        [
            Step("look", "docker_check_container"),
            new RunbookStep { Id = "lost", When = "not steps.look.isUp", Stop = new RunbookStop { Say = "{{ service.name }} is {{ steps.look.reason }}, and a person must look" } },
            Step("again", "docker_restart_container"),
        ],
        Otherwise = new RunbookOtherwise(),
    };

    [Fact]
    public async Task What_did_not_help_hands_over_and_what_was_found_out_then_ends_it()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart, s_look);
        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);
        await bench.DownAsync("gitea");
        Assert.Equal("gitea is exited, and a person must look", (await bench.UntilAsync(HealingEventKind.Escalated)).Text);
        Assert.Equal(2, bench.World.Restarts("gitea"));
        var incident = await bench.ClosedAsync("gitea");
        Assert.Equal("look", incident.Runbook);
        var runs = await bench.Store.ListRunsAsync(incident.Id, TestContext.Current.CancellationToken);
        Assert.Equal(["restart", "restart", "look"], runs.Select(r => r.Runbook));
        Assert.Equal([1, 2, 3], runs.Select(r => r.Attempt));
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        Assert.Contains("a person must look", Assert.Single(bench.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runbook_that_has_had_its_turn_is_not_handed_over_to_again()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart, s_restart with { Name = "look", Trigger = null, Otherwise = new RunbookOtherwise { Next = "restart" } });
        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);
        await bench.DownAsync("gitea");
        await bench.UntilAsync(HealingEventKind.Escalated);
        Assert.Equal(4, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task A_run_that_finds_nothing_left_to_do_goes_on_to_its_proof()
    {
        var book = s_restart with { Steps = [new RunbookStep { Id = "well", When = "service.tier == 'critical'", Stop = new RunbookStop { Say = "well", As = StopAs.Verify } }, .. s_restart.Steps] };
        await using var bench = await HealingBench.StartAsync(Lab(), book);
        await bench.DownAsync("gitea");
        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Theory]
    [InlineData("result.isUp", IncidentStatus.Recovered)]
    [InlineData("not result.isUp", IncidentStatus.Escalated)]
    [InlineData("result.isUpp", IncidentStatus.Escalated)]
    public async Task A_service_is_back_only_if_what_is_asked_holds_too(string that, IncidentStatus status)
    {
        var book = s_restart with
        {
            Verify = s_restart.Verify with { Ask = [new VerifyQuestion { Do = "docker_check_container", With = new JsonObject { ["container"] = "{{ service.container }}" }, That = that }] },
            Otherwise = new RunbookOtherwise(),
        };
        await using var bench = await HealingBench.StartAsync(Lab(), book);
        bench.World.Set("gitea", false);
        await bench.DownAsync("gitea");
        await bench.UntilAsync(status == IncidentStatus.Recovered ? HealingEventKind.Recovered : HealingEventKind.Escalated);
        Assert.Contains(bench.Events, e => e.Kind == HealingEventKind.Checked && e.Text.Contains($"'{that}'", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_must_hold_for_a_while_and_falls_again_meanwhile_is_not_back()
    {
        var looks = 0;
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart with { Verify = s_restart.Verify with { Hold = TimeSpan.FromHours(1) }, Throttle = s_restart.Throttle with { Attempts = 1 }, Otherwise = new RunbookOtherwise() });
        bench.World.OnLook = name =>
        {
            if (Interlocked.Increment(ref looks) == 12) bench.World.Set(name, false);
        };
        bench.World.Set("gitea", false);
        await bench.DownAsync("gitea");
        await bench.UntilAsync(HealingEventKind.Escalated);
        Assert.Contains(bench.Events, e => e.Text.Contains("container ok", StringComparison.Ordinal));
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task What_holds_as_long_as_it_must_is_back_and_not_before()
    {
        var hold = TimeSpan.FromMilliseconds(300);
        await using var bench = await HealingBench.StartAsync(Lab(), s_restart with { Verify = s_restart.Verify with { Hold = hold } });
        bench.World.Set("gitea", false);
        await bench.DownAsync("gitea");
        var back = await bench.UntilAsync(HealingEventKind.Recovered);
        var first = bench.Events.First(e => e.Kind == HealingEventKind.Checked && e.Text.Contains("container ok", StringComparison.Ordinal));
        Assert.True(back.At - first.At >= hold - TimeSpan.FromMilliseconds(30), $"only {back.At - first.At}");
    }

    private static RunbookStep Step(string id, string operation) => new() { Id = id, Do = operation, With = new JsonObject { ["container"] = "{{ service.container }}" } };

    private static LabDefinition Lab() => new()
    {
        Services = new Dictionary<string, ServiceDefinition> { ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Tier = ServiceTier.Critical } },
    };
}
