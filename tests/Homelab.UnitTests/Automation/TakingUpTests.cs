using System.Text.Json.Nodes;
using Homelab.Automation.Healing;
using Homelab.Tests;

namespace Homelab.UnitTests.Automation;

/// <summary>What processes that are gone have left is gone on with, without a restart.</summary>
public sealed class TakingUpTests
{
    private static readonly string s_dead = $"{Environment.MachineName}/{Environment.ProcessId}/0";

    private static readonly Runbook s_crash = new()
    {
        Name = "container-crash-recovery",
        Level = Level.Operate,
        Trigger = new RunbookTrigger { Alert = new AlertTrigger { Service = new ServiceFilter { HasContainer = true } } },
        Steps = [new RunbookStep { Id = "restart", Do = "docker_restart_container", With = new JsonObject { ["container"] = "{{ service.container }}" } }],
        Verify = new RunbookVerify { Settle = TimeSpan.FromMilliseconds(20), Within = TimeSpan.FromSeconds(1), Every = TimeSpan.FromMilliseconds(20) },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_incident_of_a_dead_process_is_healed()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("gitea", false);
        await LeaveAsync(bench, s_dead);

        await bench.Engine.TakeUpAsync(Cancellation);

        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Equal(1, bench.World.Restarts("gitea"));
        Assert.Contains(bench.Events, e => e.Kind == HealingEventKind.Trouble && e.Text.Contains("gone on with here", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_incident_of_a_living_process_is_left_to_it()
    {
        const string Owner = "another-machine/1/1";
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("gitea", false);
        await LeaveAsync(bench, Owner);

        await bench.Engine.TakeUpAsync(Cancellation);

        Assert.Equal(0, bench.Engine.Active);
        Assert.Equal(Owner, Assert.Single(await bench.Store.ListOpenIncidentsAsync(Cancellation)).Owner);
    }

    [Fact]
    public async Task What_is_worked_on_already_is_not_begun_twice()
    {
        await using var bench = await HealingBench.StartAsync(Lab(), s_crash);
        bench.World.Set("gitea", false);
        await bench.DownAsync("Gitea");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.Engine.TakeUpAsync(Cancellation)));

        await bench.UntilAsync(HealingEventKind.Recovered);
        Assert.Equal(1, bench.World.Restarts("gitea"));
        Assert.DoesNotContain(bench.Events, e => e.Kind == HealingEventKind.Trouble);
    }

    [Fact]
    public async Task The_successor_looks_again_and_again()
    {
        var time = new ManualTime();
        await using var bench = await HealingBench.OpenAsync(Lab(), time, s_crash);
        await bench.Engine.StartAsync(Cancellation);
        bench.Successor.BeginToHeal();
        await time.WaitedForAsync(bench.Store.TakeOverEvery);
        await LeaveAsync(bench, s_dead);
        await bench.Store.SaveAsync(new HealingChange { Run = CutOff(), Notices = [new Notice { Id = "left", Incident = "left", Text = "left by a dead process", CreatedAt = time.GetUtcNow() }] }, Cancellation);

        time.Advance(bench.Store.TakeOverEvery);

        await bench.UntilAsync(HealingEventKind.NoticeSent, times: 2);
        Assert.Contains("left by a dead process", bench.Told);
        Assert.Equal(bench.Store.Owner, Assert.Single(await bench.Store.ListIncidentsAsync(1, Cancellation)).Owner);
        Assert.Equal(RunStatus.Failed, (await bench.Store.FindRunAsync("run", Cancellation))!.Status);
    }

    private static RunbookRun CutOff() => new()
    {
        Id = "run",
        Runbook = "nightly",
        Attempt = 1,
        Caller = new Caller(Face.Schedule, "nightly"),
        Status = RunStatus.Running,
        StartedAt = DateTimeOffset.UnixEpoch,
        Owner = s_dead,
    };

    private static Task LeaveAsync(HealingBench bench, string owner)
    {
        var caller = new Caller(Face.Webhook, "uptime-alert");
        var alert = new AlertRecord
        {
            Id = "alert",
            Hook = caller.Identity,
            Alert = new Alert { Source = "kuma", Status = AlertStatus.Down, Subject = "Gitea", At = DateTimeOffset.UnixEpoch, Fingerprint = "f" },
            ReceivedAt = DateTimeOffset.UnixEpoch,
            Service = "gitea",
        };
        var incident = new Incident
        {
            Id = "left",
            Service = "gitea",
            Status = IncidentStatus.Waiting,
            Alert = alert.Id,
            Caller = caller,
            OpenedAt = DateTimeOffset.UnixEpoch,
            DueAt = DateTimeOffset.UnixEpoch,
            Runbook = s_crash.Name,
            Owner = owner,
        };
        return bench.Store.AcceptAsync(alert, incident, Cancellation);
    }

    private static LabDefinition Lab() => new()
    {
        Services = new Dictionary<string, ServiceDefinition>
        {
            ["gitea"] = new() { Container = new ContainerRef("gitea@dev"), Monitor = "Gitea", Tier = ServiceTier.Critical },
        },
    };
}
