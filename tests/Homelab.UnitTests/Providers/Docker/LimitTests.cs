using Homelab.Lab.Docker;
using Homelab.Providers.Docker;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class LimitTests
{
    private const long MiB = 1024 * 1024;

    [Fact]
    public async Task Limits_are_set_and_seen_and_the_container_runs_on()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        var limits = await SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 256 * MiB, Swap = 64 * MiB, Cpu = 1.5, RestartPolicy = ContainerRestartPolicy.OnFailure, RestartLimit = 3 });

        Assert.Equal((256 * MiB, 64 * MiB, 1.5, "on-failure", 3), (limits.MemoryLimit, limits.SwapLimit, limits.CpuLimit, limits.RestartPolicy, limits.RestartLimit));
        Assert.Equal(new SimulatedLimits(256 * MiB, 320 * MiB, 1_500_000_000, "on-failure", 3), gitea.Limits);
        Assert.Equal((1, (string?)null), (gitea.Starts, limits.Warning));
    }

    [Fact]
    public async Task Who_is_asked_reads_what_is_set()
    {
        await using var bench = await DockerBench.StartAsync();
        var wish = new SetContainerLimits.Input { Container = new ContainerRef("gitea@dev"), Memory = 256 * MiB, Swap = 0, Cpu = 1.5, RestartPolicy = ContainerRestartPolicy.OnFailure, RestartLimit = 3, BelowUsage = true };

        Assert.Equal(
            "Limit container (memory 256 MiB, swap 0 B, cpu 1.5, restart on-failure, at most 3 restarts, below what it uses too)",
            new SetContainerLimits(bench.Engines).Describe(wish).Action);
    }

    [Fact]
    public async Task The_swap_on_top_stays_when_memory_grows()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryLimit = 64 * MiB, MemorySwap = 96 * MiB });

        await SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 512 * MiB });

        Assert.Equal((512 * MiB, 544 * MiB), (gitea.Limits.Memory, gitea.Limits.MemorySwap));
    }

    [Fact]
    public async Task What_is_so_already_is_not_asked_for_again()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryLimit = 64 * MiB, RestartPolicy = "always" });

        await SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 64 * MiB, RestartPolicy = ContainerRestartPolicy.Always });

        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task Memory_below_what_it_uses_is_refused_unless_it_is_wished()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryUsed = 300 * MiB });
        var wish = new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 256 * MiB };

        var e = await Assert.ThrowsAsync<HomelabException>(() => SetAsync(bench, wish));
        Assert.Equal((ErrorKind.Conflict, "LimitBelowUsage"), (e.Kind, e.Id));
        Assert.Contains("uses 300 MiB now", e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Changes);

        await SetAsync(bench, wish with { BelowUsage = true });
        Assert.Equal(256 * MiB, gitea.Limits.Memory);
    }

    [Fact]
    public async Task A_raised_limit_is_harmless_whatever_is_used()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryLimit = 64 * MiB, MemoryUsed = 300 * MiB });

        await SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 256 * MiB });

        Assert.Equal(256 * MiB, gitea.Limits.Memory);
    }

    [Fact]
    public async Task One_that_does_not_run_uses_nothing()
    {
        await using var bench = await DockerBench.StartAsync();
        var gitea = bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryUsed = 300 * MiB, Running = false });

        await SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 256 * MiB });

        Assert.Equal(256 * MiB, gitea.Limits.Memory);
    }

    [Fact]
    public async Task What_the_machine_cannot_hold_to_is_told()
    {
        await using var bench = await DockerBench.StartAsync(TimeProvider.System, new SimulatedDockerEngineOptions { UpdateWarning = "Your kernel does not support swap limit capabilities." });
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });

        var limits = await SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 256 * MiB });

        Assert.Equal("gitea@dev: Your kernel does not support swap limit capabilities. Look whether the kernel of dev counts it.", limits.Warning);
    }

    [Fact]
    public async Task A_wish_that_changes_nothing_or_does_not_go_together_is_refused_before_anybody_is_asked()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea" });
        var gitea = new ContainerRef("gitea");

        foreach (var (wish, field) in new[]
        {
            (new SetContainerLimits.Input { Container = gitea }, "memory"),
            (new SetContainerLimits.Input { Container = gitea, Swap = 0 }, "swap"),
            (new SetContainerLimits.Input { Container = gitea, RestartPolicy = ContainerRestartPolicy.Always, RestartLimit = 3 }, "restartLimit"),
            (new SetContainerLimits.Input { Container = gitea, Memory = MiB }, "memory"),
        })
        {
            var e = await Assert.ThrowsAsync<InputException>(() => SetAsync(bench, wish));
            Assert.Equal(field, Assert.Single(e.Problems).Field);
        }

        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_not_found()
    {
        await using var bench = await DockerBench.StartAsync();

        var e = await Assert.ThrowsAsync<HomelabException>(() => SetAsync(bench, new SetContainerLimits.Input { Container = new ContainerRef("nobody"), Cpu = 1 }));

        Assert.Equal("ContainerNotFound", e.Id);
    }

    [Theory]
    [InlineData(EngineFaultKind.LostAfter, ChangeStatus.Succeeded)]
    [InlineData(EngineFaultKind.LostBefore, ChangeStatus.NotDone)]
    public async Task After_a_lost_answer_a_look_tells_whether_it_happened(EngineFaultKind fault, ChangeStatus expected)
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryLimit = 64 * MiB, MemorySwap = 96 * MiB });
        bench.Engine.Fail(new EngineFault { Kind = fault, Method = "POST", Times = int.MaxValue });

        var wish = new GateRequest { Operation = "docker_set_limits", Input = new SetContainerLimits.Input { Container = new ContainerRef("gitea"), Memory = 256 * MiB }, Caller = DockerBench.Person };
        var e = await Record.ExceptionAsync(() => bench.Gate.InvokeAsync(wish, TestContext.Current.CancellationToken));

        Assert.Equal(expected, Assert.Single(bench.Store.Changes).Status);
        Assert.Equal(expected is ChangeStatus.NotDone, e is HomelabException { Id: "DockerConnectionLost" });
    }

    [Fact]
    public async Task A_container_tells_its_limits_and_why_it_ended()
    {
        await using var bench = await DockerBench.StartAsync();
        bench.Engine.Add(new SimulatedContainerSpec { Name = "gitea", MemoryLimit = 64 * MiB, MemorySwap = 96 * MiB, RestartCount = 4, LogDriver = "local" }).RunOutOfMemory();

        var detail = Assert.Single(await bench.QueryAsync<ContainerDetail>("docker_inspect_container", new { container = "gitea" }));
        var check = Assert.Single(await bench.QueryAsync<ContainerCheck>("docker_check_container", new { container = "gitea" }));

        Assert.Equal((64 * MiB, 32 * MiB, 0.0, "local"), (detail.MemoryLimit, detail.SwapLimit, detail.CpuLimit, detail.LogDriver));
        Assert.Equal((true, 137, 4, false), (check.OomKilled, check.ExitCode, check.RestartCount, check.IsUp));
    }

    private static Task<ContainerLimits> SetAsync(DockerBench bench, SetContainerLimits.Input input) => bench.ChangeAsync<ContainerLimits>("docker_set_limits", input);
}
