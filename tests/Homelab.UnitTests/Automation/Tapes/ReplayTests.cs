using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Automation.Tapes;

namespace Homelab.UnitTests.Automation.Tapes;

public sealed class ReplayTests
{
    private static readonly DateTimeOffset s_noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly Runbook s_restart = new()
    {
        Name = "restart",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Throttle = new RunbookThrottle { Cooldown = TimeSpan.FromMinutes(10), Attempts = 2, Backoff = TimeSpan.FromSeconds(10) },
        Steps = [new RunbookStep { Id = "restart", Do = "docker_restart_container", With = new JsonObject { ["container"] = "{{ service.container }}" } }],
        Verify = new RunbookVerify { Within = TimeSpan.FromSeconds(60) },
    };

    private LabDefinition _lab = Lab();

    [Fact]
    public async Task An_incident_that_is_up_again_after_a_restart_is_told_with_its_step_and_decision()
    {
        var incident = Assert.Single((await PlayAsync(Line(0, "gitea", AlertStatus.Down), Line(40, "gitea", AlertStatus.Up))).Incidents);
        Assert.Equal((ForecastOutcome.UpAfterAction, 1, 2, "restart"), (incident.Outcome, incident.Attempts, incident.Alerts, incident.Runbook));
        Assert.Equal((s_noon, s_noon, s_noon.AddSeconds(40)), (incident.OpenedAt, incident.ActedAt!.Value, incident.ClosedAt));
        var step = Assert.Single(incident.Steps);
        Assert.Equal(("docker_restart_container", "gitea@dev", StepForecast.Runs), (step.Operation, step.Target, step.Forecast));
    }

    [Fact]
    public async Task What_is_up_before_its_tier_s_time_has_come_is_left_alone()
    {
        var incident = Assert.Single((await PlayAsync(Line(0, "wiki", AlertStatus.Down), Line(100, "wiki", AlertStatus.Up))).Incidents);
        Assert.Equal((ForecastOutcome.CameBack, 0, null), (incident.Outcome, incident.Attempts, incident.ActedAt));
    }

    [Fact]
    public async Task An_important_service_is_acted_on_after_its_delay()
    {
        var incident = Assert.Single((await PlayAsync(Line(0, "wiki", AlertStatus.Down))).Incidents);
        Assert.Equal(s_noon.AddMinutes(5), incident.ActedAt);
        Assert.Equal((ForecastOutcome.Escalated, 2), (incident.Outcome, incident.Attempts));
    }

    [Fact]
    public async Task Members_wait_for_their_root_even_if_its_own_alert_comes_later()
    {
        var result = await PlayAsync(Line(0, "blog", AlertStatus.Down), Line(1, "shop", AlertStatus.Down), Line(3, "dns", AlertStatus.Down), Line(30, "dns", AlertStatus.Up), Line(31, "blog", AlertStatus.Up), Line(32, "shop", AlertStatus.Up));
        Assert.Equal(["blog", "shop", "dns"], result.Incidents.Select(i => i.Service));
        Assert.Equal([ForecastOutcome.CameBackWithRoot, ForecastOutcome.CameBackWithRoot, ForecastOutcome.UpAfterAction], result.Incidents.Select(i => i.Outcome));
        Assert.Equal(["dns", "dns", null], result.Incidents.Select(i => i.Root));
        Assert.Equal(["blog", "shop"], result.Incidents[2].Members);
        Assert.Equal(1, result.Incidents.Sum(i => i.Attempts));
    }

    [Fact]
    public async Task A_member_that_stays_down_after_its_root_is_acted_on_by_itself()
    {
        var result = await PlayAsync(Line(0, "dns", AlertStatus.Down), Line(1, "blog", AlertStatus.Down), Line(30, "dns", AlertStatus.Up), Line(200, "blog", AlertStatus.Up));
        Assert.Equal(s_noon.AddSeconds(90), result.Incidents[1].ActedAt);
    }

    [Fact]
    public async Task After_a_recovery_the_cooldown_holds_the_next_incident_back()
    {
        var result = await PlayAsync(Line(0, "gitea", AlertStatus.Down), Line(30, "gitea", AlertStatus.Up), Line(60, "gitea", AlertStatus.Down), Line(1200, "gitea", AlertStatus.Up));
        Assert.Contains("cooldown of restart", Assert.Single(result.Incidents[1].HeldBack), StringComparison.Ordinal);
        Assert.Equal(s_noon.AddSeconds(30).AddMinutes(10), result.Incidents[1].ActedAt);
    }

