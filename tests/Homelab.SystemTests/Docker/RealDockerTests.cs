using System.Globalization;
using System.Text.Json.Nodes;
using Homelab.Providers.Docker;
using Homelab.SystemTests.Peers;

namespace Homelab.SystemTests.Docker;

/// <summary>What only a real engine, its CLI and a real network can show.</summary>
[Collection(SharedDockerd.Name)]
public sealed class RealDockerTests(DockerdPeer dockerd) : IAsyncLifetime
{
    private readonly string _name = "web" + Guid.NewGuid().ToString("N")[..8];
    private IContractEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _engine = new RealContractEngine(dockerd);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    [Fact]
    public async Task The_version_is_negotiated_down_to_the_engines()
    {
        dockerd.Require();
        using var engines = Engines(dockerd.Endpoint);

        var version = await engines.On("dev").System.VersionAsync(Cancel);

        Assert.True(DockerVersion.TryParse(version.ApiVersion, out var newest));
        Assert.False(newest.IsOlderThan(DockerVersion.Oldest));
        await engines.On("dev").Containers.ListAsync(Cancel);
    }

    [Fact]
    public async Task Memory_is_what_docker_stats_prints()
    {
        dockerd.Require();
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var engines = Engines(dockerd.Endpoint);
        var container = await engines.FindAsync(new ContainerRef(_name), Cancel);

        var printed = JsonNode.Parse(await dockerd.RunAsync("stats", "--no-stream", "--format", "{{json .}}", _name))!;
        var usage = await engines.On("dev").Containers.StatsAsync(container, Cancel);

        var parts = printed["MemUsage"]!.GetValue<string>().Split(" / ");
        Assert.Equal(Bytes(parts[1]), usage.MemoryLimit, 0.01 * usage.MemoryLimit);
        // Two looks at a shell that starts a process twenty times a second; the page cache, which would be taken off wrongly, is larger than this.
        Assert.InRange(usage.MemoryUsed, Bytes(parts[0]) - 1_000_000, Bytes(parts[0]) + 1_000_000);
    }

    [Fact]
    public async Task No_event_is_lost_while_the_connection_is_cut()
    {
        dockerd.Require();
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        await using var relay = new Relay(dockerd.Endpoint);
        var listening = new TaskCompletionSource();
        var waiting = new TaskCompletionSource();
        using var engines = Engines(relay.Endpoint, line =>
        {
            if (line.Contains("GET /events?", StringComparison.Ordinal) && line.Contains("-> 200", StringComparison.Ordinal)) listening.TrySetResult();
            if (line.Contains("not listening", StringComparison.Ordinal)) waiting.TrySetResult();
        });
        await using var events = engines.On("dev").Events.WatchAsync(patient: false, Cancel).GetAsyncEnumerator(Cancel);
        var next = NextAsync(events);
        await listening.Task.WaitAsync(Cancel);
        await dockerd.RunAsync("restart", "-t", "1", _name);
        var seen = new List<string> { await next };
        while (seen[^1] != "restart") seen.Add(await NextAsync(events));

        next = NextAsync(events);
        relay.Cut();
        await waiting.Task.WaitAsync(Cancel);
        await _engine.CrashAsync(_name);
        await dockerd.RunAsync("wait", _name);
        await dockerd.RunAsync("start", _name);
        relay.Restore();

        Assert.Equal("die", await next);
        Assert.Equal("start", await NextAsync(events));
    }

    [Fact]
    public async Task A_cut_connection_is_opened_again_by_the_next_call()
    {
        dockerd.Require();
        await using var relay = new Relay(dockerd.Endpoint);
        using var engines = Engines(relay.Endpoint);
        var client = engines.On("dev");
        await client.Containers.ListAsync(Cancel);

        relay.Cut();
        var e = await Assert.ThrowsAsync<HomelabException>(() => client.Containers.ListAsync(Cancel));
        relay.Restore();
        await client.Containers.ListAsync(Cancel);

        Assert.Equal(("DockerUnreachable", true), (e.Id, e.NothingHappened));
    }

    [Theory]
    [InlineData(null, null, "0\n/\n")]
    [InlineData("1000", "/bin", "1000\n/bin\n")]
    public async Task A_command_runs_as_the_user_and_in_the_folder_that_are_asked_for(string? user, string? folder, string expected)
    {
        dockerd.Require();
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var engines = Engines(dockerd.Endpoint);
        var commands = engines.On("dev").Commands;
        var output = new CommandOutput(1_000);

        var id = await commands.CreateAsync(_name, new ExecCreateWire { Cmd = ["sh", "-c", "busybox id -u; busybox pwd"], User = user, WorkingDir = folder }, Cancel);
        await commands.RunAsync(id, output, static () => { }, Cancel);

        Assert.Equal(expected, output.Output);
    }

    [Fact]
    public async Task Outputs_larger_than_a_frame_come_whole_and_apart()
    {
        dockerd.Require();
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var engines = Engines(dockerd.Endpoint);
        var commands = engines.On("dev").Commands;
        var output = new CommandOutput(10_000_000);

        var id = await commands.CreateAsync(_name, new ExecCreateWire { Cmd = ["sh", "-c", "i=0; while [ $i -lt 20000 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done"] }, Cancel);
        await commands.RunAsync(id, output, static () => { }, Cancel);

        Assert.Equal(Enumerable.Range(0, 20_000).Select(static i => $"out {i}\n").Aggregate(new System.Text.StringBuilder(), static (all, l) => all.Append(l)).ToString(), output.Output);
        Assert.EndsWith("err 19999\n", output.Error, StringComparison.Ordinal);
        Assert.False(output.Truncated);
    }

    private async Task<string> NextAsync(IAsyncEnumerator<ContainerEvent> events)
    {
        while (await events.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(5), Cancel))
        {
            if (events.Current.Container == _name) return events.Current.Action;
        }

        throw new InvalidOperationException("The watch has ended.");
    }

    private static DockerEngines Engines(string url, Action<string>? trace = null) => new(new ProviderContext(
        new LabDefinition { Hosts = new Dictionary<string, HostDefinition> { ["dev"] = new() { Docker = new DockerEndpointDefinition { Url = url } } } }, ".", null!, TimeProvider.System)
    { Trace = trace ?? (_ => { }) });

    // 404KiB, 64MiB
    private static double Bytes(string text)
    {
        var unit = text.SkipWhile(static c => char.IsAsciiDigit(c) || c == '.').Aggregate("", static (all, c) => all + c);
        var number = double.Parse(text[..^unit.Length], CultureInfo.InvariantCulture);
        return number * unit switch
        {
            "B" => 1,
            "KiB" => 1024,
            "MiB" => 1024 * 1024,
            "GiB" => 1024 * 1024 * 1024,
            _ => throw new FormatException(text),
        };
    }
}
