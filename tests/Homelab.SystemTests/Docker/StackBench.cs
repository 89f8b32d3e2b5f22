using Homelab.Configuration;
using Homelab.Providers.Docker;
using Homelab.Providers.Ssh;
using Homelab.SystemTests.Peers;
using Homelab.SystemTests.Ssh;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.SystemTests.Docker;

/// <summary>A folder of stacks on a host with a real engine and a real compose, reached by a real sshd or as this machine itself.</summary>
internal sealed class StackBench : IAsyncDisposable
{
    private readonly DockerdPeer _dockerd;
    private readonly Sshd _sshd = new();
    private SshHosts? _remote;
    private DockerEngines? _engines;

    private StackBench(DockerdPeer dockerd) => _dockerd = dockerd;

    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    /// <summary>The name of the only stack; unlike that of any other test, for the engine is shared.</summary>
    internal string Stack { get; } = "st" + Guid.NewGuid().ToString("N")[..8];

    internal OperationGate Gate { get; private set; } = null!;

    internal string Root { get; private set; } = "";

    internal string Folder => Path.Combine(Root, Stack);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal static async Task<StackBench> StartAsync(DockerdPeer dockerd, bool overSsh = true, GatePolicy? policy = null)
    {
        dockerd.Require();
        Peer.Require("docker-compose", File.Exists("/usr/bin/docker-compose") ? null : "docker-compose is not installed: apt-get install docker-compose");
        var bench = new StackBench(dockerd);
        await bench._sshd.StartAsync($"DOCKER_HOST={dockerd.Endpoint}");
        bench.Root = bench._sshd.In("stacks");
        Directory.CreateDirectory(bench.Folder);
        bench.Make(overSsh, policy ?? new GatePolicy());
        return bench;
    }

    internal string In(string file) => Path.Combine(Folder, file);

    internal Task WriteAsync(string file, string text) => File.WriteAllTextAsync(In(file), text, Cancel);

    internal async Task<StackFile> ReadAsync() => (await QueryAsync<StackFile>("docker_read_compose", new ReadStackFile.Input { Stack = new StackRef(Stack) })).Single();

    internal async Task<List<T>> QueryAsync<T>(string operation, object input)
    {
        var items = new List<T>();
        await foreach (var item in Gate.QueryAsync(new GateRequest { Operation = operation, Input = input, Caller = Person }, Cancel)) items.Add((T)item);
        return items;
    }

    internal async Task<T> ChangeAsync<T>(string operation, object input, Caller? caller = null)
    {
        var outcome = await Gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = caller ?? Person, Confirmation = new Yes() }, Cancel);
        return Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }

    internal Task<StackFileChange> SetAsync(string content, string? hash = null) => ChangeAsync<StackFileChange>("docker_write_compose", new WriteStackFile.Input { Stack = new StackRef(Stack), Content = content, Hash = hash });

    internal Task<StackState> UpAsync(TimeSpan? timeout = null) =>
        ChangeAsync<StackState>("docker_compose_up", new ComposeUp.Input { Stack = new StackRef(Stack), Timeout = timeout ?? TimeSpan.FromMinutes(10), Settle = TimeSpan.FromSeconds(1) });

    internal Task<StackState> DownAsync() => ChangeAsync<StackState>("docker_compose_down", new ComposeDown.Input { Stack = new StackRef(Stack) });

    public async ValueTask DisposeAsync()
    {
        _engines?.Dispose();
        if (_remote is not null) await _remote.DisposeAsync();
        foreach (var id in (await _dockerd.RunAsync("ps", "-aq", "--filter", "label=com.docker.compose.project=" + Stack)).Split('\n', StringSplitOptions.RemoveEmptyEntries)) await _dockerd.RunAsync("rm", "-f", "-v", id);
        foreach (var volume in (await _dockerd.RunAsync("volume", "ls", "-q", "--filter", "label=com.docker.compose.project=" + Stack)).Split('\n', StringSplitOptions.RemoveEmptyEntries)) await _dockerd.RunAsync("volume", "rm", volume);
        await _sshd.DisposeAsync();
    }

    private void Make(bool overSsh, GatePolicy policy)
    {
        var host = overSsh ? _sshd.Host() with { Docker = new DockerEndpointDefinition { Url = "ssh" } } : new HostDefinition { Docker = new DockerEndpointDefinition { Url = _dockerd.Endpoint } };
        var lab = new LabDefinition
        {
            Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["dev"] = host },
            Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["docker"] = new DockerSettings { StackFolders = new Dictionary<string, string>(StringComparer.Ordinal) { ["dev"] = Root } } },
            Policy = policy,
        };
        var context = new ProviderContext(lab, _sshd.Folder, null!, TimeProvider.System) { Yaml = new YamlReader() };
        _remote = new SshHosts(context, SshBench.Patient);
        context = context with { Remote = _remote };
        _engines = new DockerEngines(context);
        var stacks = new StackKeeper(context, _engines);
        var store = new MemoryGateStore();
        Gate = new OperationGate(
            new OperationCatalog([new ReadStackFile(stacks), new WriteStackFile(stacks), new ComposeUp(stacks), new ComposeDown(stacks), new ListVolumes(_engines), new ListNetworks(_engines)]),
            new Decider(lab.Access, lab.Policy, []),
            new ActionLimits(),
            store,
            new ApprovalDesk(store, new ApprovalPolicy(), TimeProvider.System),
            new SecretRedactor(),
            TimeProvider.System);
    }

    private sealed class Yes : IConfirmation
    {
        public ValueTask<bool> ConfirmAsync(Intent intent, Decision decision, int number, CancellationToken cancellationToken) => ValueTask.FromResult(true);
    }
}
