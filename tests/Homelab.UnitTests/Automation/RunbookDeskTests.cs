using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Automation.Runbooks;
using static Homelab.UnitTests.Automation.RequestCase;

namespace Homelab.UnitTests.Automation;

public sealed class RunbookDeskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_run_for_a_service_is_proved_recorded_and_told_to_the_caller()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.Set("gitea", false);
        var heard = new ConcurrentQueue<HealingEvent>();

        var report = await bench.Desk.RunAsync(Request(Anna) with { Progress = heard.Enqueue }, Cancellation);

        Assert.Equal((RunStatus.Recovered, (string?)null, "gitea"), (report.Run.Status, report.Run.Incident, report.Run.Service));
        Assert.Contains(report.Run.Evidence, e => e.Contains("container ok", StringComparison.Ordinal));
        Assert.Equal(("restart", StepStatus.Succeeded), (Assert.Single(report.Steps).Step, report.Steps[0].Status));
        Assert.Equal(1, bench.World.Restarts("gitea"));
        Assert.Equivalent(report.Run, Assert.Single(await bench.Store.ListRunsAsync(new RunFilter { OnlyOnRequest = true }, Cancellation)));
        Assert.Equal(
            [HealingEventKind.RunStarted, HealingEventKind.StepStarted, HealingEventKind.StepEnded, HealingEventKind.Checked, HealingEventKind.RunEnded],
            heard.Select(e => e.Kind));
        Assert.All(heard, e => Assert.Equal(report.Run.Id, e.Run));
        var intent = Assert.Single(await bench.Store.ReadAuditTailAsync(100, Cancellation), l => l.Kind == AuditKind.Intent);
        Assert.Equal(("interactive", "anna", report.Run.Id), (intent.Trigger, intent.Identity, intent.Run));
        Assert.Empty(await bench.Store.ListIncidentsAsync(10, Cancellation));
        Assert.Empty(bench.Told);
    }

    [Fact]
    public async Task A_run_for_no_service_is_done_when_its_steps_are()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Nightly(Step("restart", "docker_restart_container", "{{ values.name }}@dev")));

        var report = await bench.Desk.RunAsync(new RunbookRequest { Runbook = "nightly", Caller = Anna, Values = new JsonObject { ["name"] = "redis" } }, Cancellation);

        Assert.Equal((RunStatus.Done, (string?)null), (report.Run.Status, report.Run.Service));
        Assert.Equal(1, bench.World.Restarts("redis"));
    }

    [Fact]
    public async Task A_service_that_is_not_well_afterwards_makes_the_run_fail_and_people_are_told_of_unattended_ones()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        bench.World.OnRestart = name => bench.World.Set(name, false);

        Assert.Contains("gitea is not well", (await bench.Desk.RunAsync(Request(Anna), Cancellation)).Run.Summary, StringComparison.Ordinal);
        Assert.Empty(bench.Told);

        Assert.Equal(RunStatus.Failed, (await bench.Desk.RunAsync(Request(Clock), Cancellation)).Run.Status);
        var told = Assert.Single(bench.Told);
        Assert.Contains("Runbook crash for gitea", told, StringComparison.Ordinal);
        Assert.Contains("Check the database.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_needs_a_person_waits_and_is_gone_on_with_after_a_yes()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Asking());

        var waiting = await bench.Desk.RunAsync(Request(Clock), Cancellation);
        Assert.Equal((RunStatus.Waiting, (string?)null, ApprovalStatus.Pending), (waiting.Run.Status, waiting.Run.Owner, waiting.Approval!.Status));
        Assert.Contains(waiting.Approval.Id, Assert.Single(bench.Told), StringComparison.Ordinal);
        Assert.Equal(RunStatus.Waiting, (await bench.Desk.ResumeAsync(waiting.Run.Id, progress: null, Cancellation)).Run.Status);

        await bench.Approvals.ApproveAsync(waiting.Approval.Id, "cli:ben", typedTarget: null, Cancellation);
        var done = await bench.Desk.ResumeAsync(waiting.Run.Id, progress: null, Cancellation);
        Assert.Equal((RunStatus.Recovered, waiting.Run.Id), (done.Run.Status, done.Run.Id));
        Assert.Equal((1, 1), (bench.World.Restarts("gitea"), bench.World.Restarts("first")));
        Assert.Equal(done.Run.EndedAt, (await bench.Desk.ResumeAsync(waiting.Run.Id, progress: null, Cancellation)).Run.EndedAt);
    }

    [Fact]
    public async Task A_no_ends_the_run_as_declined_and_undoes_what_was_done()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Asking());
        var waiting = await bench.Desk.RunAsync(Request(Clock), Cancellation);
        await bench.Approvals.DenyAsync(waiting.Approval!.Id, "cli:ben", Cancellation);

        var ended = await bench.Desk.ResumeAsync(waiting.Run.Id, progress: null, Cancellation);

        Assert.Equal(RunStatus.Declined, ended.Run.Status);
        Assert.Contains("cli:ben said no", ended.Run.Summary, StringComparison.Ordinal);
        Assert.Equal([("first", StepStatus.RolledBack), ("restart", StepStatus.Failed)], ended.Steps.Select(s => (s.Step, s.Status)));
        Assert.Equal((0, 1), (bench.World.Restarts("gitea"), bench.World.Restarts("undo")));
        Assert.Contains(bench.Told, t => t.Contains("Declined", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_no_at_the_prompt_ends_the_run_as_declined_whatever_the_step_says_of_errors()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash with { Steps = [Step("restart", "docker_restart_container") with { OnError = OnError.Continue }, Step("stop", "docker_stop_container")] });
        var person = new Person(answer: false);

        var report = await bench.Desk.RunAsync(Request(Anna) with { Confirmation = person }, Cancellation);

        Assert.Equal(RunStatus.Declined, report.Run.Status);
        Assert.Contains("anna said no", report.Run.Summary, StringComparison.Ordinal);
        Assert.Equal(["Restart container gitea@dev"], person.Asked);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task The_throttle_holds_the_clock_and_not_a_person()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);
        for (var i = 0; i < 3; i++) await bench.Desk.RunAsync(Request(Anna), Cancellation);
        for (var i = 0; i < 2; i++) await bench.Desk.RunAsync(Request(Clock), Cancellation);

        var error = await Assert.ThrowsAsync<HomelabException>(() => bench.Desk.RunAsync(Request(Clock), Cancellation));

        Assert.Equal((ErrorKind.Refused, "RunbookThrottled"), (error.Kind, error.Id));
        Assert.Equal(5, bench.World.Restarts("gitea"));
    }

    [Theory]
    [InlineData("crash", null, "ServiceNeeded")]
    [InlineData("crash", "gitae", "ServiceNotFound")]
    [InlineData("crush", "gitea", "RunbookNotFound")]
    [InlineData("broken", "gitea", "ConfigurationInvalid")]
    public async Task What_cannot_be_run_is_refused_before_anything_is_written_down(string runbook, string? service, string id)
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash, Crash with { Name = "broken", Steps = [Step("look", "docker_chekc_container")] });
        var request = new RunbookRequest { Runbook = runbook, Service = service, Caller = Anna };

        Assert.Equal(id, (await Assert.ThrowsAnyAsync<HomelabException>(() => bench.Desk.RunAsync(request, Cancellation))).Id);
        Assert.Equal(id, (await Assert.ThrowsAnyAsync<HomelabException>(() => bench.Desk.PlanAsync(request, Cancellation))).Id);
        Assert.Empty(await bench.Store.ListRunsAsync(new RunFilter(), Cancellation));
    }

    [Fact]
    public async Task A_run_that_is_stopped_is_written_down_as_failed_and_nothing_is_undone()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Asking() with { Level = Level.Operate });
        bench.World.OnRestart = _ => stop.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Desk.RunAsync(Request(Clock), stop.Token));

        var run = Assert.Single(await bench.Store.ListRunsAsync(new RunFilter(), Cancellation));
        Assert.Equal(RunStatus.Failed, run.Status);
        Assert.Contains("stopped by the caller", run.Summary, StringComparison.Ordinal);
        Assert.Equal([("first", StepStatus.Succeeded)], (await bench.Store.ListStepsAsync(run.Id, Cancellation)).Select(s => (s.Step, s.Status)));
        Assert.Equal(0, bench.World.Restarts("undo"));
    }

    [Fact]
    public async Task A_run_that_was_cut_off_is_told_and_ended_once_and_one_that_waits_is_left_waiting()
    {
        await using var bench = await HealingBench.StartAsync(Home, Crash, Asking() with { Name = "asking" });
        var cut = new RunbookRun { Id = "cut", Runbook = "crash", Service = "gitea", Attempt = 1, Caller = Anna, Status = RunStatus.Verifying, StartedAt = DateTimeOffset.UtcNow, Owner = $"{Environment.MachineName}/{Environment.ProcessId}/0" };
        await bench.Store.SaveAsync(new HealingChange { Run = cut }, Cancellation);
        await bench.Store.SaveAsync(new HealingChange { Run = cut with { Id = "alive", Owner = "another-machine/1/1" } }, Cancellation);
        var waiting = await bench.Desk.RunAsync(Request(Clock) with { Runbook = "asking" }, Cancellation);

        Assert.Equal(["cut"], (await bench.Desk.SettleAsync(Cancellation)).Select(r => r.Id));
        Assert.Empty(await bench.Desk.SettleAsync(Cancellation));

        var ended = await bench.Store.FindRunAsync("cut", Cancellation);
        Assert.Equal((RunStatus.Failed, true), (ended!.Status, ended.EndedAt is not null));
        Assert.Contains("cut off", ended.Summary, StringComparison.Ordinal);
        Assert.Equal("cut", (await bench.UntilAsync(HealingEventKind.Trouble)).Run);
        await bench.UntilAsync(HealingEventKind.NoticeSent, times: 2);
        Assert.Contains(bench.Told, t => t.Contains("cut off", StringComparison.Ordinal));
        Assert.Equal(RunStatus.Waiting, (await bench.Store.FindRunAsync(waiting.Run.Id, Cancellation))!.Status);
        Assert.Equal("RunUnderWay", (await Assert.ThrowsAsync<HomelabException>(() => bench.Desk.ResumeAsync("alive", progress: null, Cancellation))).Id);
        Assert.Equal("RunNotFound", (await Assert.ThrowsAsync<HomelabException>(() => bench.Desk.ResumeAsync("nowhere", progress: null, Cancellation))).Id);
    }

    private static RunbookRequest Request(Caller caller) => new() { Runbook = "crash", Service = "gitea", Caller = caller };

    private static Runbook Asking() => Crash with
    {
        Throttle = Crash.Throttle with { Attempts = 100 },
        Steps =
        [
            Step("first", "docker_restart_container", "first@dev") with { Rollback = new StepRollback { Do = "docker_restart_container", With = new JsonObject { ["container"] = "undo@dev" } } },
            Step("restart", "docker_restart_container") with { Approve = true },
        ],
    };
}
