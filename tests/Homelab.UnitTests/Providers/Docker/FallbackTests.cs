using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

/// <summary>An engine whose API is silent is asked by the docker program on its host.</summary>
public sealed class FallbackTests
{
    private const string Id = "5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";
    private const string Inspect = "docker container inspect";

    private readonly RecordedHosts _hosts = new("dev");
    private readonly ManualTime _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silent_engines_containers_are_listed_by_the_docker_program_of_its_host()
    {
        await using var bench = await SilentAsync();
        _hosts.On("docker container ls", Id + "\n");
        _hosts.On(Inspect, Json("web"));

        var container = Assert.Single(await bench.QueryAsync<Container>("docker_list_containers", new { }));

        Assert.Equal(("web@dev", ContainerState.Running, EngineWay.Ssh), (container.ToString(), container.State, container.Via));
        Assert.IsType<Container>(container);
        Assert.Equal(["docker container ls --all --quiet --no-trunc", $"{Inspect} -- {Id}"], _hosts.Lines);
        Assert.Contains(bench.Trace.Lines, static l => l.Contains("cannot be reached", StringComparison.Ordinal) && l.Contains("by SSH for 15s", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_host_without_containers_is_asked_once()
    {
        await using var bench = await SilentAsync();
        _hosts.On("docker container ls");

        Assert.Empty(await bench.QueryAsync<Container>("docker_list_containers", new { }));
        Assert.Single(_hosts.Lines);
    }

    [Fact]
    public async Task A_container_that_is_removed_while_it_is_listed_is_left_out()
    {
        await using var bench = await SilentAsync();
        _hosts.On("docker container ls", Id + "\n" + Id.Replace('5', '6') + "\n");
        _hosts.On(Inspect, Json("web"), "Error: No such container: 6f70\n", exitCode: 1);

        Assert.Equal("web", Assert.Single(await bench.QueryAsync<Container>("docker_list_containers", new { })).Name);
    }

    [Fact]
    public async Task An_engine_that_answers_is_never_asked_another_way()
    {
        await using var bench = await StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "web" });

        Assert.Equal(EngineWay.Api, Assert.Single(await bench.QueryAsync<Container>("docker_list_containers", new { })).Via);
        Assert.Empty(_hosts.Lines);
    }

    [Theory]
    [InlineData(EngineFaultKind.InternalError, "DockerFailed")]
    [InlineData(EngineFaultKind.MalformedJson, "DockerAnswerUnreadable")]
    [InlineData(EngineFaultKind.LostBefore, "DockerConnectionLost")]
    public async Task What_an_engine_that_was_reached_does_wrong_is_no_reason_to_go_another_way(EngineFaultKind kind, string id)
    {
        await using var bench = await StartAsync();
        bench.Engine.Fail(new EngineFault { Kind = kind, Path = "/containers/*", Times = int.MaxValue });

        Assert.Equal(id, (await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<Container>("docker_list_containers", new { }))).Id);
        Assert.Empty(_hosts.Lines);
    }

    [Fact]
    public async Task Without_a_login_the_silence_is_told_as_it_is()
    {
        await using var bench = await DockerBench.StartAsync(_time, new SimulatedDockerEngineOptions(), static l => l, new RecordedHosts("other"));
        await bench.Engine.GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<Container>("docker_list_containers", new { }));