    [Fact]
    public async Task Attempts_end_with_a_person_being_told()
    {
        var incident = Assert.Single((await PlayAsync(Line(0, "gitea", AlertStatus.Down))).Incidents);
        Assert.Equal((ForecastOutcome.Escalated, 2), (incident.Outcome, incident.Attempts));
        Assert.Equal(s_noon.AddSeconds(60 + 10 + 60 + 20), incident.ClosedAt);
        Assert.Contains("tried 2 times", incident.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_policy_wants_asked_waits_for_a_person_until_the_question_expires()
    {
        _lab = _lab with { Policy = new GatePolicy { Approvals = new Dictionary<string, Requirement> { ["docker_*"] = Requirement.Ask }, Approval = new ApprovalPolicy { Expiry = TimeSpan.FromMinutes(15) } } };
        var answered = Assert.Single((await PlayAsync(Line(0, "gitea", AlertStatus.Down), Line(60, "gitea", AlertStatus.Up))).Incidents);
        Assert.Equal((ForecastOutcome.UpWhileAsking, StepForecast.Asks), (answered.Outcome, answered.Steps[0].Forecast));
        var silent = Assert.Single((await PlayAsync(Line(0, "gitea", AlertStatus.Down))).Incidents);
        Assert.Equal((ForecastOutcome.Escalated, s_noon.AddMinutes(15)), (silent.Outcome, silent.ClosedAt));
    }

    [Fact]
    public async Task What_policy_denies_is_told_with_its_rule()
    {
        _lab = _lab with { Access = new AccessPolicy { Webhook = Level.Monitor } };
        var incident = Assert.Single((await PlayAsync(Line(0, "gitea", AlertStatus.Down))).Incidents);
        Assert.Equal((ForecastOutcome.Escalated, StepForecast.Fails), (incident.Outcome, incident.Steps[0].Forecast));
        Assert.Contains("has level Monitor", incident.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storm_is_held_back_by_the_limits_of_its_host()
    {
        _lab = _lab with { Policy = new GatePolicy { Limits = new ActionLimits { Blast = new BlastLimit { Least = 1, Percent = 1 } } } };
        var result = await PlayAsync(Line(0, "gitea", AlertStatus.Down), Line(1, "dns", AlertStatus.Down));
        Assert.Contains("were interrupted", result.Incidents[1].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repeated_and_unmatched_alerts_are_counted_and_open_nothing()
    {
        var line = Line(0, "gitea", AlertStatus.Test);
        var result = await PlayAsync(line, line, Line(1, "unheard-of", AlertStatus.Down));
        Assert.Equal((3, 1, 1), (result.Alerts, result.Duplicates, result.Unmatched["unheard-of"]));
        Assert.Empty(result.Incidents);
    }

    [Fact]
    public async Task A_line_that_cannot_be_read_is_told_and_the_others_are_played()
    {
        var text = JsonSerializer.Serialize(Line(0, "gitea", AlertStatus.Down), HomelabJson.Options) + "\n{ \"at\": 1 }\n";
        var result = await Replay().PlayAsync(TapeReader.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.StartsWith("line 2: ", Assert.Single(result.Unreadable), StringComparison.Ordinal);
        Assert.Equal("gitea", Assert.Single(result.Incidents).Service);
    }

    [Fact]
    public async Task Ten_thousand_alerts_are_played_in_a_moment()
    {
        var tape = Enumerable.Range(0, 10_000).Select(i => Line(i, (i % 4) switch { 0 => "gitea", 1 => "dns", 2 => "blog", _ => "wiki" }, i / 40 % 2 == 0 ? AlertStatus.Down : AlertStatus.Up)).ToArray();
        await PlayAsync(tape[..400]);
        var clock = Stopwatch.StartNew();
        var result = await PlayAsync(tape);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Alerts / clock.Elapsed.TotalSeconds:F0} alerts a second, {result.Incidents.Count} incidents"));
        // It tells of nearly three hours, of which nobody may wait for any.
        Assert.True(clock.Elapsed < TimeSpan.FromMinutes(2), $"took {clock.Elapsed}");
    }

    private Task<HealingBacktest> PlayAsync(params TapeEntry[] lines) =>
        Replay().PlayAsync(lines.Select((line, i) => new TapeReading(i + 1, line, "")).ToAsyncEnumerable(), TestContext.Current.CancellationToken);

    private Replay Replay() => new(_lab, new OperationCatalog([new Untouchable()]), [s_restart], new HealingTempo(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)));

    private static int s_alerts;

    private static TapeEntry Line(int second, string subject, AlertStatus status) => new()
    {
        At = s_noon.AddSeconds(second),
        Hook = "uptime-alert",
        Source = "kuma",
        Alert = new Alert { Source = "kuma", Status = status, Subject = subject, Message = $"[{subject}]", At = s_noon.AddSeconds(second), Fingerprint = $"f{Interlocked.Increment(ref s_alerts)}" },
    };

    private static LabDefinition Lab() => new()
    {
        Services = new Dictionary<string, ServiceDefinition>
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Tier = ServiceTier.Critical },
            ["dns"] = new() { Container = new ContainerRef("adguard@dev"), Tier = ServiceTier.Critical },
            ["blog"] = new() { Container = new ContainerRef("blog@dev"), Tier = ServiceTier.Critical, DependsOn = ["dns"] },
            ["shop"] = new() { Container = new ContainerRef("shop@dev"), Tier = ServiceTier.Critical, DependsOn = ["dns"] },
            ["wiki"] = new() { Container = new ContainerRef("wiki@dev"), Tier = ServiceTier.Important },
        },
    };

    /// <summary>An operation that ends the test when anybody runs it, prepares it or asks it about its target.</summary>
    [Operation("docker_restart_container", Level.Operate, Risk.Disrupt, Idempotent = true, Unattended = Requirement.Auto), Description("Restarts a container.")]
    private sealed class Untouchable : Change<HealingWorld.ContainerInput, ContainerDetail>
    {
        public override Intent Describe(HealingWorld.ContainerInput input) => new("Restart container", new Target("container", input.Container.Name, input.Container.Host));

        protected override Task<Prepared<HealingWorld.ContainerInput>> PrepareAsync(HealingWorld.ContainerInput input, OperationContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A replay asked an operation to look.");

        protected override Task<ContainerDetail> RunAsync(HealingWorld.ContainerInput input, OperationContext context, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("A replay ran an operation.");
    }
}
