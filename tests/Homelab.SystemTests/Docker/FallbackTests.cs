using Homelab.Providers.Docker;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.SystemTests.Ssh;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Docker;

/// <summary>A real engine whose API nobody reaches, and the real docker program behind a real sshd.</summary>
[Collection(SharedDockerd.Name)]
public sealed class FallbackTests(DockerdPeer dockerd) : IAsyncLifetime
{
    // Nobody listens on the port of discarded datagrams.
    private const string Nowhere = "tcp://127.0.0.1:9";

    private readonly string _name = "web" + Guid.NewGuid().ToString("N")[..8];
    private readonly Sshd _sshd = new();
    private readonly List<SshHosts> _remotes = [];
    private readonly List<string> _trace = [];
    private RealContractEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        dockerd.Require();
        Peer.Require("sshd", Sshd.WhyNot());
        _engine = new RealContractEngine(dockerd);
        await _sshd.StartAsync($"DOCKER_HOST={dockerd.Endpoint}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var remote in _remotes) await remote.DisposeAsync();
        await _sshd.DisposeAsync();
        if (_engine is not null) await _engine.DisposeAsync();
    }

    [Fact]
    public async Task What_the_docker_program_tells_of_a_container_is_what_the_api_tells()
    {
        await _engine.MakeAsync(_name, ContractContainer.Checked);
        using var direct = Engines(dockerd.Endpoint);
        using var silent = Engines(Nowhere);

        var byApi = await direct.FindAsync(new ContainerRef(_name), Cancel);
        var bySsh = await silent.FindAsync(new ContainerRef(_name), Cancel);
        var listed = (await silent.On("dev").Containers.ListAsync(Cancel)).Single(c => c.Name == _name);
        var listedByApi = (await direct.On("dev").Containers.ListAsync(Cancel)).Single(c => c.Name == _name);

        Assert.Equal((EngineWay.Api, EngineWay.Ssh, EngineWay.Ssh), (byApi.Via, bySsh.Via, listed.Via));
        Assert.Equivalent(byApi with { Via = EngineWay.Ssh, HealthOutput = bySsh.HealthOutput }, bySsh);
        Assert.Equal((listedByApi.Id, listedByApi.Image, listedByApi.State, listedByApi.Health, listedByApi.Created.ToUnixTimeSeconds()), (listed.Id, listed.Image, listed.State, listed.Health, listed.Created.ToUnixTimeSeconds()));
        Assert.Equivalent(listedByApi.Labels, listed.Labels);
    }

    [Fact]
    public async Task Its_log_is_told_in_order_with_streams_and_times()
    {
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var direct = Engines(dockerd.Endpoint);
        using var silent = Engines(Nowhere);
        var container = await silent.FindAsync(new ContainerRef(_name), Cancel);

        var lines = await LinesAsync(silent, container);

        Assert.Equal((await LinesAsync(direct, container)).Select(static l => (l.At, l.Source, l.Text)), lines.Select(static l => (l.At, l.Source, l.Text)));
        Assert.Equal(10, lines.Count);
        Assert.Empty(await LinesAsync(silent, container, DateTimeOffset.UtcNow.AddSeconds(5)));
    }

    [Fact]
    public async Task A_restart_passes_the_same_gate_and_is_seen_by_a_new_start()
    {
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        using var silent = Engines(Nowhere);
        var store = new MemoryGateStore();
        var gate = new OperationGate(
            new OperationCatalog([new RestartContainer(silent), new StopContainer(silent), new StartContainer(silent)]),
            new Decider(new AccessPolicy(), new GatePolicy(), []), new ActionLimits(), store, new ApprovalDesk(store, new ApprovalPolicy(), TimeProvider.System), new SecretRedactor(), TimeProvider.System);
        var before = await silent.FindAsync(new ContainerRef(_name), Cancel);

        var after = await ChangeAsync(gate, "docker_restart_container", new RestartContainer.Input { Container = new ContainerRef(_name), Grace = TimeSpan.FromSeconds(2) });
        var stopped = await ChangeAsync(gate, "docker_stop_container", new StopContainer.Input { Container = new ContainerRef(_name), Grace = TimeSpan.FromSeconds(2) });
        var started = await ChangeAsync(gate, "docker_start_container", new StartContainer.Input { Container = new ContainerRef(_name) });

        Assert.True(after.StartedAt > before.StartedAt);
        Assert.Equal((ContainerState.Running, ContainerState.Exited, ContainerState.Running), (after.State, stopped.State, started.State));
        Assert.All([after, stopped, started], static c => Assert.Equal(EngineWay.Ssh, c.Via));
        lock (_trace) Assert.Contains(_trace, l => l.Contains($"docker container restart -t 2 -- {before.Id} -> 0", StringComparison.Ordinal));
        Assert.All(store.Changes, static c => Assert.Equal(ChangeStatus.Succeeded, c.Status));
    }

