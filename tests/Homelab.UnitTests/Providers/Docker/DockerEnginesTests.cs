using Homelab.Lab.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class DockerEnginesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_bare_name_is_found_on_the_host_that_has_it()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" });

        Assert.Equal("gitea@dev", (await bench.Engines.FindAsync(new ContainerRef("gitea"), Cancel)).ToString());
    }

    [Fact]
    public async Task An_id_and_its_first_twelve_digits_are_names_too()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        var id = bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" }).Id;

        Assert.Equal("gitea@dev", (await bench.Engines.FindAsync(new ContainerRef(id), Cancel)).ToString());
        Assert.Equal("gitea@dev", (await bench.Engines.FindAsync(new ContainerRef(id[..12] + "@dev"), Cancel)).ToString());
    }

    [Fact]
    public async Task A_short_beginning_of_an_id_is_no_name_although_the_engine_takes_it()
    {
        await using var bench = await DockerBench.StartAsync();
        var id = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" }).Id;

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef(id[..2]), Cancel));

        Assert.Equal("ContainerNotFound", e.Id);
    }

    [Fact]
    public async Task A_name_on_two_hosts_must_be_told_apart()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        bench["dev"].Add(new SimulatedContainerSpec { Name = "redis" });
        bench["infra"].Add(new SimulatedContainerSpec { Name = "redis" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef("redis"), Cancel));

        Assert.Equal((ErrorKind.Conflict, "ContainerAmbiguous"), (e.Kind, e.Id));
        Assert.Contains("redis@dev, redis@infra", e.Message, StringComparison.Ordinal);
        Assert.Equal("redis@infra", (await bench.Engines.FindAsync(new ContainerRef("redis@infra"), Cancel)).ToString());
    }

    [Fact]
    public async Task A_missing_name_comes_with_the_nearest_one_and_the_silent_hosts()
    {
        await using var bench = await DockerBench.StartAsync("ai", "dev");
        bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" });
        await bench["ai"].GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef("gitae"), Cancel));

        Assert.Equal((ErrorKind.NotFound, "ContainerNotFound"), (e.Kind, e.Id));
        Assert.Contains("Did you mean 'gitea'?", e.Message, StringComparison.Ordinal);
        Assert.Contains("ai did not answer", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bare_name_is_not_sure_while_a_host_is_silent()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        bench["dev"].Add(new SimulatedContainerSpec { Name = "gitea" });
        await bench["infra"].GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef("gitea"), Cancel));

        Assert.Equal((ErrorKind.Unavailable, "ContainerUncertain"), (e.Kind, e.Id));
        Assert.Contains("Say 'gitea@dev'", e.Message, StringComparison.Ordinal);
        Assert.Equal("gitea@dev", (await bench.Engines.FindAsync(new ContainerRef("gitea@dev"), Cancel)).ToString());
    }

    [Fact]
    public async Task Nobody_who_answers_is_unreachable_not_missing()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        await bench["infra"].GoDownAsync();
        await bench["dev"].GoDownAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef("gitea"), Cancel));

        Assert.Equal((ErrorKind.Unavailable, "DockerUnreachable"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task An_unknown_host_comes_with_the_nearest_one()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Engines.FindAsync(new ContainerRef("gitea@infa"), Cancel));

        Assert.Equal("DockerHostNotFound", e.Id);
        Assert.Contains("Did you mean 'infra'?", e.Message, StringComparison.Ordinal);
    }
}
