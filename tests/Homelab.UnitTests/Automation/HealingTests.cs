using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

public sealed class HealingTests
{
    private static readonly Runbook s_crash = new()
    {
        Name = "container-crash-recovery",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.FromMilliseconds(200), Attempts = 3, Backoff = TimeSpan.Zero },
        Steps = [Step("look", "docker_check_container"), Step("restart", "docker_restart_container")],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(20), Within = TimeSpan.FromMilliseconds(80), Every = TimeSpan.FromMilliseconds(20) },
        Otherwise = new RunbookOtherwise { Escalate = "{{ service.name }} is still down. {{ service.hint }}" },
    };

    [Fact]
    public async Task A_crashed_container_is_restarted_proved_and_told()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        Assert.Equal(1, bench.World.Restarts("gitea"));
        var incident = await bench.ClosedAsync("gitea");
        Assert.Equal(IncidentStatus.Recovered, incident.Status);
        Assert.Contains("✅ Recovered", Assert.Single(bench.Told), StringComparison.Ordinal);
        var run = Assert.Single(await bench.Store.ListRunsAsync(incident.Id, TestContext.Current.CancellationToken));
        Assert.Equal(RunStatus.Recovered, run.Status);
        Assert.Contains(run.Evidence, e => e.Contains("container ok", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_container_that_dies_again_is_tried_three_times_and_then_a_person_is_told_with_the_evidence()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.OnRestart = name => bench.World.Set(name, false);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        Assert.Equal(3, bench.World.Restarts("gitea"));
        Assert.Equal(IncidentStatus.Escalated, (await bench.ClosedAsync("gitea")).Status);
        var told = Assert.Single(bench.Told);
        Assert.Contains("Check the database.", told, StringComparison.Ordinal);
        Assert.Contains("tried 3 times", told, StringComparison.Ordinal);
        Assert.Contains("container not ok (exited)", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_alerts_of_one_service_are_one_incident_and_one_action()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        var reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.World.MayRestart = reported.Task;
        bench.World.Set("gitea", false);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => bench.DownAsync("Gitea")));
        reported.SetResult();
        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Single(receipts, r => r.Opened);
        Assert.Equal(1, bench.World.Restarts("gitea"));
    }

    [Fact]
    public async Task The_same_delivery_sent_again_changes_nothing()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("gitea", false);
        await bench.AlertAsync("Gitea", AlertStatus.Down, "same");
        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.True((await bench.AlertAsync("Gitea", AlertStatus.Down, "same")).IsDuplicate);
        Assert.Single(await bench.Store.ListIncidentsAsync(10, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("Unheard-of", AlertStatus.Down)]
    [InlineData("Gitea2", AlertStatus.Down)]
    [InlineData("Gitea", AlertStatus.Test)]
    [InlineData("Gitea", AlertStatus.Up)]
    [InlineData("Gitea", AlertStatus.Pending)]
    [InlineData("Gitea", AlertStatus.Maintenance)]
    public async Task An_alert_that_is_about_nothing_or_asks_for_nothing_is_kept_and_nothing_is_done(string monitor, AlertStatus status)
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        var receipt = await bench.AlertAsync(monitor, status);
        Assert.Null(receipt.Incident);
        Assert.Equal(receipt.Alert, Assert.Single(await bench.Store.ListAlertsAsync(10, TestContext.Current.CancellationToken)).Id);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task A_service_that_answers_by_itself_is_proved_and_left_alone()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        await bench.DownAsync("wiki");
        var recovered = await bench.UntilAsync(HealingEventKind.Recovered, "wiki");
        Assert.Contains("by itself", recovered.Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task What_answers_is_not_restarted_because_its_engine_cannot_be_asked()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.EngineSilent = true;
        await bench.DownAsync("wiki");
        Assert.Contains("cannot be proved", (await bench.UntilAsync(HealingEventKind.Escalated, "wiki")).Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        var told = Assert.Single(bench.Told);
        Assert.Contains("Status: Not Proved", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Down", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_whose_root_is_down_waits_and_only_the_root_is_acted_on()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.OnRestart = name =>
        {
            if (name != "adguard") return;
            foreach (var service in (string[])["dns", "wiki", "blog"]) bench.World.Set(service, true);
        };
        var found = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.World.MayRestart = found.Task;
        foreach (var down in (string[])["adguard", "dns", "wiki", "blog"]) bench.World.Set(down, false);
        await Task.WhenAll(bench.DownAsync("wiki"), bench.DownAsync("blog"));
        await bench.MembersAsync(2);
        found.SetResult();
        foreach (var service in (string[])["dns", "wiki", "blog"]) await bench.UntilAsync(HealingEventKind.Recovered, service);
        Assert.Equal((1, 1), (bench.World.Restarts("adguard"), bench.World.AllRestarts));
        Assert.Equal("dns", (await bench.ClosedAsync("wiki")).Root);
    }

    [Fact]
    public async Task An_important_service_is_given_its_time_and_acted_on_after_it()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.StartAsync(Lab(), time, s_crash);
        bench.World.Set("redis", false);
        var from = time.GetUtcNow();
        await bench.DownAsync("redis");
        await bench.UntilAsync(time, HealingEventKind.IncidentWaits, "redis");
        Assert.Equal(0, bench.World.AllRestarts);
        time.Leap(HealingBench.ImportantDelay);
        await bench.UntilAsync(time, HealingEventKind.Recovered, "redis");
        Assert.Equal(1, bench.World.Restarts("redis"));
        var began = (await bench.UntilAsync(HealingEventKind.RunStarted)).At;
        Assert.True(began - from >= HealingBench.ImportantDelay, $"only {began - from}");
    }

    [Fact]
    public async Task A_root_is_as_urgent_as_the_service_that_needs_it()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.OnRestart = _ => bench.World.Set("forge", true);
        foreach (var down in (string[])["archive", "forge"]) bench.World.Set(down, false);
        // The archive's own tier would be given an hour.
        await bench.DownAsync("archive");
        await bench.UntilAsync(HealingEventKind.IncidentWaits, "archive");
        await bench.DownAsync("forge");
        await bench.UntilAsync(HealingEventKind.Recovered, "archive");
        await bench.UntilAsync(HealingEventKind.Recovered, "forge");
        Assert.Equal((1, 1), (bench.World.Restarts("archive"), bench.World.AllRestarts));
    }

    [Fact]
    public async Task A_root_that_becomes_urgent_before_anybody_works_on_it_does_not_wait_for_its_own_time()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.OnRestart = _ => bench.World.Set("forge", true);
        foreach (var down in (string[])["archive", "forge"]) bench.World.Set(down, false);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bench.OnEvent = e =>
        {
            if (e is { Kind: HealingEventKind.IncidentOpened, Service: "archive" }) goOn.Task.Wait(TestContext.Current.CancellationToken);
        };
        // It is on disk, and stands before its beginning.
        var opening = Task.Run(() => bench.DownAsync("archive"), TestContext.Current.CancellationToken);
        await bench.UntilAsync(HealingEventKind.IncidentOpened, "archive");
        await bench.DownAsync("forge");
        await bench.MembersAsync(1);
        goOn.SetResult();
        await opening;
        await bench.UntilAsync(HealingEventKind.Recovered, "archive");
        await bench.UntilAsync(HealingEventKind.Recovered, "forge");
        Assert.Equal((1, 1), (bench.World.Restarts("archive"), bench.World.AllRestarts));
    }

    [Fact]
    public async Task What_settles_is_given_its_time_whoever_says_meanwhile_that_it_is_up()
    {
        var settle = TimeSpan.FromMilliseconds(400);
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash with { Verify = s_crash.Verify with { Settle = settle, Within = settle * 2 } });
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        var restarted = await bench.UntilAsync(HealingEventKind.StepEnded, "gitea");
        await bench.AlertAsync("Gitea", AlertStatus.Up);
        var recovered = await bench.UntilAsync(HealingEventKind.Recovered, "gitea");
        Assert.True(recovered.At - restarted.At >= settle * 0.95, $"only {recovered.At - restarted.At}");
    }

    [Fact]
    public async Task A_certificate_that_expires_is_told_even_while_its_service_is_down()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.StartAsync(Lab(), time, s_crash);
        bench.World.Set("redis", false);
        await bench.DownAsync("redis");
        await bench.AlertAsync("redis", AlertStatus.Certificate);
        await bench.UntilAsync(time, HealingEventKind.NoticeSent);
        Assert.Contains("Certificate Expires", bench.Told[0], StringComparison.Ordinal);
        time.Leap(HealingBench.ImportantDelay);
        await bench.UntilAsync(time, HealingEventKind.Recovered, "redis");
        Assert.Single(await bench.Store.ListIncidentsAsync(10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_service_without_a_runbook_is_escalated_at_once()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("site", false);
        await bench.DownAsync("site");
        Assert.Equal("no runbook fits", (await bench.UntilAsync(HealingEventKind.Escalated)).Text);
    }

    [Fact]
    public async Task A_step_that_needs_a_person_waits_through_a_restart_and_goes_on_after_a_yes()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Asking());
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded);
        await bench.RestartAsync();
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded, times: 2);
        Assert.Equal(0, bench.World.AllRestarts);
        var approval = Assert.Single(await bench.Approvals.ListPendingAsync(TestContext.Current.CancellationToken));
        Assert.Equal("gitea is down; the caller wants a person to agree", approval.Reason);
        await bench.Approvals.ApproveAsync(approval.Id, "cli:anna", null, TestContext.Current.CancellationToken);
        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Equal(1, bench.World.AllRestarts);
        await bench.UntilAsync(HealingEventKind.NoticeSent, times: 2);
        Assert.Single(bench.Told, t => t.Contains(approval.Id, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_no_is_escalated_and_nothing_is_done()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), Asking());
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.ApprovalNeeded);
        var approval = Assert.Single(await bench.Approvals.ListPendingAsync(TestContext.Current.CancellationToken));
        await bench.Approvals.DenyAsync(approval.Id, "cli:anna", TestContext.Current.CancellationToken);
        Assert.Contains("cli:anna said no", (await bench.UntilAsync(HealingEventKind.Escalated)).Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task A_refusal_of_the_gate_is_escalated_with_its_rule()
    {
        var lab = Lab() with { Policy = new GatePolicy { Healing = new HealingPolicy { Echo = TimeSpan.Zero }, Limits = new ActionLimits { Attempts = 0 } } };
        await using var bench = await HealingBench.StartAsync(lab, s_crash);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        Assert.Contains(Rules.Budget, (await bench.UntilAsync(HealingEventKind.Escalated)).Text, StringComparison.Ordinal);
        Assert.Equal(0, bench.World.AllRestarts);
    }

    [Fact]
    public async Task A_message_that_cannot_be_sent_is_sent_later_and_once()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        var failures = 3;
        bench.OnTell = _ => Interlocked.Decrement(ref failures) >= 0 ? throw new HomelabException(ErrorKind.Unavailable, "TelegramUnreachable", "No route.") : Task.CompletedTask;
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        Assert.Single(bench.Told);
        Assert.Empty(await bench.Store.ListUnsentAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_notifier_that_fails_as_it_should_not_is_reported_and_people_are_told_all_the_same()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        var failures = 2;
        bench.OnTell = _ => Interlocked.Decrement(ref failures) >= 0 ? throw new InvalidOperationException("a bug") : Task.CompletedTask;
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(HealingEventKind.NoticeSent);
        Assert.Single(bench.Told);
        Assert.Contains(bench.Events, e => e.Kind == HealingEventKind.Trouble && e.Text.Contains("a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_feed_that_fails_is_reported_and_listened_to_again()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("gitea", false);
        bench.Engine.Listen(new StumblingFeed());
        await bench.UntilAsync(HealingEventKind.Recovered, "gitea");
        Assert.Contains("stumbled", (await bench.UntilAsync(HealingEventKind.Trouble)).Text, StringComparison.Ordinal);
        Assert.Equal("stumbling", (await bench.ClosedAsync("gitea")).Caller.Identity);
    }

    [Fact]
    public async Task An_alert_soon_after_a_recovery_waits_out_the_cooldown()
    {
        var (time, cooldown) = (new ManualTime(), TimeSpan.FromMinutes(10));
        await using var bench = await HealingBench.StartAsync(Lab(), time, s_crash with { Throttle = s_crash.Throttle with { Cooldown = cooldown } });
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(time, HealingEventKind.Recovered);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");
        await bench.UntilAsync(time, HealingEventKind.IncidentWaits, "gitea");
        Assert.Equal(1, bench.World.AllRestarts);
        time.Leap(cooldown);
        await bench.UntilAsync(time, HealingEventKind.Recovered, times: 2);
        var healed = (await bench.Store.ListRunsAsync(new RunFilter(), TestContext.Current.CancellationToken)).Min(static r => r.EndedAt!.Value);
        var again = (await bench.UntilAsync(HealingEventKind.RunStarted, times: 2)).At;
        Assert.True(again - healed >= cooldown, $"only {again - healed}");
    }

    private static Runbook Asking() => s_crash with { Steps = [Step("restart", "docker_restart_container") with { Approve = true, Because = "{{ service.name }} is {{ alert.status }}" }] };

    private static RunbookStep Step(string id, string operation) => new() { Id = id, Do = operation, With = new JsonObject { ["container"] = "{{ service.container }}" } };

    private static LabDefinition Lab() => new()
    {
        Policy = new GatePolicy { Healing = new HealingPolicy { Echo = TimeSpan.Zero } },
        Services = new Dictionary<string, ServiceDefinition>
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Tier = ServiceTier.Critical, Monitor = "Gitea", Hint = "Check the database." },
            ["redis"] = new() { Container = new ContainerRef("redis@dev"), Tier = ServiceTier.Important },
            ["dns"] = new() { Container = new ContainerRef("adguard@dev"), Tier = ServiceTier.Critical, Check = new CheckDefinition() },
            ["wiki"] = new() { Container = new ContainerRef("wiki@dev"), Tier = ServiceTier.Critical, DependsOn = ["dns"], Check = new CheckDefinition() },
            ["blog"] = new() { Container = new ContainerRef("blog@dev"), Tier = ServiceTier.Critical, DependsOn = ["dns"], Check = new CheckDefinition() },
            ["archive"] = new() { Container = new ContainerRef("archive@dev"), Tier = ServiceTier.Standard, Check = new CheckDefinition() },
            ["forge"] = new() { Container = new ContainerRef("forge@dev"), Tier = ServiceTier.Critical, DependsOn = ["archive"], Check = new CheckDefinition() },
            ["site"] = new() { Tier = ServiceTier.Critical, Check = new CheckDefinition() },
        },
    };

    /// <summary>A feed that fails at first, and then tells that Gitea is down.</summary>
    private sealed class StumblingFeed : IAlertFeed
    {
        private int _watches;

        public string Name => "stumbling";

        public async IAsyncEnumerable<Alert> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            if (Interlocked.Increment(ref _watches) == 1) throw new InvalidOperationException("stumbled");
            yield return new Alert { Source = Name, Status = AlertStatus.Down, Subject = "Gitea", Message = "down", At = DateTimeOffset.UtcNow, Fingerprint = "feed" };
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }
    }
}
