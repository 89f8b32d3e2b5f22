using Homelab.Providers.Docker;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Docker;

/// <summary>What the provider relies on. Whatever holds here holds on the simulated engine and on a real one.</summary>
public abstract class DockerContract : IAsyncLifetime
{
    // Not yesterday, and not in another time zone.
    private static readonly TimeSpan s_lately = TimeSpan.FromMinutes(20);

    private readonly string _suffix = Guid.NewGuid().ToString("N")[..8];
    private readonly MemoryGateStore _store = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IContractEngine _engine = null!;
    private DockerEngines _engines = null!;
    private OperationGate _gate = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Web => "web" + _suffix;

    private DockerClient Client => _engines.On("dev");

    public async ValueTask InitializeAsync()
    {
        _engine = await StartAsync();
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition> { ["dev"] = new() { Docker = new DockerEndpointDefinition { Url = _engine.Endpoint } } },
            Policy = new GatePolicy { Commands = [new CommandRule { Name = "all", Run = [new WordRule { Like = "*" }, new WordRule { Rest = true }], On = ["container:*@dev"] }] },
        };
        var context = new ProviderContext(lab, ".", null!, TimeProvider.System) { Trace = Hear };
        _engines = new DockerEngines(context);
        _gate = new OperationGate(
            new OperationCatalog([new RestartContainer(_engines), new StartContainer(_engines), new StopContainer(_engines), new MeasureContainer(_engines), new CheckContainer(_engines), new RunInContainer(_engines, context.Commands, context.Turns)]),
            new Decider(new AccessPolicy(), new GatePolicy(), []),
            new ActionLimits(),
            _store,
            new ApprovalDesk(_store, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _engines?.Dispose();
        if (_engine is not null) await _engine.DisposeAsync();
    }

    [Fact]
    public async Task A_container_is_listed_and_inspected()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var listed = (await Client.Containers.ListAsync(Cancel)).Single(c => c.Name == Web);
        var detail = await _engines.FindAsync(new ContainerRef(Web), Cancel);

        Assert.Equal((listed.Id, "bb:1", ContainerState.Running, ContainerHealth.None), (detail.Id, detail.Image, detail.State, detail.Health));
        Assert.Equal((ContainerState.Running, ContainerHealth.None, "bb:1", "contract"), (listed.State, listed.Health, listed.Image, listed.Labels["hl"]));
        Assert.Equal(64, detail.Id.Length);
        Assert.StartsWith("Up ", listed.Status, StringComparison.Ordinal);
        Assert.InRange(DateTimeOffset.UtcNow - detail.StartedAt, TimeSpan.FromSeconds(-1), s_lately);
        Assert.Equal(DateTimeOffset.MinValue, detail.FinishedAt);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found_and_an_ids_first_digits_are_no_name()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);
        var id = (await _engines.FindAsync(new ContainerRef(Web), Cancel)).Id;

