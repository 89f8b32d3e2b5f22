using System.Text.Json.Nodes;
using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class ResetTests
{
    private const string Settings = """
        {"Env":["USER=git"],"Cmd":["serve"],"Hostname":"git-host","Volumes":{"/cache":{},"/data":{}},"Healthcheck":{"Test":["CMD","true"]},
         "HostConfig":{"Binds":["data:/data","/etc/gitea:/etc/gitea:ro"],"Mounts":[{"Type":"volume","Target":"/spool"}],"NetworkMode":"front","CapAdd":["NET_ADMIN"],"ShmSize":1234,"Unheard":"of"},
         "NetworkingConfig":{"EndpointsConfig":{"front":{"Aliases":["git"],"IPAMConfig":{"IPv4Address":"10.1.0.7"}},"back":{"Aliases":["git-db"]}}}}
        """;

    private static readonly SimulatedContainerSpec s_gitea = new()
    {
        Name = "gitea",
        Image = "gitea:1",
        Labels = new Dictionary<string, string> { ["com.docker.compose.service"] = "git" },
        HasHealthCheck = true,
        RestartPolicy = "unless-stopped",
        MemoryLimit = 64 * 1024 * 1024,
        Ports = new Dictionary<int, int> { [3000] = 80 },
        Settings = Settings,
    };

    [Fact]
    public async Task A_new_container_of_the_same_make_takes_the_place_of_the_old_one()
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea);
        var before = await ReadAsync(bench);

        var after = await ResetAsync(bench);

        var made = Assert.Single(bench.Engine.Containers);
        Assert.Equal(("gitea@dev", made.Id, ContainerState.Running, ContainerHealth.Healthy), (after.ToString(), after.Id, after.State, after.Health));
        Assert.NotEqual(old.Id, made.Id);
        var now = await ReadAsync(bench);
        foreach (var part in (string[])["Image", "Config", "HostConfig"]) Assert.Equal(Plain(before[part]!, old.Id), Plain(now[part]!, made.Id));
        Assert.Equal(Volumes(before), Volumes(now));
        Assert.Equal(Networks(before), Networks(now));
        Assert.Equal(["back: git-db ", "front: git 10.1.0.7"], Networks(now));
    }

    [Fact]
    public async Task The_old_one_is_stopped_only_when_the_new_one_is_made()
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea);

        var after = await ResetAsync(bench);

        Assert.Equal(
            [
                "POST /containers/create?name=gitea.hl-new", "POST /networks/back/connect", $"POST /containers/{old.Id}/stop", $"POST /containers/{old.Id}/rename?name=gitea.hl-old",
                $"POST /containers/{after.Id}/rename?name=gitea", $"POST /containers/{after.Id}/start", $"DELETE /containers/{old.Id}?force=1",
            ],
            bench.Engine.Changes.Select(r => r.ToString()));
    }

    [Fact]
    public async Task A_second_reset_keeps_the_volumes_of_the_first()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        var before = Volumes(await ReadAsync(bench));

        await ResetAsync(bench);
        await ResetAsync(bench);

        Assert.Equal(before, Volumes(await ReadAsync(bench)));
    }

    [Fact]
    public async Task A_name_that_means_another_image_by_now_is_not_followed()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedImage { Tag = "gitea:1", Build = "old" });
        var old = bench.Engine.Add(s_gitea);
        bench.Engine.Add(new SimulatedImage { Tag = "gitea:1", Build = "new" });

        await ResetAsync(bench);

        Assert.Equal(old.ImageId, Assert.Single(bench.Engine.Containers).ImageId);
    }

    [Fact]
    public async Task One_that_has_exited_runs_afterwards()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea).Crash();

        Assert.Equal(ContainerState.Running, (await ResetAsync(bench)).State);
        Assert.DoesNotContain(bench.Engine.Changes, r => r.Path.EndsWith("/stop", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_dies_is_taken_back_and_the_old_one_runs_again()
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea);
        bench.Engine.WhenMade = made => made.DieAfterStart(exitCode: 78);

        var e = await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench));

        Assert.Equal((ErrorKind.Failed, "ContainerNotReset"), (e.Kind, e.Id));
        Assert.Contains("exit code 78", e.Message, StringComparison.Ordinal);
        Assert.Contains("The old one is back and runs.", e.Message, StringComparison.Ordinal);
        AssertBack(bench, old);
        Assert.Equal(ChangeStatus.Failed, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task One_that_does_not_become_healthy_is_taken_back()
    {
        var time = new ManualTime();
        await using var bench = await DockerBench.StartAsync(time, new SimulatedDockerEngineOptions());
        var old = bench.Engine.Add(s_gitea with { HealthyAfter = TimeSpan.FromHours(1) });

        var resetting = ResetAsync(bench, TimeSpan.FromSeconds(1));
        await time.WaitedForAsync(DockerBench.FirstPause);
        time.Advance(TimeSpan.FromSeconds(1));
        var e = await Assert.ThrowsAsync<HomelabException>(() => resetting);

        Assert.Equal("ContainerNotReset", e.Id);
        Assert.Contains("starting 1s later", e.Message, StringComparison.Ordinal);
        AssertBack(bench, old);
    }

    [Fact]
    public async Task One_that_is_up_and_dies_in_its_first_moments_is_taken_back()
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea);
        var looks = 0;
        bench.Engine.RequestReceived += (_, e) =>
        {
            // It was seen to be healthy, and is watched from then on.
            if (e.Request.Method == "GET" && bench.Engine.Containers.FirstOrDefault(c => c.Id != old.Id) is { Health: ContainerHealth.Healthy } made && ++looks > 1) made.Crash(9);
        };

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Gate.InvokeAsync(Wish("gitea", settle: TimeSpan.FromMinutes(1)), TestContext.Current.CancellationToken));

        Assert.Equal("ContainerNotReset", e.Id);
        Assert.Contains("exit code 9", e.Message, StringComparison.Ordinal);
        AssertBack(bench, old);
    }

    [Fact]
    public async Task A_look_that_is_told_late_does_not_prove_that_it_stayed_up()
    {
        var time = new ManualTime();
        await using var bench = await DockerBench.StartAsync(time, new SimulatedDockerEngineOptions());
        var old = bench.Engine.Add(s_gitea);
        SimulatedContainer? made = null;
        bench.Engine.WhenMade = m => made = m;
        var resetting = bench.Gate.InvokeAsync(Wish("gitea", settle: TimeSpan.FromSeconds(3)), TestContext.Current.CancellationToken);
        await time.WaitedForAsync(TimeSpan.FromSeconds(1));

        // It was up when it was looked at, and died before the time was over: by then the answer had not come yet.
        var looks = 0;
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var late = new ManualResetEventSlim();
        bench.Engine.RequestReceived += (_, e) =>
        {
            if (e.Request.Method != "GET") return;
            if (++looks > 1)
            {
                made!.Crash(9);
                return;
            }

            looked.SetResult();
            late.Wait(TestContext.Current.CancellationToken);
        };
        time.Advance(TimeSpan.FromSeconds(1));
        await looked.Task.WaitAsync(TimeSpan.FromMinutes(3), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(4));
        late.Set();

        Assert.Contains("exit code 9", (await Assert.ThrowsAsync<HomelabException>(() => resetting)).Message, StringComparison.Ordinal);
        AssertBack(bench, old);
    }

    [Fact]
    public async Task Who_leaves_in_the_middle_finds_the_old_one_as_it_was()
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea with { HealthyAfter = TimeSpan.FromHours(1) });
        using var leaving = new CancellationTokenSource();
        var started = bench.ReceivedAsync("POST", "/containers/*/start");

        var reset = bench.Gate.InvokeAsync(Wish("gitea"), leaving.Token);
        await started;
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reset);
        AssertBack(bench, old);
        Assert.Equal(ChangeStatus.NotDone, Assert.Single(bench.Store.Changes).Status);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Whatever_the_engine_refuses_before_the_new_one_is_up_brings_the_old_one_back(int nth)
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea);
        AtChange(bench, nth, EngineFaultKind.InternalError);

        await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench));

        AssertBack(bench, old);
        Assert.Contains(Assert.Single(bench.Store.Changes).Status, new[] { ChangeStatus.Failed, ChangeStatus.NotDone });
    }

    public static TheoryData<int, EngineFaultKind> Ends()
    {
        var data = new TheoryData<int, EngineFaultKind>();
        for (var nth = 1; nth <= 7; nth++)
        {
            data.Add(nth, EngineFaultKind.LostBefore);
            data.Add(nth, EngineFaultKind.LostAfter);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Wherever_it_was_cut_off_the_next_call_brings_it_to_a_good_end(int nth, EngineFaultKind kind)
    {
        await using var bench = await DockerBench.StartAsync();
        var old = bench.Engine.Add(s_gitea);
        var volumes = Volumes(await ReadAsync(bench));
        // From then on nothing is answered, so that nothing can be taken back: what is there is what a kill would have left.
        AtChange(bench, nth, kind, dead: true);
        await Record.ExceptionAsync(() => ResetAsync(bench));
        bench.Engine.Recover();

        await bench.Gate.SettleOpenAsync(TestContext.Current.CancellationToken);
        var after = await ResetAsync(bench);

        var only = Assert.Single(bench.Engine.Containers);
        Assert.Equal(("gitea", only.Id, true), (only.Name, after.Id, only.Running));
        Assert.NotEqual(old.Id, only.Id);
        Assert.Equal(volumes, Volumes(await ReadAsync(bench)));
    }

    [Fact]
    public async Task An_answer_that_is_lost_at_the_very_end_is_settled_by_a_look()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        AtChange(bench, 7, EngineFaultKind.LostAfter);

        var outcome = Assert.IsType<GateOutcome.Done>(await bench.Gate.InvokeAsync(Wish("gitea"), TestContext.Current.CancellationToken));

        Assert.Null(outcome.Result);
        Assert.Equal(ChangeStatus.Succeeded, Assert.Single(bench.Store.Changes).Status);
    }

    [Theory]
    [InlineData("""{"HostConfig":{"AutoRemove":true}}""", "--rm")]
    [InlineData("""{"HostConfig":{"NetworkMode":"container:vpn"}}""", "network of another container")]
    public async Task What_cannot_be_made_faithfully_is_refused_before_anybody_is_asked(string settings, string why)
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea with { Settings = settings });

        var e = await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench));

        Assert.Equal((ErrorKind.Conflict, "ContainerNotResettable"), (e.Kind, e.Id));
        Assert.Contains(why, e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task A_task_of_swarm_is_refused()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea with { Labels = new Dictionary<string, string> { ["com.docker.swarm.task.id"] = "x" } });

        Assert.Contains("swarm", (await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_in_whose_network_another_lives_is_refused()
    {
        await using var bench = await DockerBench.StartAsync();
        var vpn = bench.Engine.Add(s_gitea);
        bench.Engine.Add(new SimulatedContainerSpec { Name = "torrent", Settings = "{\"HostConfig\":{\"NetworkMode\":\"container:" + vpn.Id + "\"}}" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench));

        Assert.Equal("ContainerNotResettable", e.Id);
        Assert.StartsWith("torrent lives in the network of gitea@dev", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gitea.hl-new")]
    [InlineData("gitea.hl-old")]
    public async Task A_container_of_somebody_else_under_one_of_our_names_is_left_alone(string name)
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea);
        bench.Engine.Add(new SimulatedContainerSpec { Name = name });

        var e = await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench));

        Assert.Equal((ErrorKind.Conflict, "ContainerNameTaken"), (e.Kind, e.Id));
        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task Nobody_resets_what_was_put_aside()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(s_gitea with { Name = "gitea.hl-old" });

        Assert.Equal("ContainerLeftOver", (await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench, name: "gitea.hl-old"))).Id);
        Assert.Equal("ContainerNotFound", (await Assert.ThrowsAsync<HomelabException>(() => ResetAsync(bench, name: "nobody"))).Id);
    }

    private static GateRequest Wish(string name, TimeSpan? timeout = null, TimeSpan? settle = null) =>
        new() { Operation = "docker_recreate_container", Input = new ResetContainer.Input { Container = new ContainerRef(name), Timeout = timeout ?? TimeSpan.FromMinutes(1), Settle = settle ?? TimeSpan.Zero }, Caller = DockerBench.Person };

    private static async Task<ContainerDetail> ResetAsync(DockerBench bench, TimeSpan? timeout = null, string name = "gitea") =>
        Assert.IsType<ContainerDetail>(Assert.IsType<GateOutcome.Done>(await bench.Gate.InvokeAsync(Wish(name, timeout), TestContext.Current.CancellationToken)).Result);

    private static Task<JsonObject> ReadAsync(DockerBench bench) => bench.Client().Making.ReadAsync("gitea", TestContext.Current.CancellationToken);

    private static void AtChange(DockerBench bench, int nth, EngineFaultKind kind, bool dead = false)
    {
        var count = 0;
        bench.Engine.RequestReceived += (_, e) =>
        {
            if (e.Request.Method == "GET" || ++count != nth) return;
            bench.Engine.Fail(new EngineFault { Kind = kind, Method = e.Request.Method, Path = e.Request.Path });
            if (dead) bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.InternalError, Times = int.MaxValue });
        };
    }

    private static void AssertBack(DockerBench bench, SimulatedContainer old)
    {
        var only = Assert.Single(bench.Engine.Containers);
        Assert.Equal((old.Id, "gitea", true), (only.Id, only.Name, only.Running));
    }

    // What belongs to the one container and not to its make: its own host name, and the volumes that had no name before.
    private static string Plain(JsonNode part, string id)
    {
        var plain = part.DeepClone();
        if (plain is JsonObject all)
        {
            all.Remove("NetworkingConfig");
            all.Remove("Binds");
            all.Remove("Mounts");
        }

        return plain.ToJsonString().Replace(id[..12], "ID", StringComparison.Ordinal);
    }

    private static string[] Volumes(JsonObject seen) => [.. seen["Mounts"]!.AsArray().Select(m => $"{m!["Type"]} {m["Source"]} {m["Destination"]} {m["RW"]}").Order(StringComparer.Ordinal)];

    private static string[] Networks(JsonObject seen) =>
        [.. seen["NetworkSettings"]!["Networks"]!.AsObject().Select(n => $"{n.Key}: {string.Join(' ', n.Value!["Aliases"]!.AsArray().Select(a => a!.GetValue<string>()).Where(a => a.Length != 12))} {n.Value["IPAMConfig"]?["IPv4Address"]}").Order(StringComparer.Ordinal)];
}
