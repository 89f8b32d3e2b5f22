using System.Collections.Concurrent;
using Homelab.Lab.Docker;
using Homelab.Lab.Ssh;

namespace Homelab.Lab.Hosts;

/// <summary>
/// A Linux machine that exists only here and is logged in to over SSH: its disks, memory, units, journal and updates. Where an engine is given, what that keeps fills its disk, and what
/// its containers use is gone from its memory.
/// </summary>
public sealed partial class SimulatedHost : IAsyncDisposable
{
    /// <summary>The account that may log in, and become root.</summary>
    public const string User = "automation";

    private const int FirstPid = 400;

    private readonly TimeProvider _time;
    private readonly SimulatedSshd _sshd;
    private readonly ConcurrentQueue<HostCommand> _commands = new();
    private readonly ConcurrentQueue<JournalLine> _journal = new();
    private int _lastPid = FirstPid;
    private Task _booting = Task.CompletedTask;

    internal SimulatedHost(SimulatedHostSpec spec, SimulatedDockerEngine? engine, SimulatedSshKey key, TimeProvider time)
    {
        (Spec, Engine, _time) = (spec, engine, time);
        Load = 0.2;
        MemoryOwn = spec.Memory / 16;
        FileSystems = HostMounts.Of(spec);
        BootId = Guid.NewGuid().ToString();
        BootedAt = time.GetUtcNow() - spec.Up;
        Units = [.. HostMounts.Units(engine is not null)];
        foreach (var unit in Units) unit.Start(BootedAt, NextPid());
        WriteJournal("kernel", "", $"Linux version {spec.Kernel}", priority: 5, at: BootedAt);
        foreach (var unit in Units) WriteJournal("systemd", unit.Name, $"Started {unit.Name} - {unit.Description}.", at: BootedAt);
        _sshd = new SimulatedSshd(User, key, new HostShell(this).RunAsync);
    }

    /// <summary>What it was made from.</summary>
    public SimulatedHostSpec Spec { get; }

    /// <summary>Its name.</summary>
    public string Name => Spec.Name;

    /// <summary>The engine that runs on it; null for a machine without one.</summary>
    public SimulatedDockerEngine? Engine { get; }

    /// <summary>The port of 127.0.0.1 where it is logged in to.</summary>
    public int Port => _sshd.Port;

    /// <summary>Its public key, as a line of known hosts has it without the host.</summary>
    public string HostKey => _sshd.HostKey;

    /// <summary>What is mounted.</summary>
    public IReadOnlyList<SimulatedFileSystem> FileSystems { get; }

    /// <summary>What its own programs use of its memory, in bytes; containers come on top.</summary>
    public long MemoryOwn { get; set; }

    /// <summary>What is used of its memory, in bytes.</summary>
    public long MemoryUsed => Math.Min(Spec.Memory, MemoryOwn + (Engine?.Containers.Where(static c => c.Running).Sum(static c => c.MemoryUsed) ?? 0));

    /// <summary>What is used of its swap, in bytes.</summary>
    public long SwapUsed { get; set; }

    /// <summary>How many programs want to run at once.</summary>
    public double Load { get; set; }

    /// <summary>Its units.</summary>
    public IReadOnlyList<SimulatedUnit> Units { get; }

    /// <summary>Its stacks of Docker Compose.</summary>
    public SimulatedStacks Stacks { get; } = new();

    /// <summary>The updates that it knows of.</summary>
    public IList<SimulatedPackageUpdate> Updates { get; } = [];

    /// <summary>The packages that want it to be restarted.</summary>
    public IList<string> RebootPackages { get; } = [];

    /// <summary>What tells one of its runs from the next.</summary>
    public string BootId { get; private set; }

    /// <summary>When it was last started.</summary>
    public DateTimeOffset BootedAt { get; private set; }

    /// <summary>What is wrong with it.</summary>
    public HostFault Fault { get; set; }

    /// <summary>How long programs take with <see cref="HostFault.Slow"/>.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Every program that it was asked to run, in the order of arrival.</summary>
    public IReadOnlyList<HostCommand> Commands => [.. _commands];

    /// <summary>Those that could change something.</summary>
    public IReadOnlyList<HostCommand> Changes => [.. _commands.Where(static c => c.IsChange)];

    internal TimeProvider Time => _time;

    internal IReadOnlyList<JournalLine> Journal => [.. _journal];

    /// <summary>A file system by its folder.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SimulatedFileSystem FileSystem(string mount) => FileSystems.FirstOrDefault(f => f.Mount == mount) ?? throw new KeyNotFoundException($"Nothing is mounted at '{mount}' on {Name}.");

    /// <summary>A unit by its name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SimulatedUnit Unit(string name) => Units.FirstOrDefault(u => u.Name == name) ?? throw new KeyNotFoundException($"There is no unit '{name}' on {Name}.");

    /// <summary>What is used of a file system, in bytes: its own, and where the engine keeps its data on it, that.</summary>
    public long UsedOf(SimulatedFileSystem fileSystem)
    {
        ArgumentNullException.ThrowIfNull(fileSystem);
        var engine = Engine is not null && fileSystem.Mount == "/" ? Engine.SpaceUsed : 0;
        return Math.Min(fileSystem.Size, fileSystem.Used + engine);
    }

    /// <summary>How much of a file system people cannot use any more, from 0 to 1.</summary>
    public double FullnessOf(string mount)
    {
        var fileSystem = FileSystem(mount);
        var used = UsedOf(fileSystem);
        return (double)used / (used + AvailableOf(fileSystem));
    }

    /// <summary>Writes an entry into its journal.</summary>
    public void WriteJournal(string identifier, string unit, string message, int priority = 6) => WriteJournal(identifier, unit, message, priority, _time.GetUtcNow());

    /// <summary>Lets a unit end by itself, as if it had a bug.</summary>
    public void FailUnit(string name, int exitCode = 1)
    {
        Unit(name).Fail(_time.GetUtcNow(), exitCode);
        WriteJournal("systemd", name, $"{name}: Main process exited, code=exited, status={exitCode}", priority: 4);
    }

    /// <summary>Forgets the programs that it was asked to run.</summary>
    public void ForgetCommands() => _commands.Clear();

    /// <summary>It cannot be logged in to any more: open connections end, new ones are turned away.</summary>
    public Task GoDownAsync() => _sshd.GoDownAsync();

    /// <summary>It can be logged in to again.</summary>
    public void ComeUp() => _sshd.ComeUp();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _booting;
        await _sshd.DisposeAsync();
    }

    internal long AvailableOf(SimulatedFileSystem fileSystem) => Math.Max(0, fileSystem.Size - UsedOf(fileSystem) - fileSystem.Reserved);

    internal void Note(HostCommand command) => _commands.Enqueue(command);

    internal int NextPid() => Interlocked.Increment(ref _lastPid);

    /// <summary>Starts a unit, anew if it runs.</summary>
    internal void StartUnit(SimulatedUnit unit)
    {
        unit.Start(_time.GetUtcNow(), NextPid());
        WriteJournal("systemd", unit.Name, unit.IsActive ? $"Started {unit.Name} - {unit.Description}." : $"{unit.Name}: Main process exited, code=exited, status={unit.ExitCode}", unit.IsActive ? 6 : 4);
    }

    private void WriteJournal(string identifier, string unit, string message, int priority = 6, DateTimeOffset at = default) =>
        _journal.Enqueue(new JournalLine(at, BootId, priority, unit, identifier, identifier is "systemd" or "kernel" ? 1 : Units.FirstOrDefault(u => u.Name == unit)?.MainPid ?? NextPid(), message));
}
