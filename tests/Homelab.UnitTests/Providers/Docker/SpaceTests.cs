using System.Text.Json;
using Homelab.Lab.Docker;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class SpaceTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public void A_recorded_engine_is_counted_as_its_own_program_does()
    {
        var wire = JsonSerializer.Deserialize(Recorded.Read("df.json"), DockerJson.Default.DiskUsageWire)!;

        var space = SpaceReader.Read(wire, "dev").ToDictionary(s => s.Kind);

        Assert.Equal((1, 1, 1_984_158L, 0L), Of(DockerSpaceKind.Images));
        Assert.Equal((2, 1, 0L, 0L), Of(DockerSpaceKind.Containers));
        Assert.Equal((1, 1, 2L, 0L), Of(DockerSpaceKind.Volumes));
        Assert.Equal((0, 0, 0L, 0L), Of(DockerSpaceKind.BuildCache));

        (int, int, long, long) Of(DockerSpaceKind kind) => (space[kind].Count, space[kind].InUse, space[kind].Size, space[kind].Reclaimable);
    }

    [Fact]
    public void Sizes_that_were_not_counted_count_as_nothing()
    {
        var wire = JsonSerializer.Deserialize(
            """{"LayersSize":100,"Images":[{"Containers":-1,"Size":-1,"SharedSize":-1},null],"Containers":[{"State":"exited","SizeRw":-1}],"Volumes":[{"UsageData":null},{"UsageData":{"RefCount":-1,"Size":-1}}],"BuildCache":[{"Size":-1}]}"""u8,
            DockerJson.Default.DiskUsageWire)!;

        var space = SpaceReader.Read(wire, "dev").ToDictionary(s => s.Kind);

        Assert.Equal((1, 1, 100L, 100L), (space[DockerSpaceKind.Images].Count, space[DockerSpaceKind.Images].InUse, space[DockerSpaceKind.Images].Size, space[DockerSpaceKind.Images].Reclaimable));
        Assert.Equal((2, 2, 0L, 0L), (space[DockerSpaceKind.Volumes].Count, space[DockerSpaceKind.Volumes].InUse, space[DockerSpaceKind.Volumes].Size, space[DockerSpaceKind.Volumes].Reclaimable));
        Assert.Equal((0L, 0L), (space[DockerSpaceKind.Containers].Size, space[DockerSpaceKind.BuildCache].Reclaimable));
    }

    [Fact]
    public async Task Every_engine_of_the_lab_is_counted()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        foreach (var host in (string[])["infra", "dev"]) Fill(bench[host]);

        var space = await bench.QueryAsync<DockerSpace>("docker_disk_usage", new { });

        Assert.Equal(["buildCache@dev", "buildCache@infra", "containers@dev", "containers@infra", "images@dev", "images@infra", "volumes@dev", "volumes@infra"], space.Select(s => s.ToString()).Order(StringComparer.Ordinal));
        Assert.All(space.Where(s => s.Kind is DockerSpaceKind.Images), s => Assert.Equal((3, 1, 60 * MiB, 50 * MiB), (s.Count, s.InUse, s.Size, s.Reclaimable)));
        Assert.All(space.Where(s => s.Kind is DockerSpaceKind.Volumes), s => Assert.Equal((2, 1, 12 * MiB, 5 * MiB), (s.Count, s.InUse, s.Size, s.Reclaimable)));
        Assert.All(space.Where(s => s.Kind is DockerSpaceKind.BuildCache), s => Assert.Equal((2, 1, 9 * MiB, 6 * MiB), (s.Count, s.InUse, s.Size, s.Reclaimable)));
        Assert.All(space.Where(s => s.Kind is DockerSpaceKind.Containers), s => Assert.Equal((1, 1, 4 * MiB, 0L), (s.Count, s.InUse, s.Size, s.Reclaimable)));
    }

    [Fact]
    public async Task An_engine_that_is_silent_does_not_hide_the_others()
    {
        await using var bench = await DockerBench.StartAsync("infra", "dev");
        Fill(bench["dev"]);
        await bench["infra"].GoDownAsync();
        var seen = new List<object>();
        var request = new GateRequest { Operation = "docker_disk_usage", Input = new MeasureSpace.Input(), Caller = DockerBench.Person };

        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var space in bench.Gate.QueryAsync(request, TestContext.Current.CancellationToken)) seen.Add(space);
        });

        Assert.Equal(("DockerUnreachable", "infra", 4), (e.Id, e.Target, seen.Count));
    }

    [Fact]
    public async Task A_host_without_an_engine_is_not_found()
    {
        await using var bench = await DockerBench.StartAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.QueryAsync<DockerSpace>("docker_disk_usage", new { host = "nas" }));

        Assert.Equal("DockerHostNotFound", e.Id);
    }

    [Fact]
    public async Task Only_images_without_a_name_are_deleted_and_the_space_is_measured()
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);

        var cleanup = await ClearAsync(bench, new ClearImages.Input { Host = "dev" });

        Assert.Equal(["gitea:1", "redis:7"], bench.Engine.Images.Select(i => i.Tag!).Order(StringComparer.Ordinal));
        Assert.StartsWith("sha256:", Assert.Single(cleanup.Deleted), StringComparison.Ordinal);
        Assert.Equal((69 * MiB, 49 * MiB, 20 * MiB, 20 * MiB, 0), (cleanup.SizeBefore, cleanup.SizeAfter, cleanup.Freed, cleanup.Reported, cleanup.CachesDeleted));
    }

    [Fact]
    public async Task With_all_also_those_go_that_no_container_uses_and_caches_if_wished()
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);

        var cleanup = await ClearAsync(bench, new ClearImages.Input { Host = "dev", All = true, BuildCache = true });

        Assert.Equal("gitea:1", Assert.Single(bench.Engine.Images).Tag);
        Assert.Contains("redis:7", cleanup.Deleted);
        Assert.Equal((56 * MiB, 56 * MiB, 1), (cleanup.Freed, cleanup.Reported, cleanup.CachesDeleted));
    }

    [Fact]
    public async Task What_is_younger_than_asked_for_stays()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedImage { Tag = "old:1", Created = DateTimeOffset.UtcNow.AddDays(-30) });
        bench.Engine.Add(new SimulatedImage { Tag = "new:1", Created = DateTimeOffset.UtcNow.AddDays(-1) });

        var cleanup = await ClearAsync(bench, new ClearImages.Input { Host = "dev", All = true, OlderThan = TimeSpan.FromDays(7) });

        Assert.Contains("old:1", cleanup.Deleted);
        Assert.Equal("new:1", Assert.Single(bench.Engine.Images).Tag);
    }

    [Fact]
    public async Task No_request_about_volumes_or_containers_is_ever_sent()
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);

        await ClearAsync(bench, new ClearImages.Input { Host = "dev", All = true, BuildCache = true, OlderThan = TimeSpan.FromSeconds(1) });

        Assert.Equal(["POST /images/prune", "POST /build/prune"], bench.Engine.Changes.Select(r => $"{r.Method} {r.Path}"));
        Assert.DoesNotContain(bench.Engine.Requests, r => r.ToString().Contains("volume", StringComparison.OrdinalIgnoreCase) || r.Path.StartsWith("/containers", StringComparison.Ordinal));
        Assert.Equal(2, bench.Engine.Volumes.Count);
        Assert.Single(bench.Engine.Containers);
    }

    [Fact]
    public async Task Where_nothing_is_to_be_deleted_nothing_is()
    {
        await using var bench = await DockerBench.StartAsync();

        var cleanup = await ClearAsync(bench, new ClearImages.Input { Host = "dev" });

        Assert.Equal((0, 0L), (cleanup.Deleted.Count, cleanup.Freed));
    }

    [Theory]
    [InlineData(EngineFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(EngineFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task After_a_lost_answer_the_space_tells_whether_it_happened(EngineFaultKind fault, ChangeStatus expected)
    {
        await using var bench = await DockerBench.StartAsync();
        Fill(bench.Engine);
        bench.Engine.Fail(new EngineFault { Kind = fault, Method = "POST", Times = int.MaxValue });

        var wish = new GateRequest { Operation = "docker_prune_images", Input = new ClearImages.Input { Host = "dev" }, Caller = DockerBench.Person };
        var e = await Record.ExceptionAsync(() => bench.Gate.InvokeAsync(wish, TestContext.Current.CancellationToken));

        Assert.Equal(expected, Assert.Single(bench.Store.Changes).Status);
        Assert.Equal(expected is ChangeStatus.NotDone, e is HomelabException { Id: "DockerConnectionLost" });
    }

    [Fact]
    public async Task A_hook_has_to_ask_a_person()
    {
        await using var bench = await DockerBench.StartAsync();
        var wish = new GateRequest { Operation = "docker_prune_images", Input = new ClearImages.Input { Host = "dev" }, Caller = DockerBench.Hook };

        Assert.IsType<GateOutcome.Waiting>(await bench.Gate.InvokeAsync(wish, TestContext.Current.CancellationToken));
        Assert.Empty(bench.Engine.Changes);
    }

    private static Task<ImageCleanup> ClearAsync(DockerBench bench, ClearImages.Input input) => bench.ChangeAsync<ImageCleanup>("docker_prune_images", input);

    private static void Fill(SimulatedDockerEngine engine)
    {
        engine.Add(new SimulatedImage { Tag = "gitea:1", Size = 10 * MiB });
        engine.Add(new SimulatedImage { Tag = "redis:7", Build = "old", Size = 20 * MiB });
        engine.Add(new SimulatedImage { Tag = "redis:7", Build = "new", Size = 30 * MiB });
        engine.Add(new SimulatedVolume("db", 7 * MiB, 1));
        engine.Add(new SimulatedVolume("left", 5 * MiB, 0));
        engine.Add(new SimulatedCache("c1", 3 * MiB, InUse: true));
        engine.Add(new SimulatedCache("c2", 6 * MiB, InUse: false));
        engine.Add(new SimulatedContainerSpec { Name = "gitea", Image = "gitea:1", Written = 4 * MiB });
    }
}
