using Homelab.Providers.Docker;
using Homelab.SystemTests.Peers;
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
    private RealContractEngine _engine = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        dockerd.Require();
        Peer.Require("sshd", Sshd.WhyNot());
        _engine = new RealContractEngine(dockerd);
        await _sshd.StartAsync(dockerd.Endpoint);
    }

    public async ValueTask DisposeAsync()
    {
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
        var hosts = new SshProgramHosts(_sshd);
        using var silent = Engines(Nowhere, hosts);
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
        Assert.Contains(hosts.Commands, c => c.SequenceEqual(["docker", "container", "restart", "-t", "2", "--", before.Id]));
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
        await sshd.StartAsync("unix:///nowhere/docker.sock");
        using var silent = Engines(Nowhere, new SshProgramHosts(sshd));

        var e = await Assert.ThrowsAsync<HomelabException>(() => silent.On("dev").Containers.ListAsync(Cancel));

        Assert.Equal((ErrorKind.Unavailable, "DockerUnreachable", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("tcp://127.0.0.1:9", e.Message, StringComparison.Ordinal);
        Assert.Contains("Cannot connect to the Docker daemon", e.Message, StringComparison.OrdinalIgnoreCase);
    }

    private DockerEngines Engines(string url, IRemoteHosts? hosts = null)
    {
        var lab = new LabDefinition { Hosts = new Dictionary<string, HostDefinition> { ["dev"] = new() { Address = "127.0.0.1", Docker = new DockerEndpointDefinition { Url = url } } } };
        return new DockerEngines(new ProviderContext(lab, _sshd.Folder, null!, TimeProvider.System) { Remote = hosts ?? new SshProgramHosts(_sshd) });
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
