using Homelab.Lab.Docker;

namespace Homelab.UnitTests.Providers.Docker;

/// <summary>Volumes and networks.</summary>
public sealed class PartsTests
{
    [Fact]
    public async Task Volumes_are_told_with_their_users_their_stack_and_their_size()
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);

        var volumes = await bench.QueryAsync<DockerVolume>("docker_list_volumes", new { size = true });

        Assert.Equal(["data@dev", "left@dev"], volumes.Select(v => v.ToString()).Order(StringComparer.Ordinal));
        var data = volumes.Single(v => v.Name == "data");
        Assert.Equal(("shop", "local", "/var/lib/docker/volumes/data/_data"), (data.Stack, data.Driver, data.Mountpoint));
        Assert.Equal(["web"], data.UsedBy);
        Assert.Equal((5L, 0), (volumes.Single(v => v.Name == "left").Size, volumes.Single(v => v.Name == "left").UsedBy.Count));
    }

    [Fact]
    public async Task Sizes_are_counted_only_where_somebody_asks_for_them()
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);

        var volumes = await bench.QueryAsync<DockerVolume>("docker_list_volumes", new { unused = true });

        Assert.Equal(("left", null), (volumes.Single().Name, volumes.Single().Size));
        Assert.DoesNotContain(bench.Engine.Requests, r => r.Path.Contains("/system/df", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Networks_are_told_with_their_ranges_and_containers()
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);

        var networks = await bench.QueryAsync<DockerNetwork>("docker_list_networks", new { });
        var unused = await bench.QueryAsync<DockerNetwork>("docker_list_networks", new { unused = true });

        Assert.Equal(["bridge", "front", "host", "none"], networks.Select(n => n.Name).Order(StringComparer.Ordinal));
        var front = networks.Single(n => n.Name == "front");
        Assert.Equal(["web"], front.Containers);
        Assert.Equal(("bridge", "local", "shop"), (front.Driver, front.Scope, front.Stack));
        Assert.EndsWith(".0.0/16", Assert.Single(front.Subnets), StringComparison.Ordinal);
        Assert.Equal(["bridge", "host", "none"], unused.Select(n => n.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("docker_list_volumes", "DockerVolumeNotFound")]
    [InlineData("docker_list_networks", "DockerNetworkNotFound")]
    public async Task An_exact_name_that_is_not_there_is_not_found_and_a_pattern_finds_nothing(string operation, string id)
    {
        await using var bench = await DockerBench.StartAsync();

        Assert.Empty(await bench.QueryAsync<object>(operation, new { name = "nowhere*" }));
        Assert.Equal(id, (await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<object>(operation, new { name = "nowhere" }))).Id);
    }

    [Theory]
    [InlineData("docker_list_volumes")]
    [InlineData("docker_list_networks")]
    public async Task An_engine_that_is_silent_does_not_hide_the_others(string operation)
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        Fill(bench["dev"]);
        await bench["infra"].GoDownAsync();
        var seen = new List<object>();
        var request = new GateRequest { Operation = operation, Json = System.Text.Json.JsonSerializer.SerializeToElement(new { }), Caller = DockerBench.Person };

        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var item in bench.Gate.QueryAsync(request, TestContext.Current.CancellationToken)) seen.Add(item);
        });

        Assert.Equal(("DockerUnreachable", "infra"), (e.Id, e.Target));
        Assert.NotEmpty(seen);
    }

    private static void Fill(SimulatedDockerEngine engine)
    {
        engine.Add(new SimulatedVolume("left", 5, 0));
        engine.Add(new SimulatedContainerSpec
        {
            Name = "web",
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["com.docker.compose.project"] = "shop" },
            Settings = """{"HostConfig":{"NetworkMode":"front","Binds":["data:/data:rw","/srv:/srv:ro"]}}""",
        });
    }
}
