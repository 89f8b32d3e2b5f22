using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class RunInContainerTests
{
    private static readonly SimulatedContainerSpec s_web = new() { Name = "web" };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_command_that_is_not_listed_is_denied_with_the_line_to_add_and_the_engine_hears_nothing_of_it()
    {
        await using var bench = await StartAsync();

        var e = await Assert.ThrowsAnyAsync<HomelabException>(() => RunAsync(bench, "web", ["cat", "/etc/shadow"]));

        Assert.Equal((ErrorKind.Denied, "CommandNotAllowed"), (e.Kind, e.Id));
        Assert.Contains("""{ run: ["cat", "/etc/shadow"], on: ["container:web@dev"] }""", e.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Changes);
    }

    [Theory]
    [InlineData("container:web@dev")]
    [InlineData("web")]
    [InlineData("tag:edge")]
    public async Task A_rule_means_a_container_by_its_name_and_by_the_tags_of_its_host(string on)
    {
        await using var bench = await StartAsync(Rule("echo") with { On = [on] });

        var result = await RunAsync(bench, "web", ["echo", "hello"]);

        Assert.Equal((0, "hello\n", "web@dev"), (result.ExitCode, result.Output, result.Container.ToString()));
    }

    [Fact]
    public async Task A_rule_for_a_host_does_not_speak_of_the_containers_on_it()
    {
        await using var bench = await StartAsync(Rule("echo") with { On = ["host:dev"] });

        Assert.Equal("CommandNotAllowed", (await Assert.ThrowsAnyAsync<HomelabException>(() => RunAsync(bench, "web", ["echo"]))).Id);
    }

    [Fact]
    public async Task An_id_is_made_a_name_so_that_no_rule_is_slipped_past()
    {
        await using var bench = await StartAsync(Rule("echo"), Rule("echo") with { On = ["web@dev"], Verdict = CommandVerdict.Deny });
        var id = bench.Engine.Container("web").Id;

        Assert.Equal("CommandNotAllowed", (await Assert.ThrowsAnyAsync<HomelabException>(() => RunAsync(bench, id[..12], ["echo"]))).Id);
    }

    [Theory]
    [InlineData("root", null)]
    [InlineData(null, "/data")]
    public async Task Another_user_or_folder_wants_a_person_because_rules_do_not_speak_of_them(string? user, string? folder)
    {
        await using var bench = await StartAsync(Rule("echo"));
        var input = new RunInContainer.Input { Container = new ContainerRef("web"), Command = ["echo"], User = user, WorkingFolder = folder };

        var outcome = await bench.Gate.InvokeAsync(new GateRequest { Operation = "docker_exec", Input = input, Caller = Manager }, Cancel);

        var waiting = Assert.IsType<GateOutcome.Waiting>(outcome);
        Assert.Contains("a person must agree", waiting.Decision.Decisive.Single(f => f.Rule == Rules.Command).Reason, StringComparison.Ordinal);
        Assert.Empty(bench.Engine.Changes);
    }

    [Fact]
    public async Task A_listed_command_runs_by_itself_where_nobody_sits()
    {
        await using var bench = await StartAsync(Rule("echo"));

        Assert.Equal("by itself\n", (await RunAsync(bench, "web", ["echo", "by", "itself"], caller: Manager)).Output);
    }

    [Fact]
    public async Task The_smaller_limit_of_output_holds_the_rules_or_the_callers()
    {
        await using var bench = await StartAsync(Rule("echo") with { Limits = new CommandLimits { Output = 10 } });

        var byRule = await RunAsync(bench, "web", ["echo", "0123456789ab"]);
        var byCaller = await RunAsync(bench, "web", ["echo", "0123456789ab"], maxOutput: 4);

        Assert.Equal(("0123456789", true), (byRule.Output, byRule.Truncated));
        Assert.Equal(("0123", true), (byCaller.Output, byCaller.Truncated));
    }

    [Fact]
    public async Task Output_is_never_cut_within_a_character()
    {
        await using var bench = await StartAsync(Rule("echo"));

        Assert.Equal("ä", (await RunAsync(bench, "web", ["echo", "ää"], maxOutput: 3)).Output);
    }

    [Fact]
    public async Task The_rules_time_ends_the_wait_though_the_caller_has_more_patience()
    {
        var time = new ManualTime();
        await using var bench = await StartAsync(time, Rule("sleep") with { Limits = new CommandLimits { Time = TimeSpan.FromSeconds(5) } });
        var running = RunAsync(bench, "web", ["sleep", "60"], timeout: TimeSpan.FromHours(1));
        // It sleeps there, and so has begun.
        await time.WaitedForAsync(TimeSpan.FromSeconds(60));
        time.Advance(TimeSpan.FromSeconds(5));

        var e = await Assert.ThrowsAsync<HomelabException>(() => running);

        Assert.Equal("ContainerCommandTimeout", Assert.IsType<HomelabException>(e.InnerException).Id);
        Assert.Equal(ChangeStatus.Unknown, Assert.Single(bench.Store.Changes).Status);
    }

    [Fact]
    public async Task Only_so_many_commands_of_a_rule_run_at_once_on_a_host()
    {
        var time = new ManualTime();
        await using var bench = await StartAsync(time, Rule("sleep") with { Limits = new CommandLimits { AtOnce = 1 } });
        bench.Engine.Add(new SimulatedContainerSpec { Name = "db" });
        var first = RunAsync(bench, "web", ["sleep", "1"]);
        await time.WaitedForAsync(TimeSpan.FromSeconds(1));
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var second = RunAsync(bench, "db", ["sleep", "0"], progress: p =>
        {
            if (p.Status.Contains("lets 1 at once run on dev", StringComparison.Ordinal)) waits.TrySetResult();
        });
        await waits.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        Assert.Equal(1, bench.Engine.Requests.Count(static r => r.Path.EndsWith("/exec", StringComparison.Ordinal)));

        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0, 0), ((await first).ExitCode, (await second).ExitCode));
    }

    [Fact]
    public async Task A_command_whose_answer_is_lost_has_an_unknown_outcome()
    {
        await using var bench = await StartAsync(Rule("echo"));
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostAfter, Path = "/exec/*/start" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(bench, "web", ["echo"]));

        Assert.Equal("OutcomeUnknown", e.Id);
    }

    [Fact]
    public async Task A_lost_answer_of_a_command_that_only_looks_leaves_nothing_unknown()
    {
        await using var bench = await StartAsync(Rule("echo") with { Reads = true });
        bench.Engine.Fail(new EngineFault { Kind = EngineFaultKind.LostAfter, Path = "/exec/*/start" });

        var e = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(bench, "web", ["echo"]));

        Assert.Equal("DockerConnectionLost", e.Id);
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_not_found()
    {
        await using var bench = await StartAsync(Rule("echo"));

        Assert.Equal("ContainerNotFound", (await Assert.ThrowsAsync<HomelabException>(() => RunAsync(bench, "wbe", ["echo"]))).Id);
    }

    [Fact]
    public async Task A_command_without_a_program_is_no_command()
    {
        await using var bench = await StartAsync(Rule("echo"));

        Assert.Equal("InputInvalid", (await Assert.ThrowsAnyAsync<HomelabException>(() => RunAsync(bench, "web", []))).Id);
    }

    private static Caller Manager { get; } = new(Face.Webhook, "kuma");

    private static CommandRule Rule(string program) => new() { Name = program, Run = [new WordRule { Word = program }, new WordRule { Rest = true }], On = ["container:*"] };

    private static Task<DockerBench> StartAsync(params CommandRule[] rules) => StartAsync(new PatientTime(), rules);

    private static async Task<DockerBench> StartAsync(TimeProvider time, params CommandRule[] rules)
    {
        var bench = await DockerBench.StartAsync(
            time,
            new SimulatedDockerEngineOptions { Time = time },
            l => l with
            {
                Access = new AccessPolicy { Webhook = Level.Manage },
                Hosts = l.Hosts.ToDictionary(static h => h.Key, static h => h.Value with { Tags = ["edge"] }, StringComparer.Ordinal),
                Policy = new GatePolicy { Commands = rules },
            },
            remote: null);
        bench.Engine.Add(s_web);
        return bench;
    }

    private static async Task<ContainerCommandResult> RunAsync(
        DockerBench bench, string container, string[] command, int maxOutput = 65_536, TimeSpan? timeout = null, Caller? caller = null, Action<OperationProgress>? progress = null)
    {
        var input = new RunInContainer.Input { Container = new ContainerRef(container), Command = command, MaxOutput = maxOutput, Timeout = timeout };
        var outcome = await bench.Gate.InvokeAsync(new GateRequest { Operation = "docker_exec", Input = input, Caller = caller ?? DockerBench.Person, Progress = progress }, Cancel);
        return Assert.IsType<ContainerCommandResult>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }
}