        Assert.Equal("DockerUnreachable", e.Id);
        Assert.DoesNotContain("SSH", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_silence_is_remembered_for_a_while_and_then_the_api_is_asked_again()
    {
        await using var bench = await SilentAsync();
        _hosts.On(Inspect, Json("web"));
        Assert.Equal(EngineWay.Ssh, (await FindAsync(bench)).Via);
        await bench.Engine.ComeUpAsync(Cancel);
        bench.Engine.Add(new SimulatedContainerSpec { Name = "web" });

        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(EngineWay.Ssh, (await FindAsync(bench)).Via);
        Assert.Empty(bench.Engine.Requests);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(EngineWay.Api, (await FindAsync(bench)).Via);
        Assert.Equal(2, _hosts.Lines.Count);
    }

    [Theory]
    [InlineData("SshUnreachable", ErrorKind.Unavailable)]
    [InlineData("SshDenied", ErrorKind.Denied)]
    [InlineData("HostKeyChanged", ErrorKind.Denied)]
    public async Task With_both_ways_closed_both_causes_are_told_and_the_next_call_tries_the_api_first(string id, ErrorKind kind)
    {
        await using var bench = await SilentAsync();
        _hosts.On("docker", _ => throw new HomelabException(kind, id, "10.0.0.9 did this and that. Do something.", "dev") { WayOut = "Do something.", NothingHappened = true });

        var e = await Assert.ThrowsAsync<HomelabException>(() => FindAsync(bench));
        await bench.Engine.ComeUpAsync(Cancel);
        bench.Engine.Add(new SimulatedContainerSpec { Name = "web" });

        Assert.Equal(("DockerUnreachable", "dev", true), (e.Id, e.Target, e.NothingHappened));
        Assert.Contains("cannot be reached", e.Message, StringComparison.Ordinal);
        Assert.Contains("Nor does the way over SSH to the docker program there help: 10.0.0.9 did this and that.", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Do something.", e.Message, StringComparison.Ordinal);
        Assert.Equal(EngineWay.Api, (await FindAsync(bench)).Via);
    }

    [Theory]
    [InlineData("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?", 1, "the docker program there says")]
    [InlineData("sh: 1: docker: not found", 127, "no docker program there")]
    [InlineData("permission denied while trying to connect to the Docker daemon socket", 1, "group docker")]
    public async Task A_host_whose_docker_program_reaches_no_engine_either_is_unreachable_with_both_causes(string error, int exitCode, string told)
    {
        await using var bench = await SilentAsync();
        _hosts.On("docker", error: error, exitCode: exitCode);

        var e = await Assert.ThrowsAsync<HomelabException>(() => FindAsync(bench));

        Assert.Equal((ErrorKind.Unavailable, "DockerUnreachable"), (e.Kind, e.Id));
        Assert.Contains(told, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_container_that_the_docker_program_does_not_know_is_not_found_with_the_nearest_name()
    {
        await using var bench = await SilentAsync();
        _hosts.On("docker container ls", Id + "\n");
        _hosts.On(Inspect, Json("web"));
        _hosts.On(Inspect + " -- wbe", "[]\n", "Error response from daemon: No such container: wbe\n", exitCode: 1);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef("wbe"), Cancel));

        Assert.Equal("ContainerNotFound", e.Id);
        Assert.Contains("'web'", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker_restart_container", "restart")]
    [InlineData("docker_start_container", "start")]
    public async Task A_silent_engines_container_is_restarted_and_seen_to_run_by_the_docker_program(string operation, string verb)
    {
        await using var bench = await SilentAsync();
        _hosts.On(Inspect, Json("web", "2026-11-21T08:00:00Z", verb == "start" ? "exited" : "running"));
        _hosts.On("docker container " + verb, command =>
        {
            _hosts.On(Inspect, Json("web", "2026-11-21T09:00:00Z"));
            return new RemoteResult { Host = "dev", Words = command.Words, ExitCode = 0, Output = Id };
        });
        object input = verb == "start" ? new StartContainer.Input { Container = new ContainerRef("web") } : new RestartContainer.Input { Container = new ContainerRef("web"), Grace = TimeSpan.FromMilliseconds(1_500) };

        var after = await bench.ChangeAsync(operation, input);

        Assert.Equal((ContainerState.Running, EngineWay.Ssh, 9), (after.State, after.Via, after.StartedAt.Hour));
        Assert.Equal(verb == "start" ? $"docker container start -- {Id}" : $"docker container restart -t 2 -- {Id}", _hosts.Lines[1]);
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task A_restart_whose_answer_is_lost_on_the_way_is_settled_by_a_look()
    {
        await using var bench = await SilentAsync();
        _hosts.On(Inspect, Json("web", "2026-11-21T08:00:00Z"));
        _hosts.On("docker container restart", _ =>
        {
            _hosts.On(Inspect, Json("web", "2026-11-21T09:00:00Z"));
            throw new HomelabException(ErrorKind.Unavailable, "SshConnectionLost", "The connection ended.", "dev");
        });

        await bench.Gate.InvokeAsync(new GateRequest { Operation = "docker_restart_container", Input = new RestartContainer.Input { Container = new ContainerRef("web") }, Caller = DockerBench.Person }, Cancel);

        var record = Assert.Single(bench.Store.Changes);
        Assert.Equal(ChangeStatus.Succeeded, record.Status);
        Assert.Contains("DockerConnectionLost", record.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lines_of_both_outputs_are_told_in_the_order_of_their_times()
    {
        await using var bench = await SilentAsync();
        _hosts.On(Inspect, Json("web"));
        _hosts.On("docker container logs", "2026-11-21T08:00:01.5Z one\n2026-11-21T08:00:03.000000001Z three\n", "2026-11-21T08:00:02.123456789Z two\n");

        var lines = await bench.QueryAsync<ContainerLogLine>("docker_container_logs", new { container = "web", tail = 7 });

        Assert.Equal([("one", LogSource.Output), ("two", LogSource.Error), ("three", LogSource.Output)], lines.Select(static l => (l.Text, l.Source)));
        Assert.All(lines, static l => Assert.Equal(EngineWay.Ssh, l.Via));
        Assert.Equal($"docker container logs --timestamps --tail 7 -- {Id}", _hosts.Lines[^1]);
    }

    [Fact]
    public async Task A_log_is_followed_by_the_api_or_not_at_all()
    {
        await using var bench = await SilentAsync();
        _hosts.On(Inspect, Json("web"));

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ContainerLogLine>("docker_container_logs", new { container = "web", follow = true }));

        Assert.Equal("DockerUnreachable", e.Id);
        Assert.DoesNotContain(_hosts.Lines, static l => l.Contains("logs", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Progress_says_by_which_way_a_container_was_seen()
    {
        await using var bench = await SilentAsync();
        _hosts.On(Inspect, Json("web"));
        var told = new List<string>();
        var request = new GateRequest { Operation = "docker_check_container", Input = new CheckContainer.Input { Container = new ContainerRef("web") }, Caller = DockerBench.Person, Progress = p => told.Add(p.Status) };

        await foreach (var check in bench.Gate.QueryAsync(request, Cancel)) Assert.True(((ContainerCheck)check).IsUp);

        Assert.Equal(["its API does not answer; the docker program there was asked by SSH"], told);
    }

    private static Task<ContainerDetail> FindAsync(DockerBench bench) => bench.Engines.FindAsync(new ContainerRef("web@dev"), Cancel);

    private Task<DockerBench> StartAsync() => DockerBench.StartAsync(_time, new SimulatedDockerEngineOptions(), static l => l, _hosts);

    private async Task<DockerBench> SilentAsync()
    {
        var bench = await StartAsync();
        await bench.Engine.GoDownAsync();
        return bench;
    }

    private static string Json(string name, string startedAt = "2026-11-21T08:00:00Z", string state = "running") =>
        $$$"""[{"Id":"{{{Id}}}","Name":"/{{{name}}}","Created":"2026-11-20T08:00:00Z","State":{"Status":"{{{state}}}","StartedAt":"{{{startedAt}}}","FinishedAt":"0001-01-01T00:00:00Z"},"Config":{"Image":"bb:1"}}]""";
}