        Assert.Equal(Web, (await _engines.FindAsync(new ContainerRef(id[..12]), Cancel)).Name);
        foreach (var name in (string[])["nobody" + _suffix, id[..6]])
        {
            Assert.Equal("ContainerNotFound", (await Assert.ThrowsAsync<HomelabException>(() => _engines.FindAsync(new ContainerRef(name), Cancel))).Id);
        }
    }

    [Fact]
    public async Task A_log_is_read_in_order_with_streams_and_times()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var lines = await LogAsync(tail: 100);

        Assert.Equal(["out 0", "out 1", "out 2", "out 3", "out 4"], lines.Where(l => l.Source is LogSource.Output).Select(l => l.Text));
        Assert.Equal(["err 0", "err 1", "err 2", "err 3", "err 4"], lines.Where(l => l.Source is LogSource.Error).Select(l => l.Text));
        Assert.All(lines, static l => Assert.InRange(DateTimeOffset.UtcNow - l.At!.Value, TimeSpan.FromSeconds(-1), s_lately));
        // Which of two streams an engine hears first is its own affair.
        Assert.Equal(lines.TakeLast(2).Select(static l => (l.At, l.Text)), (await LogAsync(tail: 2)).Select(static l => (l.At, l.Text)));
        Assert.Empty(await LogAsync(tail: 100, since: DateTimeOffset.UtcNow.AddSeconds(5)));
    }

    [Fact]
    public async Task A_terminals_log_is_read_without_frames()
    {
        await _engine.MakeAsync(Web, ContractContainer.Terminal);

        Assert.Equal(["out 0", "out 1", "out 2", "out 3", "out 4"], (await LogAsync(tail: 100)).Select(l => l.Text));
    }

    [Fact]
    public async Task A_line_longer_than_the_engines_pieces_is_one_line()
    {
        await _engine.MakeAsync(Web, ContractContainer.LongLine);

        var line = Assert.Single(await LogAsync(tail: 10));

        Assert.Equal(40_000, line.Text.Length);
        Assert.True(line.Text.All(static c => c == 'x'), "something stands between the x: " + new string([.. line.Text.Where(static c => c != 'x').Take(80)]));
    }

    [Fact]
    public async Task A_running_container_is_measured_and_a_stopped_one_is_not()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);
        var container = await _engines.FindAsync(new ContainerRef(Web), Cancel);

        var usage = await Client.Containers.StatsAsync(container, Cancel);
        await ChangeAsync("docker_stop_container", new StopContainer.Input { Container = new ContainerRef(Web) });
        var measure = new GateRequest { Operation = "docker_container_stats", Input = new MeasureContainer.Input { Container = new ContainerRef(Web) }, Caller = new Caller(Face.Interactive, "anna") };
        var e = await Assert.ThrowsAsync<HomelabException>(async () =>
        {
            await foreach (var item in _gate.QueryAsync(measure, Cancel)) Assert.Fail($"{item} was measured.");
        });

        Assert.InRange(usage.MemoryUsed, 1, 1L << 40);
        Assert.InRange(usage.CpuPercent, 0, 1000);
        Assert.InRange(usage.Processes, 1, 100);
        Assert.InRange(usage.MemoryPercent, 0.0001, 100);
        Assert.Equal("ContainerNotRunning", e.Id);
    }

    [Fact]
    public async Task A_restart_is_seen_by_a_new_start_time()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);
        var before = await _engines.FindAsync(new ContainerRef(Web), Cancel);

        var after = await ChangeAsync("docker_restart_container", new RestartContainer.Input { Container = new ContainerRef(before.Id), Grace = TimeSpan.FromSeconds(2) });

        Assert.Equal(($"{Web}@dev", before.Id, ContainerState.Running), (after.ToString(), after.Id, after.State));
        Assert.True(after.StartedAt > before.StartedAt);
        Assert.Equal($"{before.Id} Running {before.StartedAt.UtcTicks}", Assert.Single(_store.Changes).Mark);
    }

    [Fact]
    public async Task A_sick_container_is_healthy_after_its_restart()
    {
        await _engine.MakeAsync(Web, ContractContainer.Checked);
        await _engine.MakeIllAsync(Web);
        await Eventually.HoldsAsync("it is unhealthy", async () => (await _engines.FindAsync(new ContainerRef(Web), Cancel)).Health is ContainerHealth.Unhealthy, Cancel);
        Assert.Contains((await Client.Containers.ListAsync(Cancel)), c => c.Name == Web && c.Health is ContainerHealth.Unhealthy);

        var after = await ChangeAsync("docker_restart_container", new RestartContainer.Input { Container = new ContainerRef(Web), Grace = TimeSpan.FromSeconds(2) });

        Assert.True(ContainerCheck.Of(after).IsUp);
        Assert.Equal(ContainerHealth.Healthy, after.Health);
    }

    [Fact]
    public async Task Stop_and_start_are_seen_and_the_second_time_changes_nothing()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);
        var stop = new StopContainer.Input { Container = new ContainerRef(Web), Grace = TimeSpan.FromSeconds(2) };
        var start = new StartContainer.Input { Container = new ContainerRef(Web) };

        var stopped = await ChangeAsync("docker_stop_container", stop);
        var still = await ChangeAsync("docker_stop_container", stop);
        var started = await ChangeAsync("docker_start_container", start);
        var running = await ChangeAsync("docker_start_container", start);

        Assert.Equal((ContainerState.Exited, stopped.FinishedAt), (stopped.State, still.FinishedAt));
        Assert.Equal((ContainerState.Running, started.StartedAt), (started.State, running.StartedAt));
        Assert.True(started.StartedAt > stopped.FinishedAt);
    }

    [Fact]
    public async Task A_crash_is_an_alarm_and_our_own_restart_is_none()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);
        var reader = new DockerAlertReader(_engines.Acts, TimeProvider.System);
        await using var events = Client.Events.WatchAsync(patient: false, Cancel).GetAsyncEnumerator(Cancel);
        var first = NextAsync(events);
        await _listening.Task.WaitAsync(Cancel);
        await ChangeAsync("docker_restart_container", new RestartContainer.Input { Container = new ContainerRef(Web), Grace = TimeSpan.FromSeconds(2) });
        var happened = new List<ContainerEvent> { await first };
        while (happened[^1].Action != "restart") happened.Add(await NextAsync(events));
        await _engine.CrashAsync(Web);
        while (happened[^1] is not { Action: "die", ExitCode: 3 }) happened.Add(await NextAsync(events));

        // A shell that is process 1 sometimes misses the first signal and gets a second one.
        var actions = happened.Select(e => e.Action).Where((action, i) => i == 0 || action != happened[i - 1].Action).ToList();
        // That it ended, and that this was wanted, an engine tells from two threads.
        Assert.Equal(["die", "stop"], actions[1..3].Order(StringComparer.Ordinal));
        Assert.Equal(["kill", "start", "restart", "die"], [actions[0], .. actions[3..]]);
        Assert.Equal(happened.Where(static e => e.Action != "stop").OrderBy(static e => e.UnixNanoseconds), happened.Where(static e => e.Action != "stop"));
        var alert = Assert.Single(happened.Select(reader.Read).OfType<Alert>());
        Assert.Equal(($"{Web}@dev", AlertStatus.Down), (alert.Subject, alert.Status));
        Assert.Equal((ContainerState.Exited, 3), (await _engines.FindAsync(new ContainerRef(Web), Cancel)) is var now ? (now.State, now.ExitCode) : default);
    }

    [Fact]
    public async Task A_failing_health_check_is_an_event()
    {
        await _engine.MakeAsync(Web, ContractContainer.Checked);
        await using var events = Client.Events.WatchAsync(patient: false, Cancel).GetAsyncEnumerator(Cancel);
        var next = NextAsync(events);
        await _listening.Task.WaitAsync(Cancel);
        await _engine.MakeIllAsync(Web);

        var seen = await next;
        while (seen.Action != "health_status: unhealthy") seen = await NextAsync(events);

        Assert.Equal($"{Web}@dev is unhealthy", new DockerAlertReader(_engines.Acts, TimeProvider.System).Read(seen)!.Message["Container ".Length..]);
    }

    [Fact]
    public async Task A_command_runs_in_a_container_and_its_words_arrive_as_they_are()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var result = await RunAsync(["echo", "a  b", "$HOME", "'"]);

        Assert.Equal((0, "a  b $HOME '\n", "", false), (result.ExitCode, result.Output, result.Error, result.Truncated));
        Assert.Equal(Web, result.Container.Name);
        Assert.InRange(result.Elapsed, TimeSpan.FromTicks(1), s_lately);
    }

    [Fact]
    public async Task What_a_command_says_of_its_failure_comes_apart_from_its_output()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var result = await RunAsync(["cat", "/nothing"], allowFailure: true);
        var e = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(["cat", "/nothing"]));

        Assert.Equal((1, "", "cat: can't open '/nothing': No such file or directory\n"), (result.ExitCode, result.Output, result.Error));
        Assert.Equal((ErrorKind.Failed, "ContainerCommandFailed"), (e.Kind, e.Id));
        Assert.Contains("cat /nothing in " + Web + "@dev ended with exit code 1: cat: can't open '/nothing'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_a_failure_that_names_it()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var result = await RunAsync(["nonesuch"], allowFailure: true);

        Assert.InRange(result.ExitCode, 126, 127);
        Assert.Contains("\"nonesuch\": executable file not found", result.Output + result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_output_than_is_wanted_is_cut_and_the_command_ends_all_the_same()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var result = await RunAsync(["echo", new string('x', 30_000)], maxOutput: 1_000);

        Assert.Equal((0, new string('x', 1_000), true), (result.ExitCode, result.Output, result.Truncated));
    }

    [Fact]
    public async Task A_command_that_outlasts_its_time_goes_on_and_its_outcome_is_unknown()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);

        var e = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(["sleep", "600"], timeout: TimeSpan.FromSeconds(1)));

        Assert.Equal("OutcomeUnknown", e.Id);
        Assert.Equal("ContainerCommandTimeout", Assert.IsType<HomelabException>(e.InnerException).Id);
        Assert.Contains("sleep 600 still runs in " + Web + "@dev after 1s. The engine cannot end it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_command_runs_in_a_container_that_is_stopped()
    {
        await _engine.MakeAsync(Web, ContractContainer.Plain);
        await ChangeAsync("docker_stop_container", new StopContainer.Input { Container = new ContainerRef(Web), Grace = TimeSpan.FromSeconds(2) });

        var e = await Assert.ThrowsAsync<HomelabException>(() => RunAsync(["true"]));

        Assert.Equal((ErrorKind.Conflict, "ContainerNotRunning", true), (e.Kind, e.Id, e.NothingHappened));
    }

    protected abstract Task<IContractEngine> StartAsync();

    private async Task<ContainerCommandResult> RunAsync(string[] command, bool allowFailure = false, int maxOutput = 65_536, TimeSpan? timeout = null)
    {
        var input = new RunInContainer.Input { Container = new ContainerRef(Web), Command = command, AllowFailure = allowFailure, MaxOutput = maxOutput, Timeout = timeout };
        var outcome = await _gate.InvokeAsync(new GateRequest { Operation = "docker_exec", Input = input, Caller = new Caller(Face.Interactive, "anna") }, Cancel);
        return Assert.IsType<ContainerCommandResult>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }

    private void Hear(string line)
    {
        if (line.Contains("GET /events?", StringComparison.Ordinal) && line.Contains(" -> 200 ", StringComparison.Ordinal)) _listening.TrySetResult();
    }

    // Other tests' containers are on the same engine.
    private async Task<ContainerEvent> NextAsync(IAsyncEnumerator<ContainerEvent> events)
    {
        while (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5), Cancel))
        {
            if (events.Current.Container == Web) return events.Current;
        }

        throw new InvalidOperationException("The watch has ended.");
    }

    private async Task<List<ContainerLogLine>> LogAsync(int tail, DateTimeOffset? since = null)
    {
        var container = await _engines.FindAsync(new ContainerRef(Web), Cancel);
        var lines = new List<ContainerLogLine>();
        await foreach (var line in Client.Containers.LogsAsync(container, tail, since, follow: false, Cancel)) lines.Add(line);
        return lines;
    }

    private async Task<ContainerDetail> ChangeAsync(string operation, object input)
    {
        var outcome = await _gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = new Caller(Face.Interactive, "anna") }, Cancel);
        return Assert.IsType<ContainerDetail>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }
}
