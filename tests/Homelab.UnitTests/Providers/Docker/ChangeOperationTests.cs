using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class ChangeOperationTests
{
    private static readonly SimulatedContainerSpec s_gitea = new() { Name = "gitea" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_restart_is_one_look_one_act_and_one_look()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea);
        var before = container.StartedAt;

        var after = await bench.RestartAsync("gitea");

        Assert.Equal("gitea@dev", after.ToString());
        Assert.True(after.StartedAt > before);
        Assert.Equal(
            ["GET /_ping", "GET /containers/gitea/json", $"POST /containers/{container.Id}/restart", $"GET /containers/{container.Id}/json"],
            bench.Engine.Requests.Select(r => r.ToString()));
    }

    [Fact]
    public async Task The_journal_knows_the_container_by_its_canonical_name_and_start()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea);
        var before = container.StartedAt;

        await bench.RestartAsync(container.Id[..12]);

        var record = Assert.Single(bench.Store.Changes);
        Assert.Equal("container:gitea@dev", record.Target);
        Assert.Equal($"{container.Id} Running {before.UtcTicks}", record.Mark);
        Assert.Equal(ChangeStatus.Succeeded, record.Status);
        Assert.Contains("\"container\":\"gitea@dev\"", record.Input, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_waits_until_the_container_is_healthy()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = true, HealthyAfter = TimeSpan.FromHours(1) });
        var waits = 0;
        var request = new GateRequest
        {
            Operation = "docker_restart_container",
            Input = new RestartContainer.Input { Container = new ContainerRef("gitea"), Timeout = TimeSpan.FromMinutes(10) },
            Caller = DockerBench.Person,
            Progress = p =>
            {
                if (p.Status.StartsWith("waiting", StringComparison.Ordinal) && ++waits == 2) container.BecomeHealthy();
            },
        };

        var after = Assert.IsType<ContainerDetail>(Assert.IsType<GateOutcome.Done>(await bench.Gate.InvokeAsync(request, Cancel)).Result);
        Assert.Equal(ContainerHealth.Healthy, after.Health);
        Assert.Equal(2, waits);
    }

    [Fact]
    public async Task A_container_that_does_not_become_healthy_in_time_is_a_failure()
    {
        var time = new ManualTime();
        await using var bench = await DockerBench.StartAsync(time, new SimulatedDockerEngineOptions());
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = true, HealthyAfter = TimeSpan.FromHours(1) });

        var restarting = bench.RestartAsync("gitea", TimeSpan.FromSeconds(1));
        await time.WaitedForAsync(DockerBench.FirstPause);
        time.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<HomelabException>(() => restarting);
        Assert.Equal((ErrorKind.Failed, "ContainerNotHealthy"), (e.Kind, e.Id));
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_container_that_dies_after_its_start_is_a_failure_with_its_exit_code()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea).DieAfterStart(times: 1, exitCode: 78);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.RestartAsync("gitea"));

        Assert.Equal((ErrorKind.Failed, "ContainerNotRunning"), (e.Kind, e.Id));
        Assert.Contains("exit code 78", e.Message, StringComparison.Ordinal);
        Assert.Equal(ContainerState.Running, (await bench.RestartAsync("gitea")).State);
    }

    [Fact]
    public async Task A_lost_answer_of_a_restart_that_happened_is_settled_by_a_look()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea);
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostAfter, Method = "POST" });

        var outcome = await RestartWithKeyAsync(bench, key: null);

        Assert.Null(Assert.IsType<GateOutcome.Done>(outcome).Result);
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
        Assert.Equal(2, container.Starts);
        Assert.Single(bench.Engine.Changes);
    }

    [Fact]
    public async Task A_lost_restart_that_did_not_happen_is_a_certain_failure()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea);
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostBefore, Method = "POST" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => RestartWithKeyAsync(bench, key: null));

        Assert.Equal("DockerConnectionLost", e.Id);
        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Store.Changes).Status);
        Assert.Equal(1, container.Starts);
    }

    [Fact]
    public async Task An_engine_that_is_gone_after_the_act_leaves_the_outcome_unknown()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostAfter, Method = "POST" });
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.InternalError, Path = "/containers/????????????????????????????????????????????????????????????????/json", Times = int.MaxValue });

        var e = await Assert.ThrowsAsync<HomelabException>(() => RestartWithKeyAsync(bench, key: null));

        Assert.Equal("OutcomeUnknown", e.Id);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_container_that_was_removed_after_a_lost_answer_cannot_be_settled()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea);
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostAfter, Method = "POST" });
        bench.Engine.RequestReceived += (_, e) =>
        {
            if (bench.Engine.Changes.Count == 1 && e.Request.Method == "GET") bench.Engine.Remove(container);
        };

        var e = await Assert.ThrowsAsync<HomelabException>(() => RestartWithKeyAsync(bench, key: null));

        Assert.Equal("OutcomeUnknown", e.Id);
    }

    [Fact]
    public async Task The_same_wish_is_never_carried_out_twice()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);

        await RestartWithKeyAsync(bench, "run-1/restart");
        await RestartWithKeyAsync(bench, "run-1/restart");

        Assert.Single(bench.Engine.Changes);
    }

    [Fact]
    public async Task A_missing_container_is_told_before_anything_is_done()
    {
        await using var bench = await DockerBench.StartAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.RestartAsync("gitea"));

        Assert.Equal("ContainerNotFound", e.Id);
        Assert.Empty(bench.Engine.Changes);
        Assert.Empty(bench.Store.Changes);
    }

    [Fact]
    public async Task Starting_a_running_container_changes_nothing()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea);
        var before = container.StartedAt;

        var after = await bench.ChangeAsync("docker_start_container", new StartContainer.Input { Container = new ContainerRef("gitea") });

        Assert.Equal(ContainerState.Running, after.State);
        Assert.Equal(before, container.StartedAt);
    }

    [Fact]
    public async Task An_exited_container_is_started()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea with { HasHealthCheck = true, HealthyAfter = TimeSpan.FromMilliseconds(20) }).Crash(1);

        var after = await bench.ChangeAsync("docker_start_container", new StartContainer.Input { Container = new ContainerRef("gitea") }, DockerBench.Hook);

        Assert.True(ContainerCheck.Of(after).IsUp);
    }

    [Fact]
    public async Task A_stop_is_seen_and_a_second_one_changes_nothing()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        var input = new StopContainer.Input { Container = new ContainerRef("gitea"), Grace = TimeSpan.FromSeconds(3) };

        var first = await bench.ChangeAsync("docker_stop_container", input);
        var second = await bench.ChangeAsync("docker_stop_container", input);

        Assert.Equal((ContainerState.Exited, 0), (first.State, first.ExitCode));
        Assert.Equal(first.FinishedAt, second.FinishedAt);
        Assert.All(bench.Engine.Changes, r => Assert.Equal("?t=3", r.Query));
    }

    [Theory]
    [InlineData(EngineFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(EngineFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task A_lost_answer_of_a_stop_is_settled_by_the_state(EngineFaultKind fault, ChangeStatus expected)
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        bench.Engine.Fail(new EngineFault { Kind = fault, Method = "POST" });

        await Record.ExceptionAsync(() => bench.Gate.InvokeAsync(
            new GateRequest { Operation = "docker_stop_container", Input = new StopContainer.Input { Container = new ContainerRef("gitea") }, Caller = DockerBench.Person }, Cancel));

        Assert.Equal(expected, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task Nobody_stops_a_container_unattended_without_an_approval()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        var request = new GateRequest { Operation = "docker_stop_container", Input = new StopContainer.Input { Container = new ContainerRef("gitea") }, Caller = DockerBench.Hook };

        Assert.IsType<GateOutcome.Waiting>(await bench.Gate.InvokeAsync(request, Cancel));

        Assert.Empty(bench.Engine.Changes);
        Assert.True(bench.Engine.Container("gitea").Running);
    }

    [Fact]
    public async Task A_dry_run_asks_the_engine_nothing_but_reads()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        var request = new GateRequest { Operation = "docker_restart_container", Input = new RestartContainer.Input { Container = new ContainerRef("gitea") }, Caller = DockerBench.Hook, DryRun = true };

        var planned = Assert.IsType<GateOutcome.Planned>(await bench.Gate.InvokeAsync(request, Cancel));

        Assert.Equal("Restart container gitea@dev", planned.Intent.ToString());
        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task A_restart_that_is_cancelled_while_it_waits_for_health_ends_and_is_settled()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(s_gitea with { HasHealthCheck = true, HealthyAfter = TimeSpan.FromHours(1) });
        using var leaving = new CancellationTokenSource();
        var request = new GateRequest
        {
            Operation = "docker_restart_container",
            Input = new RestartContainer.Input { Container = new ContainerRef("gitea") },
            Caller = DockerBench.Person,
            Progress = p =>
            {
                if (p.Status.StartsWith("waiting", StringComparison.Ordinal)) leaving.Cancel();
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Gate.InvokeAsync(request, leaving.Token));

        Assert.Equal(2, container.Starts);
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
    }

    private static Task<GateOutcome> RestartWithKeyAsync(DockerBench bench, string? key) => bench.Gate.InvokeAsync(
        new GateRequest { Operation = "docker_restart_container", Input = new RestartContainer.Input { Container = new ContainerRef("gitea@dev") }, Caller = DockerBench.Hook, Key = key },
        Cancel);
}
