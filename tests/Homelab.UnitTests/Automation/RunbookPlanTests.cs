using System.Text.Json.Nodes;
using Homelab.Automation.Runbooks;
using static Homelab.UnitTests.Automation.RequestCase;

namespace Homelab.UnitTests.Automation;

public sealed class RunbookPlanTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_plan_says_what_each_step_would_do_and_changes_nothing()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash with
        {
            Steps =
            [
                Step("look", "docker_check_container"),
                Step("restart", "docker_restart_container") with { When = "service.tier == 'standard'" },
                Step("stop", "docker_stop_container"),
                Step("never", "docker_stop_container") with { When = "service.tier == 'critical'" },
                Step("perhaps", "docker_restart_container") with { When = "not steps.look.isUp" },
                Step("other", "docker_restart_container", "{{ steps.look.container.name }}@{{ service.name }}"),
                Step("sure", "docker_restart_container") with { Approve = true },
            ],
        });

        var plan = await bench.Desk.PlanAsync(new RunbookRequest { Runbook = "crash", Service = "gitea", Caller = Clock }, Cancellation);

        Assert.Equal(
            [("look", StepForecast.Runs), ("restart", StepForecast.Runs), ("stop", StepForecast.Asks), ("never", StepForecast.Skipped), ("perhaps", StepForecast.Depends), ("other", StepForecast.Depends), ("sure", StepForecast.Asks)],
            plan.Steps.Select(s => (s.Step, s.Forecast)));
        var restart = plan.Steps[1];
        Assert.Equal("Restart container gitea@dev", restart.Intent!.ToString());
        Assert.Equal("""{"container":"gitea@dev"}""", restart.Input);
        Assert.Contains(restart.Decision!.Findings, f => f.Rule == Rules.Level);
        Assert.Contains("step look", plan.Steps[4].Reason, StringComparison.Ordinal);
        Assert.NotNull(plan.Steps[4].Decision);
        Assert.Equal(("{{ steps.look.container.name }}@{{ service.name }}", (Decision?)null), ((string?)JsonNode.Parse(plan.Steps[5].Input)!["container"], plan.Steps[5].Decision));
        Assert.Null(plan.Throttled);
        await AssertUntouchedAsync(bench);
    }

    [Fact]
    public async Task A_step_for_each_item_is_planned_once_for_each()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash with
        {
            Steps =
            [
                Step("each", "docker_restart_container", "{{ item }}@dev") with { ForEach = "service.dependsOn" },
                Step("look", "docker_check_container"),
                Step("later", "docker_restart_container", "{{ item }}@dev") with { ForEach = "steps.look.items" },
            ],
        });

        var plan = await bench.Desk.PlanAsync(new RunbookRequest { Runbook = "crash", Service = "wiki", Caller = Anna }, Cancellation);

        Assert.Equal([("each", "\"dns\"", "dns"), ("look", null, null), ("later", null, null)], plan.Steps.Select(s => (s.Step, s.Item, s.Item is null ? null : s.Intent!.Target.Name)));
        Assert.Equal(StepForecast.Depends, plan.Steps[2].Forecast);
        var none = await bench.Desk.PlanAsync(new RunbookRequest { Runbook = "crash", Service = "dns", Caller = Anna }, Cancellation);
        Assert.Equal((StepForecast.Skipped, "the list is empty"), (none.Steps[0].Forecast, none.Steps[0].Reason));
    }

    [Fact]
    public async Task What_would_be_refused_is_planned_as_a_failure_and_leaves_no_trace()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash);

        var plan = await bench.Desk.PlanAsync(new RunbookRequest { Runbook = "crash", Service = "gitea", Caller = new Caller(Face.Mcp, "claude") }, Cancellation);

        Assert.Equal((StepForecast.Fails, Requirement.Deny), (plan.Steps[0].Forecast, plan.Steps[0].Decision!.Verdict));
        Assert.Contains(plan.Steps[0].Decision!.Decisive, f => f.Rule == Rules.Level);
        await AssertUntouchedAsync(bench);
    }

    [Fact]
    public async Task A_plan_tells_when_the_throttle_would_hold()
    {
        await using var bench = await HealingBench.OpenAsync(Home, TimeProvider.System, Crash with { Throttle = new RunbookThrottle { Cooldown = TimeSpan.Zero, Attempts = 1 } });
        await bench.Desk.RunAsync(new RunbookRequest { Runbook = "crash", Service = "gitea", Caller = Clock }, Cancellation);

        Assert.Contains("1 are allowed", (await bench.Desk.PlanAsync(new RunbookRequest { Runbook = "crash", Service = "gitea", Caller = Clock }, Cancellation)).Throttled, StringComparison.Ordinal);
        Assert.Null((await bench.Desk.PlanAsync(new RunbookRequest { Runbook = "crash", Service = "gitea", Caller = Anna }, Cancellation)).Throttled);
    }

    private static async Task AssertUntouchedAsync(HealingBench bench)
    {
        Assert.Equal(0, bench.World.AllRestarts);
        Assert.Empty(await bench.Store.ReadAuditTailAsync(10, Cancellation));
        Assert.Empty(await bench.Store.ListRunsAsync(new RunFilter(), Cancellation));
        Assert.Empty(await bench.Approvals.ListPendingAsync(Cancellation));
    }
}
