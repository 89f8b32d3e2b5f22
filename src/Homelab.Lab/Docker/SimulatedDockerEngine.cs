using System.Collections.Concurrent;

namespace Homelab.Lab.Docker;

/// <summary>A Docker Engine that exists only here, and speaks the real one's wire on a socket, a port, or both.</summary>
/// <remarks>Shapes and refusals follow recordings of engine 20.10; versions are negotiated as the real one does.</remarks>
public sealed partial class SimulatedDockerEngine : IAsyncDisposable
{
    private readonly SimulatedDockerEngineOptions _options;
    private readonly ConcurrentQueue<EngineRequest> _requests = new();
    private int _underWay;
    private readonly List<SimulatedContainer> _containers = [];
    private readonly List<(EngineFault Fault, int Left)> _faults = [];
    private readonly Lock _lock = new();
    private readonly EngineEvents _events = new();
    private readonly EngineClock _clock;
    private readonly string? _socketPath;
    private int? _port;
    private EngineListener? _listener;

    private SimulatedDockerEngine(SimulatedDockerEngineOptions options)
    {
        _options = options;
        _clock = new EngineClock(options.Time);
        _port = options.Port;
        _socketPath = options.SocketPath ?? (options.Port is null ? Path.Combine(Path.GetTempPath(), $"hl-{Guid.NewGuid():N}"[..15] + ".sock") : null);
    }

    /// <summary>Raised when a request has arrived, before anything is done about it.</summary>
    public event EventHandler<EngineRequestEventArgs>? RequestReceived;

    /// <summary>Where it listens, as a host's <c>docker:</c> names it: <c>unix:///…</c> or, without a socket, <c>tcp://127.0.0.1:…</c>.</summary>
    public string Endpoint => _socketPath is not null ? "unix://" + _socketPath : TcpEndpoint!;

    /// <summary><c>tcp://127.0.0.1:…</c>; null when it listens on a socket only.</summary>
    public string? TcpEndpoint => _port is null ? null : $"tcp://127.0.0.1:{_port}";

    /// <summary>Its containers.</summary>
    public IReadOnlyList<SimulatedContainer> Containers
    {
        get
        {
            lock (_lock) return [.. _containers];
        }
    }

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<EngineRequest> Requests => [.. _requests];

    /// <summary>How often somebody began to hear its events: from then on none is lost to them. The request for that comes a moment earlier.</summary>
    public int Watches => _events.Watches;

    /// <summary>How many requests are being answered right now, those that hang or follow included.</summary>
    public int RequestsUnderWay => Volatile.Read(ref _underWay);

    /// <summary>The requests so far that could change something.</summary>
    public IReadOnlyList<EngineRequest> Changes => [.. _requests.Where(static r => r.Method is not ("GET" or "HEAD"))];

    /// <summary>Starts one.</summary>
    public static async Task<SimulatedDockerEngine> StartAsync(SimulatedDockerEngineOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var engine = new SimulatedDockerEngine(options);
        await engine.ComeUpAsync(cancellationToken);
        return engine;
    }

    /// <summary>Makes a container.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public SimulatedContainer Add(SimulatedContainerSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        lock (_lock)
        {
            if (_containers.Any(c => c.Name == spec.Name)) throw new ArgumentException($"There is a container '{spec.Name}' already.", nameof(spec));
            var container = new SimulatedContainer(spec, _images.LastOrDefault(i => i.Tag == spec.Image)?.Id ?? EngineJson.ImageId, make: 0, _options.DataRoot, _clock, _events);
            _containers.Add(container);
            return container;
        }
    }

    /// <summary>Removes a container, running or not.</summary>
    public void Remove(SimulatedContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        lock (_lock) _containers.Remove(container);
        _events.Add(container, "destroy", _clock.Now(), []);
    }

    /// <summary>A container by name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SimulatedContainer Container(string name) => Containers.FirstOrDefault(c => c.Name == name) ?? throw new KeyNotFoundException($"There is no container '{name}'.");

    /// <summary>Forgets the requests so far.</summary>
    public void ForgetRequests() => _requests.Clear();

    /// <summary>Lets something go wrong. The fault that was added first is used up first.</summary>
    public void Fail(EngineFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        lock (_lock) _faults.Add((fault, fault.Times));
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public void Recover()
    {
        lock (_lock) _faults.Clear();
    }

    /// <summary>The engine stops listening: open connections end, new ones are refused. Its containers live on.</summary>
    /// <param name="forgetEvents">True for an engine that is restarted: it does not know its past events any more.</param>
    public async Task GoDownAsync(bool forgetEvents = false)
    {
        if (_listener is not { } listener) return;
        _listener = null;
        await listener.DisposeAsync();
        if (forgetEvents) _events.Forget();
    }

    /// <summary>The engine listens again where it did before.</summary>
    public async Task ComeUpAsync(CancellationToken cancellationToken)
    {
        if (_listener is not null) return;
        if (_socketPath is not null) File.Delete(_socketPath);
        _listener = await EngineListener.StartAsync(_socketPath, _port, HandleAsync, cancellationToken);
        _port = _listener.Port ?? _port;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await GoDownAsync();
        if (_socketPath is not null) File.Delete(_socketPath);
    }
}
