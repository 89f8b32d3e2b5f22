using System.Text.Json;
using Homelab.Lab.Docker;
using Homelab.Providers.Docker;
using Homelab.Tests;
using Homelab.UnitTests.Support;

namespace Homelab.UnitTests.Providers.Docker;

/// <summary>Simulated engines, a lab that names them, and a gate before the operations.</summary>
internal sealed class DockerBench : IAsyncDisposable
{
    private readonly Dictionary<string, SimulatedDockerEngine> _engines = new(StringComparer.Ordinal);

    private DockerBench()
    {
    }

    /// <summary>What a watch of a container waits before its second look: whoever waits so has looked once.</summary>
    internal static TimeSpan FirstPause { get; } = TimeSpan.FromMilliseconds(10);

    internal static Caller Person { get; } = new(Face.Interactive, "anna");

    internal static Caller Hook { get; } = new(Face.Webhook, "kuma");

    internal required DockerEngines Engines { get; init; }

    internal required OperationGate Gate { get; init; }

    internal required MemoryGateStore Store { get; init; }

    internal required TraceLog Trace { get; init; }

    internal SimulatedDockerEngine Engine => _engines.Values.First();

    internal SimulatedDockerEngine this[string host] => _engines[host];

    internal static Task<DockerBench> StartAsync(params string[] hosts) => StartAsync(new PatientTime(), new SimulatedDockerEngineOptions(), hosts);

    internal static Task<DockerBench> StartAsync(TimeProvider time, SimulatedDockerEngineOptions options, params string[] hosts) => StartAsync(time, options, static l => l, remote: null, hosts);

    /// <param name="time">The clock.</param>
    /// <param name="options">How the engines are.</param>
    /// <param name="lab">Changes the lab, such as its policy.</param>
    /// <param name="remote">The way to log in to the hosts; none when null.</param>
    /// <param name="hosts">Each has an engine; <c>dev</c> when none is named.</param>
    internal static async Task<DockerBench> StartAsync(TimeProvider time, SimulatedDockerEngineOptions options, Func<LabDefinition, LabDefinition> lab, IRemoteHosts? remote, params string[] hosts)
    {
        var engines = new Dictionary<string, SimulatedDockerEngine>(StringComparer.Ordinal);
        foreach (var host in hosts.Length > 0 ? hosts : ["dev"]) engines.Add(host, await SimulatedDockerEngine.StartAsync(options, CancellationToken.None));
        var trace = new TraceLog();
        var definition = lab(new LabDefinition { Hosts = engines.ToDictionary(e => e.Key, e => new HostDefinition { Docker = new DockerEndpointDefinition { Url = e.Value.Endpoint } }, StringComparer.Ordinal) });
        var context = new ProviderContext(definition, AppContext.BaseDirectory, new NoSecrets(), time) { Trace = trace.Add };
        if (remote is not null) context = context with { Remote = remote };
        var dockers = new DockerEngines(context);
        var store = new MemoryGateStore();
        Operation[] operations =
        [
            new ListContainers(dockers), new ReadContainerLog(dockers), new MeasureContainer(dockers), new CheckContainer(dockers), new InspectContainer(dockers),
            new WatchContainers(dockers), new StartContainer(dockers), new StopContainer(dockers), new RestartContainer(dockers),
            new MeasureSpace(dockers), new ClearImages(dockers), new ClearContainerLog(dockers, context.Remote), new SetContainerLimits(dockers), new ResetContainer(dockers),
            new RunInContainer(dockers, context.Commands, context.Turns), new ListVolumes(dockers), new ListNetworks(dockers),
        ];
        var limits = new ActionLimits();
        var gate = new OperationGate(
            new OperationCatalog(operations),
            new Decider(definition.Access, definition.Policy, []),
            limits,
            store,
            new ApprovalDesk(store, new ApprovalPolicy(), time),
            new SecretRedactor(),
            time);
        var bench = new DockerBench { Engines = dockers, Gate = gate, Store = store, Trace = trace };
        foreach (var (host, engine) in engines) bench._engines.Add(host, engine);
        return bench;
    }

    internal Task<ContainerDetail> ChangeAsync(string operation, object input, Caller? caller = null) => ChangeAsync<ContainerDetail>(operation, input, caller);

    internal async Task<T> ChangeAsync<T>(string operation, object input, Caller? caller = null)
    {
        var outcome = await Gate.InvokeAsync(new GateRequest { Operation = operation, Input = input, Caller = caller ?? Person }, TestContext.Current.CancellationToken);
        return Assert.IsType<T>(Assert.IsType<GateOutcome.Done>(outcome).Result);
    }

    internal Task<ContainerDetail> RestartAsync(string container, TimeSpan? timeout = null) =>
        ChangeAsync("docker_restart_container", new RestartContainer.Input { Container = new ContainerRef(container), Timeout = timeout ?? TimeSpan.FromMinutes(1) });

    internal async Task<List<T>> QueryAsync<T>(string operation, object input, Caller? caller = null)
    {
        var items = new List<T>();
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = caller ?? Person };
        await foreach (var item in Gate.QueryAsync(request, TestContext.Current.CancellationToken)) items.Add((T)item);
        return items;
    }

    internal DockerClient Client(string? host = null) => Engines.On(host ?? Engines.Hosts[0]);

    /// <summary>Completes when the engine has received such a request.</summary>
    internal Task ReceivedAsync(string method, string path)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Engine.RequestReceived += (_, e) =>
        {
            if (e.Request.Method == method && Wildcard.Matches(path, e.Request.Path)) seen.TrySetResult();
        };
        return seen.Task.WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>Completes when a host's events are listened to: what happens from then on is heard.</summary>
    internal Task ListeningAsync(string host) => Trace.HasAsync($"docker {host}: GET /events?", " -> 200 ");

    public async ValueTask DisposeAsync()
    {
        Engines.Dispose();
        foreach (var engine in _engines.Values) await engine.DisposeAsync();
    }

    private sealed class NoSecrets : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) =>
            throw new HomelabException(ErrorKind.NotFound, "SecretNotFound", $"There is no secret {reference}.");
    }
}

/// <summary>The trace, and a way to wait for a line of it.</summary>
internal sealed class TraceLog
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Begin, string Part, TaskCompletionSource Seen)> _awaited = [];

    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock) return [.. _lines];
        }
    }

    internal void Add(string line)
    {
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (begin, part, seen) in _awaited)
            {
                if (line.StartsWith(begin, StringComparison.Ordinal) && line.Contains(part, StringComparison.Ordinal)) seen.TrySetResult();
            }
        }
    }

    internal Task HasAsync(string begin, string part)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_lines.Any(l => l.StartsWith(begin, StringComparison.Ordinal) && l.Contains(part, StringComparison.Ordinal))) seen.SetResult();
            else _awaited.Add((begin, part, seen));
            return seen.Task.WaitAsync(TimeSpan.FromMinutes(3));
        }
    }
}

/// <summary>What a real engine 20.10 was recorded to answer.</summary>
internal static class Recorded
{
    internal static byte[] Read(string name)
    {
        using var stream = typeof(Recorded).Assembly.GetManifestResourceStream("docker/" + name) ?? throw new FileNotFoundException(name);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
