using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Homelab.Lab.Docker;

/// <summary>A container that exists only here. It does what its engine is told over the wire, and what the lab does to it: crash, fall ill, recover.</summary>
public sealed partial class SimulatedContainer
{
    private const int Killed = 137;
    private const int Terminated = 143;

    private readonly Lock _lock = new();
    private readonly string _dataRoot;
    private readonly EngineClock _clock;
    private readonly EngineEvents _events;
    private ITimer? _healing;
    private int _deathsLeft;
    private int _deathCode;

    internal SimulatedContainer(SimulatedContainerSpec spec, string imageId, int make, string dataRoot, EngineClock clock, EngineEvents events)
    {
        ImageId = imageId;
        Spec = spec;
        _clock = clock;
        _events = events;
        Name = spec.Name;
        // The same name gets the same id each time, so that a story can be told twice; one made in the place of another gets one of its own.
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"container {spec.Name}{(make == 0 ? "" : " " + make)}")));
        _dataRoot = dataRoot;
        Created = clock.Now();
        Made = EngineMake.Read(spec, Id);
        Limits = new SimulatedLimits(spec.MemoryLimit, spec.MemorySwap, 0, spec.RestartPolicy, 0);
        Tell("create");
        if (spec.Running) Begin();
    }

    /// <summary>Raised after each change of <see cref="State"/> or <see cref="Health"/>, on the thread that changed it.</summary>
    public event EventHandler? StateChanged;

    /// <summary>What it was made from.</summary>
    public SimulatedContainerSpec Spec { get; }

    /// <summary>Its name.</summary>
    public string Name { get; private set; }

    /// <summary>Its full id, 64 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>The id of the image it was made from.</summary>
    public string ImageId { get; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset Created { get; }

    /// <summary>What it is doing.</summary>
    public ContainerState State { get; private set; } = ContainerState.Created;

    /// <summary>True while its main process runs.</summary>
    public bool Running => State is ContainerState.Running;

    /// <summary>What its health check says.</summary>
    public ContainerHealth Health { get; private set; } = ContainerHealth.None;

    /// <summary>Output of its last health check.</summary>
    public string HealthOutput { get; private set; } = "";

    /// <summary>When it was last started. <see cref="DateTimeOffset.MinValue"/> when never.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When it last ended. <see cref="DateTimeOffset.MinValue"/> when never.</summary>
    public DateTimeOffset FinishedAt { get; private set; }

    /// <summary>Exit code of the last run.</summary>
    public int ExitCode { get; private set; }

    /// <summary>True when the last run ended for want of memory.</summary>
    public bool OomKilled { get; private set; }

    /// <summary>How often it was started.</summary>
    public int Starts { get; private set; }

    /// <summary>Its process ends by itself, as if it had a bug.</summary>
    public void Crash(int exitCode = 1)
    {
        lock (_lock)
        {
            if (!Running) return;
            End(exitCode, oom: false);
        }

        Changed();
    }

    /// <summary>The kernel kills it for want of memory.</summary>
    public void RunOutOfMemory()
    {
        lock (_lock)
        {
            if (!Running) return;
            Tell("oom");
            End(Killed, oom: true);
        }

        Changed();
    }

    /// <summary>Its health check fails from now on, until it is restarted or healed.</summary>
    /// <exception cref="InvalidOperationException">It has no health check.</exception>
    public void BecomeUnhealthy(string output = "check failed") => BecomeIll(ContainerHealth.Unhealthy, output);

    /// <summary>Its health check passes from now on.</summary>
    /// <exception cref="InvalidOperationException">It has no health check.</exception>
    public void BecomeHealthy() => BecomeIll(ContainerHealth.Healthy, "");

    /// <summary>Lets its process die right after each of the next starts; <see cref="int.MaxValue"/> for every one.</summary>
    public void DieAfterStart(int times = int.MaxValue, int exitCode = 1)
    {
        lock (_lock)
        {
            _deathsLeft = times;
            _deathCode = exitCode;
        }
    }

    /// <summary>Starts it, as a person at its machine would. False when it ran already.</summary>
    public bool Start()
    {
        lock (_lock)
        {
            if (Running) return false;
            Begin();
        }

        Changed();
        return true;
    }

    /// <summary>Stops it, as a person at its machine would. False when it did not run.</summary>
    public bool Stop()
    {
        lock (_lock)
        {
            if (!Running) return false;
            TellKill("15");
            End(exitCode: 0, oom: false);
            Tell("stop");
        }

        Changed();
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} ({State})";

    internal async Task<bool> StartAsync(CancellationToken cancellationToken)
    {
        if (Running) return false;
        if (Spec.StartsAfter > TimeSpan.Zero) await Task.Delay(Spec.StartsAfter, _clock.Time, cancellationToken);
        return Start();
    }

    internal async Task<bool> StopAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!Running) return false;
            TellKill("15");
        }

        var ends = Spec.EndsAfter <= grace;
        var wait = ends ? Spec.EndsAfter : grace;
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _clock.Time, cancellationToken);
        lock (_lock)
        {
            if (!ends) TellKill("9");
            if (Running) End(ends ? 0 : Killed, oom: false);
            Tell("stop");
        }

        Changed();
        return true;
    }

    internal async Task RestartAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        await StopAsync(grace, cancellationToken);
        await StartAsync(cancellationToken);
        Tell("restart");
    }

    /// <summary>False when it does not run.</summary>
    internal bool Kill(int signal)
    {
        lock (_lock)
        {
            if (!Running) return false;
            TellKill(signal.ToString(CultureInfo.InvariantCulture));
            // Programs read their configuration anew on these.
            if (signal is 1 or 10 or 12) return true;
            End(signal == 9 ? Killed : Terminated, oom: false);
        }

        Changed();
        return true;
    }

    /// <summary>A command in it was made or started: an event as the engine tells it.</summary>
    internal void TellExec(string what, IReadOnlyList<string> words) => Tell($"exec_{what}: {string.Join(' ', words)}");

    private void Begin()
    {
        State = ContainerState.Running;
        StartedAt = _clock.Now();
        ExitCode = 0;
        OomKilled = false;
        HealthOutput = "";
        Starts++;
        GiveBack();
        Tell("start");
        if (_deathsLeft > 0)
        {
            if (_deathsLeft != int.MaxValue) _deathsLeft--;
            Health = Spec.HasHealthCheck ? ContainerHealth.Unhealthy : ContainerHealth.None;
            End(_deathCode, oom: false);
            return;
        }

        if (!Spec.HasHealthCheck) return;
        Health = ContainerHealth.Starting;
        var start = StartedAt;
        if (Spec.HealthyAfter <= TimeSpan.Zero) SetHealth(ContainerHealth.Healthy, "");
        else _healing = _clock.Time.CreateTimer(_ => PassFirstCheck(start), state: null, Spec.HealthyAfter, Timeout.InfiniteTimeSpan);
    }

    private void PassFirstCheck(DateTimeOffset start)
    {
        lock (_lock)
        {
            if (!Running || StartedAt != start || Health is not ContainerHealth.Starting) return;
            SetHealth(ContainerHealth.Healthy, "");
        }

        Changed();
    }

    private void End(int exitCode, bool oom)
    {
        _healing?.Dispose();
        _healing = null;
        State = ContainerState.Exited;
        FinishedAt = _clock.Now();
        ExitCode = exitCode;
        OomKilled = oom;
        if (Health is ContainerHealth.Starting or ContainerHealth.Healthy) Health = ContainerHealth.Unhealthy;
        Tell("die", ("exitCode", exitCode.ToString(CultureInfo.InvariantCulture)));
    }

    private void BecomeIll(ContainerHealth health, string output)
    {
        if (!Spec.HasHealthCheck) throw new InvalidOperationException($"{Name} has no health check.");
        lock (_lock)
        {
            if (!Running) return;
            SetHealth(health, output);
        }

        Changed();
    }

    private void SetHealth(ContainerHealth health, string output)
    {
        var same = Health == health;
        Health = health;
        HealthOutput = output;
        if (!same) Tell("health_status: " + health.ToString().ToLowerInvariant());
    }

    private void TellKill(string signal) => Tell("kill", ("signal", signal));

    private void Tell(string action, params (string Name, string Value)[] attributes) => _events.Add(this, action, _clock.Now(), attributes);

    private void Changed()
    {
        WakeLogReaders();
        StateChanged?.Invoke(this, EventArgs.Empty);
    }
}
