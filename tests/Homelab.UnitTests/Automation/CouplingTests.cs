using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

public sealed class CouplingTests
{
    private static readonly Runbook s_crash = new()
    {
        Name = "container-crash-recovery",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 3 },
        Steps = [Step("look", "docker_check_container"), Step("restart", "docker_restart_container")],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(20), Within = TimeSpan.FromMilliseconds(400), Every = TimeSpan.FromMilliseconds(20) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_monitor_is_paused_before_the_interruption_and_resumed_before_the_proof()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor);
        bench.World.OnRestart = _ => bench.World.Quiet.Tell("restart");
        await HealAsync(bench);
        Assert.Equal(["pause Gitea", "restart", "resume Gitea"], bench.World.Quiet.Story);
        var run = await RunAsync(bench);
        var evidence = run.Evidence.ToList();
        Assert.InRange(evidence.FindIndex(static e => e.Contains("is resumed", StringComparison.Ordinal)), 0, evidence.FindLastIndex(static e => e.Contains("container ok", StringComparison.Ordinal)));
        Assert.Empty(await bench.Store.ListOpenHushesAsync(Cancellation));
    }

    [Fact]
    public async Task Both_are_hushed_where_both_are_wanted_and_the_silence_has_an_end_of_its_own()
    {
        await using var bench = await StartAsync(ServiceQuiet.Both);
        var from = DateTimeOffset.UtcNow;
        DateTimeOffset? until = null;
        bench.World.OnRestart = _ => until = bench.World.Quiet.Active.Single().EndsAt;
        await HealAsync(bench);
        Assert.Equal(["pause Gitea", "silence service=\"gitea\"", "resume Gitea", "tell again service=\"gitea\""], bench.World.Quiet.Story);
        Assert.InRange(until!.Value.AddMinutes(-10), from, DateTimeOffset.UtcNow);
    }

    [Theory]
    [InlineData(ServiceQuiet.None)]
    [InlineData(null)]
    public async Task Nothing_is_hushed_where_nobody_wants_it(ServiceQuiet? quiet)
    {
        await using var bench = await StartAsync(quiet);
        await HealAsync(bench);
        Assert.Empty(bench.World.Quiet.Story);
    }

    [Fact]
    public async Task What_the_lab_wants_holds_for_every_service_that_does_not_say_otherwise()
    {
        await using var bench = await StartAsync(quiet: null, policy: new CouplingPolicy { Monitors = true, Silences = true, Label = "app" });
        await HealAsync(bench);
        Assert.Equal(["pause Gitea", "silence app=\"gitea\"", "resume Gitea", "tell again app=\"gitea\""], bench.World.Quiet.Story);
    }

    [Fact]
    public async Task What_a_person_has_paused_stays_paused()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor);
        bench.World.Quiet.SetPaused("Gitea", true);
        await HealAsync(bench);
        Assert.True(bench.World.Quiet.IsPaused("Gitea"));
        Assert.Empty(bench.World.Quiet.Story);
        Assert.Contains((await RunAsync(bench)).Evidence, static e => e.Contains("was paused before, and stays so", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Healing_goes_on_where_nothing_can_be_hushed_and_the_evidence_says_so()
    {
        await using var bench = await StartAsync(ServiceQuiet.Both);
        bench.World.Quiet.IsAway = true;
        await HealAsync(bench);
        Assert.Equal(1, bench.World.Restarts("gitea"));
        Assert.Equal(2, (await RunAsync(bench)).Evidence.Count(static e => e.Contains("could not be hushed: The monitoring gives no answer.", StringComparison.Ordinal)));
        Assert.Empty(await bench.Store.ListOpenHushesAsync(Cancellation));
    }

    [Fact]
    public async Task Nobody_is_asked_for_the_sake_of_a_hush()
    {
        var approvals = new Dictionary<string, Requirement>(StringComparer.Ordinal) { ["kuma_pause_monitor"] = Requirement.Ask };
        await using var bench = await StartAsync(ServiceQuiet.Monitor, approvals: approvals);
        await HealAsync(bench);
        Assert.Empty(bench.World.Quiet.Story);
        Assert.Empty(await bench.Store.ListApprovalsAsync(ApprovalStatus.Pending, Cancellation));
    }

    [Fact]
    public async Task Nothing_is_hushed_while_a_person_is_asked()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor, s_crash with { Steps = [Step("restart", "docker_restart_container") with { Approve = true }] });
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded);
        Assert.Empty(bench.World.Quiet.Story);
        var approval = Assert.Single(await bench.Store.ListApprovalsAsync(ApprovalStatus.Pending, Cancellation));
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, Cancellation);
        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Equal(["pause Gitea", "resume Gitea"], bench.World.Quiet.Story);
    }

    [Fact]
    public async Task A_failing_undo_hides_nothing_is_told_and_is_tried_until_it_works()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor);
        bench.World.Quiet.RefuseUndoing = 4;
        await HealAsync(bench);
        Assert.Equal(IncidentStatus.Recovered, (await bench.ClosedAsync("gitea")).Status);
        await Eventually.HoldsAsync("the monitor is active", () => Task.FromResult(!bench.World.Quiet.IsPaused("Gitea")), Cancellation);
        Assert.Contains((await RunAsync(bench)).Evidence, static e => e.Contains("is still hushed", StringComparison.Ordinal));
        await Eventually.HoldsAsync("people are told twice", () => Task.FromResult(bench.Told.Count(static t => t.Contains("Gitea", StringComparison.Ordinal)) == 2), Cancellation);
        Assert.Contains(bench.Told, static t => t.Contains("🔇", StringComparison.Ordinal) && t.Contains("It is not done.", StringComparison.Ordinal));
        Assert.Contains(bench.Told, static t => t.Contains("is watched again", StringComparison.Ordinal));
        Assert.Contains(bench.Events, static e => e.Kind == HealingEventKind.Trouble);
    }

    [Fact]
    public async Task A_step_that_fails_leaves_nothing_hushed()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor);
        bench.World.OnRestart = static _ => throw new HomelabException(ErrorKind.Invalid, "NotStartable", "It cannot be started.");
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.Escalated);
        Assert.Equal(["pause Gitea", "resume Gitea"], bench.World.Quiet.Story);
    }

    [Fact]
    public async Task A_run_on_request_is_hushed_as_well()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor);
        var report = await bench.Desk.RunAsync(new RunbookRequest { Runbook = s_crash.Name, Service = "gitea", Caller = new Caller(Face.Interactive, "anna") }, Cancellation);
        Assert.Equal(RunStatus.Recovered, report.Run.Status);
        Assert.Equal(["pause Gitea", "resume Gitea"], bench.World.Quiet.Story);
    }

    [Fact]
    public async Task Beyond_its_time_a_hush_is_undone_although_the_run_goes_on()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor, policy: new CouplingPolicy { For = TimeSpan.FromMilliseconds(200) });
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.World.MayRestart = goOn.Task;
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await Eventually.HoldsAsync("the monitor is active again", () => Task.FromResult(bench.World.Quiet.Story is ["pause Gitea", "resume Gitea"]), Cancellation);
        Assert.Equal(0, bench.Events.Count(static e => e.Kind == HealingEventKind.Recovered));
        goOn.SetResult();
        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Equal(["pause Gitea", "resume Gitea"], bench.World.Quiet.Story);
    }

    [Fact]
    public async Task Hushes_use_up_no_limit()
    {
        await using var bench = await StartAsync(ServiceQuiet.Monitor, limits: new ActionLimits { Rate = 3, Attempts = 2 });
        for (var time = 1; time <= 2; time++)
        {
            bench.World.Set("gitea", false);
            await bench.DownAsync("Gitea");
            await bench.UntilAsync(HealingEventKind.Recovered, times: time);
        }

        Assert.Equal(["pause Gitea", "resume Gitea", "pause Gitea", "resume Gitea"], bench.World.Quiet.Story);
    }

    private static async Task HealAsync(HealingBench bench)
    {
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.Recovered);
    }

    private static async Task<RunbookRun> RunAsync(HealingBench bench) => Assert.Single(await bench.Store.ListRunsAsync((await bench.ClosedAsync("gitea")).Id, Cancellation));

    private static Task<HealingBench> StartAsync(ServiceQuiet? quiet, Runbook? runbook = null, CouplingPolicy? policy = null, IReadOnlyDictionary<string, Requirement>? approvals = null, ActionLimits? limits = null) =>
        HealingBench.StartAsync(
            new LabDefinition
            {
                Policy = new GatePolicy
                {
                    Healing = new HealingPolicy { Echo = TimeSpan.Zero },
                    Coupling = policy ?? new CouplingPolicy(),
                    Approvals = approvals ?? new Dictionary<string, Requirement>(StringComparer.Ordinal),
                    Limits = limits ?? new ActionLimits(),
                },
                Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal)
                {
                    ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Tier = ServiceTier.Critical, Monitor = "Gitea", Quiet = quiet },
                },
            },
            runbook ?? s_crash);

    private static RunbookStep Step(string id, string operation) => new() { Id = id, Do = operation, With = new JsonObject { ["container"] = "{{ service.container }}" } };
}