    [Fact]
    public async Task A_container_that_is_not_there_is_not_found()
    {
        using var silent = Engines(Nowhere);

        Assert.Equal("ContainerNotFound", (await Assert.ThrowsAsync<HomelabException>(() => silent.FindAsync(new ContainerRef("nobody" + _name), Cancel))).Id);
    }

    [Fact]
    public async Task An_engine_that_is_dead_is_unreachable_by_either_way_with_both_causes()
    {
        await using var sshd = new Sshd();
        await sshd.StartAsync("DOCKER_HOST=unix:///nowhere/docker.sock");
        using var silent = Engines(Nowhere, sshd);

        var e = await Assert.ThrowsAsync<HomelabException>(() => silent.On("dev").Containers.ListAsync(Cancel));

        Assert.Equal((ErrorKind.Unavailable, "DockerUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("tcp://127.0.0.1:9", e.Message, StringComparison.Ordinal);
        Assert.Contains("Cannot connect to the Docker daemon", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_login_where_the_talk_with_the_engine_fails_but_the_program_works_is_enough()
    {
        await _engine.MakeAsync(_name, ContractContainer.Plain);
        // A docker in front of the real one that knows no dial-stdio, as one older than 18.09.
        Directory.CreateDirectory(_sshd.In("bin"));
        await File.WriteAllTextAsync(_sshd.In("bin/docker"), "#!/bin/sh\n[ \"$1\" = system ] && { echo \"docker: 'system dial-stdio' is not a docker command.\" >&2; exit 1; }\nexec " + DockerProgram() + " \"$@\"\n", Cancel);
        await Sshd.RunAsync("chmod", "+x", _sshd.In("bin/docker"));
        await using var sshd = new Sshd();
        await sshd.StartAsync($"DOCKER_HOST={dockerd.Endpoint}", $"PATH={_sshd.In("bin")}:/usr/bin:/bin");
        using var engines = Engines("ssh", sshd);

        Assert.Equal(EngineWay.Ssh, (await engines.FindAsync(new ContainerRef(_name), Cancel)).Via);
    }

    [Fact]
    public async Task A_login_that_is_not_accepted_is_told_as_such_and_no_other_way_is_tried()
    {
        using var engines = Engines("ssh", key: "other_key");

        Assert.Equal("SshDenied", (await Assert.ThrowsAsync<HomelabException>(() => engines.On("dev").Containers.ListAsync(Cancel))).Id);
        Assert.Equal(0, await _sshd.LoginsAsync());
    }

    private static string DockerProgram() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(static p => Path.Combine(p, "docker")).First(File.Exists);

    private DockerEngines Engines(string url, Sshd? sshd = null, string key = "login_key")
    {
        sshd ??= _sshd;
        var host = new HostDefinition
        {
            Address = "127.0.0.1",
            Ssh = new SshDefinition { User = Environment.UserName, Port = sshd.Port, HostKey = sshd.HostKey, Key = SecretReference.Parse("file:" + key, provider: null) },
            Docker = new DockerEndpointDefinition { Url = url },
        };
        var context = new ProviderContext(new LabDefinition { Hosts = new Dictionary<string, HostDefinition> { ["dev"] = host } }, sshd.Folder, null!, TimeProvider.System)
        {
            Trace = line =>
            {
                lock (_trace) _trace.Add(line);
            },
        };
        var remote = new SshHosts(context, SshBench.Patient);
        _remotes.Add(remote);
        return new DockerEngines(context with { Remote = remote });
    }

    private static async Task<List<ContainerLogLine>> LinesAsync(DockerEngines engines, ContainerDetail container, DateTimeOffset? since = null)
    {
        var lines = new List<ContainerLogLine>();
        await foreach (var line in engines.On("dev").Containers.LogsAsync(container, 100, since, follow: false, Cancel)) lines.Add(line);
        return lines;
    }

    private static async Task<ContainerDetail> ChangeAsync(OperationGate gate, string operation, object input)
    {
        var outcome = await gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = new Caller(Face.Interactive, "anna") }, Cancel);
        return Assert.IsType<ContainerDetail>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }
}
