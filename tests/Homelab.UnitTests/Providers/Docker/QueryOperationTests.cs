using Homelab.Lab.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class QueryOperationTests
{
    private static readonly Caller s_configurer = new(Face.Interactive, "anna");

    [Fact]
    public async Task All_containers_of_all_hosts_are_listed()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea", Ports = new Dictionary<int, int> { [3000] = 3000 } });
        bench["infra"].Add(new SimulatedContainerSpec { Name = "traefik", Running = false });

        var list = await bench.QueryAsync<Container>("docker_list_containers", new { });

        Assert.Equal(["gitea@dev", "traefik@infra"], list.Select(c => c.ToString()).Order());
        Assert.Equal(["127.0.0.1:3000->3000/tcp"], list.Single(c => c.Name == "gitea").Ports);
        Assert.Equal(ContainerState.Created, list.Single(c => c.Name == "traefik").State);
    }

    [Theory]
    [InlineData("""{"name":"git*"}""", "gitea")]
    [InlineData("""{"name":"redis@dev"}""", "redis")]
    [InlineData("""{"state":"exited"}""", "redis")]
    [InlineData("""{"health":"healthy","host":"dev"}""", "gitea")]
    [InlineData("""{"label":"tier=critical"}""", "gitea")]
    [InlineData("""{"name":"nothing*"}""", "")]
    public async Task A_list_can_be_narrowed(string input, string expected)
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = true, Labels = new Dictionary<string, string> { ["tier"] = "critical" } });
        bench.Engine.Add(new SimulatedContainerSpec { Name = "redis", Labels = new Dictionary<string, string> { ["tier"] = "low" } }).Crash();

        var list = await bench.QueryAsync<Container>("docker_list_containers", System.Text.Json.JsonDocument.Parse(input).RootElement);

        Assert.Equal(expected, string.Join(",", list.Select(c => c.Name)));
    }

    [Fact]
    public async Task An_exact_name_that_is_not_there_is_an_error()
    {
        await using var bench = await DockerBench.StartAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<Container>("docker_list_containers", new { name = "gitea" }));

        Assert.Equal("ContainerNotFound", e.Id);
    }

    [Fact]
    public async Task A_silent_host_does_not_hide_the_others_and_is_not_hidden_itself()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" });
        await bench["infra"].GoDownAsync();
        var seen = new List<object>();

        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var item in bench.Gate.QueryAsync(new GateRequest { Operation = "docker_list_containers", Caller = DockerBench.Person }, TestContext.Current.CancellationToken)) seen.Add(item);
        });

        Assert.Equal("gitea@dev", Assert.Single(seen).ToString());
        Assert.Equal(("DockerUnreachable", "infra"), (e.Id, e.Target));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_lines_of_a_log_are_read(bool tty)
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", Tty = tty });
        for (var i = 0; i < 5; i++) container.WriteLog($"line {i}");

        var lines = await bench.QueryAsync<ContainerLogLine>("docker_container_logs", new { container = "gitea", tail = 2 });

        Assert.Equal(["line 3", "line 4"], lines.Select(l => l.Text));
        Assert.All(lines, l => Assert.NotNull(l.At));
        Assert.All(lines, l => Assert.Equal(("gitea", "dev", LogSource.Output), (l.Container, l.Host, l.Source)));
    }

    [Fact]
    public async Task A_followed_log_ends_with_its_container()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        container.WriteLog("before");
        var lines = new List<string>();

        await foreach (var line in bench.Gate.QueryAsync(
            new GateRequest { Operation = "docker_container_logs", Input = new Homelab.Providers.Docker.ReadContainerLog.Input { Container = new ContainerRef("gitea"), Follow = true }, Caller = DockerBench.Person },
            TestContext.Current.CancellationToken))
        {
            lines.Add(line.ToString()!);
            if (lines.Count == 1) container.WriteLog("after", LogSource.Error);
            if (lines.Count == 2) container.Crash();
        }

        Assert.Equal(["before", "after"], lines);
    }

    [Fact]
    public async Task A_running_container_is_measured_and_a_stopped_one_is_a_conflict()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", CpuPercent = 50, MemoryUsed = 100_000_000, MemoryLimit = 200_000_000 });
        bench.Engine.Add(new SimulatedContainerSpec { Name = "redis", Running = false });

        var usage = Assert.Single(await bench.QueryAsync<ContainerUsage>("docker_container_stats", new { container = "gitea" }));
        var all = await bench.QueryAsync<ContainerUsage>("docker_container_stats", new { });
        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<ContainerUsage>("docker_container_stats", new { container = "redis" }));

        Assert.Equal(50, usage.CpuPercent, 1);
        Assert.Equal(50, usage.MemoryPercent, 3);
        Assert.Equal("gitea", Assert.Single(all).Name);
        Assert.Equal((ErrorKind.Conflict, "ContainerNotRunning"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_container_that_ends_while_it_is_measured_does_not_hide_the_others()
    {
        await using var bench = await DockerBench.StartAsync();
        var ending = bench.Engine.Add(new SimulatedContainerSpec { Name = "redis", MemoryUsed = 1 });
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryUsed = 100_000_000 });
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.Nothing, Path = $"/containers/{ending.Id}/stats", Times = 4 });

        Assert.Equal("gitea", Assert.Single(await bench.QueryAsync<ContainerUsage>("docker_container_stats", new { })).Name);
        // It is back before the second sample of the next look.
        Assert.Equal("redis", Assert.Single(await bench.QueryAsync<ContainerUsage>("docker_container_stats", new { container = "redis" })).Name);
    }

    [Fact]
    public async Task A_check_says_why_a_container_is_not_up()
    {
        await using var bench = await DockerBench.StartAsync();
        var container = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", HasHealthCheck = true });
        var healthy = Assert.Single(await bench.QueryAsync<ContainerCheck>("docker_check_container", new { container = "gitea" }));
        container.BecomeUnhealthy("HTTP 503");
        var ill = Assert.Single(await bench.QueryAsync<ContainerCheck>("docker_check_container", new { container = "gitea" }));
        container.RunOutOfMemory();
        var dead = Assert.Single(await bench.QueryAsync<ContainerCheck>("docker_check_container", new { container = "gitea" }));

        Assert.Equal((true, "running and healthy"), (healthy.IsUp, healthy.Reason));
        Assert.Equal((false, "running, but unhealthy: HTTP 503"), (ill.IsUp, ill.Reason));
        Assert.Equal((false, "exited with code 137 (out of memory)"), (dead.IsUp, dead.Reason));
    }

    [Fact]
    public async Task Inspection_is_not_for_everybody()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        Assert.Equal("gitea", Assert.Single(await bench.QueryAsync<ContainerDetail>("docker_inspect_container", new { container = "gitea" }, s_configurer)).Name);
        var e = await Assert.ThrowsAsync<GateException>(() => bench.QueryAsync<ContainerDetail>("docker_inspect_container", new { container = "gitea" }, new Caller(Face.Mcp, "claude")));

        Assert.Equal("LevelTooLow", e.Id);
    }

    [Fact]
    public async Task Queries_change_nothing()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        await bench.QueryAsync<Container>("docker_list_containers", new { });
        await bench.QueryAsync<ContainerLogLine>("docker_container_logs", new { container = "gitea" });
        await bench.QueryAsync<ContainerUsage>("docker_container_stats", new { });
        await bench.QueryAsync<ContainerCheck>("docker_check_container", new { container = "gitea" });

        Assert.Empty(bench.Engine.Changes);
    }
}
