using Homelab.Lab.Docker;
using Homelab.State;
using Homelab.SystemTests.Web;
using Homelab.Tests;

namespace Homelab.SystemTests.Cli;

/// <summary>What the clock sets off, in the program as a user starts it.</summary>
public sealed class ScheduleTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_runbook_with_a_schedule_is_run_by_a_process_that_keeps_nothing_else()
    {
        // An address that is not ours, and an incident that nobody works on: neither is its business.
        await using var bench = await CliBench.OpenAsync(static lab => lab.Replace("listen: \"127.0.0.1:0\"", "listen: \"192.0.2.1:18789\"", StringComparison.Ordinal));
        WriteSchedule(bench.Stage, "docker_restart_container");
        await using (var store = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation))
        {
            await store.AcceptAsync(new AlertRecord { Id = "a", Hook = "h", Alert = new Alert { Source = "kuma", Status = AlertStatus.Down, At = DateTimeOffset.UtcNow, Fingerprint = "f" }, ReceivedAt = DateTimeOffset.UtcNow, Service = "dns" }, Left(), Cancellation);
        }

        var serve = bench.Start("serve", "--only", "schedule");
        Assert.Equal("lab 'thinmint' keeps the schedule alone", (await serve.EventAsync("ready")).GetProperty("text").GetString());
        await serve.EventAsync("scheduleFired", "gitea");
        var ended = await serve.EventAsync("runEnded", "gitea");
        Assert.StartsWith("recovered: gitea is proved to be well", ended.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains($"/containers/{bench.Stage.Homelab.ContainerOf("gitea").Id}/restart", bench.Stage.Homelab.Changes.Select(c => c.Path));

        await using (var store = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation))
        {
            Assert.Equal(Left().Id, Assert.Single(await store.ListOpenIncidentsAsync(Cancellation)).Id);
            Assert.Null((await store.FindIncidentAsync(Left().Id, Cancellation))!.Owner);
        }

        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
        Assert.Equal("", serve.Errors);
        var (_, audit, _) = await bench.RunAsync("audit", "list");
        Assert.Contains("schedule:nightly docker_restart_container container:gitea@dev", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_listener_alone_heals_and_keeps_no_schedule()
    {
        await using var bench = await CliBench.OpenAsync();
        WriteSchedule(bench.Stage, "docker_check_container");
        var (serve, _) = await bench.ServeAsync("--only", "listener");
        await bench.CrashAsync("gitea", "Gitea");
        bench.Stage.Homelab.Kuma.StartChecking();
        await serve.EventAsync("recovered", "gitea");
        // More than a second has passed, in which the schedule would have come.
        Assert.DoesNotContain(serve.Output, l => l.Contains("scheduleFired", StringComparison.Ordinal));
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
        await using var store = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation);
        Assert.Null(await store.FindScheduleAsync("nightly", Cancellation));
    }

    [Fact]
    public async Task A_run_that_was_killed_in_the_middle_is_settled_told_and_never_taken_up()
    {
        await using var bench = await CliBench.OpenAsync();
        WriteSchedule(bench.Stage, "docker_restart_container");
        var engine = bench.Stage.Homelab.Engines["dev"];
        engine.Fail(new EngineFault { Kind = EngineFaultKind.Hang, Method = "POST", Path = "/containers/*/restart" });
        var doomed = bench.Start("serve", "--only", "schedule");
        await Eventually.HoldsAsync("the engine has the request", () => Task.FromResult(engine.Changes.Count > 0), Cancellation);
        await doomed.SignalAsync("KILL");
        await doomed.EndAsync();
        engine.Recover();
        // The next one finds no schedule: what it tells is about the run that was cut off.
        File.Delete(Path.Combine(bench.Stage.Folder, "runbooks", "nightly.yaml"));
        bench.Stage.Write("runbooks/other.yaml", "apiVersion: homelab/v1\nkind: Runbook\nmetadata: { name: other }\nspec: { level: monitor, steps: [ { id: look, do: docker_list_containers } ] }\n");

        var serve = bench.Start("serve", "--only", "schedule");

        Assert.Contains("docker_restart_container", (await serve.EventAsync("trouble")).GetProperty("text").GetString(), StringComparison.Ordinal);
        var cut = await serve.EventAsync("trouble");
        Assert.Contains("cut off", cut.GetProperty("text").GetString(), StringComparison.Ordinal);
        await using var store = await SqliteStore.OpenAsync(bench.Stage.StateFile, TimeProvider.System, Cancellation);
        var run = await store.FindRunAsync(cut.GetProperty("run").GetString()!, Cancellation);
        Assert.Equal((RunStatus.Failed, new Caller(Face.Schedule, "nightly")), (run!.Status, run.Caller));
        Assert.Empty(await store.ListOpenAsync(Cancellation));
        Assert.Contains("cut off", (await bench.Stage.Homelab.Telegram.NextAsync(Cancellation)).Text, StringComparison.Ordinal);
        Assert.Single(engine.Changes);
        await serve.SignalAsync("TERM");
        Assert.Equal(0, await serve.EndAsync());
    }

    private static Incident Left() => new()
    {
        Id = "left",
        Service = "dns",
        Status = IncidentStatus.Waiting,
        Alert = "a",
        Caller = new Caller(Face.Webhook, "h"),
        OpenedAt = DateTimeOffset.UnixEpoch,
        DueAt = DateTimeOffset.UnixEpoch,
    };

    private static void WriteSchedule(LabStage stage, string operation) => stage.Write("runbooks/nightly.yaml", $$$"""
        apiVersion: homelab/v1
        kind: Runbook
        metadata: { name: nightly, description: Comes each second. }
        spec:
          level: operate
          trigger: { schedule: { every: 1s, service: gitea } }
          throttle: { cooldown: 0s, attempts: 1000, per: 1s }
          steps:
            - { id: act, do: {{{operation}}}, with: { container: "{{ service.container }}" }, timeout: 5m }
          verify: { settle: 50ms, within: 2m, every: 100ms, checks: [ container, probe ] }
        """);
}
