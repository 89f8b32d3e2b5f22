using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Homelab.Lab.Proxmox;

/// <summary>A guest of the simulated cluster, as a test sees it and may change it behind the API's back.</summary>
public sealed partial class SimulatedGuest
{
    private const long Mebi = 1024 * 1024;

    private readonly SimulatedProxmox _cluster;

    internal SimulatedGuest(SimulatedProxmox cluster, SimulatedGuestSpec spec, SimulatedNode node)
    {
        _cluster = cluster;
        Spec = spec;
        Node = node;
        Config = GuestConfig.Of(spec);
        if (spec.Running) Run();
    }

    /// <summary>What it was made from.</summary>
    public SimulatedGuestSpec Spec { get; }

    /// <summary>Its number.</summary>
    public int Vmid => Spec.Vmid;

    /// <summary>A virtual machine or a container.</summary>
    public SimulatedGuestKind Kind => Spec.Kind;

    /// <summary>The node it is on.</summary>
    public SimulatedNode Node { get; internal set; }

    /// <summary>Its name, as its configuration has it.</summary>
    public string Name => Text(Kind is SimulatedGuestKind.Qemu ? "name" : "hostname") ?? (Kind is SimulatedGuestKind.Qemu ? "VM " : "CT") + Vmid;

    /// <summary><c>running</c> or <c>stopped</c>.</summary>
    public string State => Pid is null ? "stopped" : "running";

    /// <summary>What QEMU says of it: <c>running</c>, <c>paused</c>, <c>stopped</c>.</summary>
    public string QmpStatus { get; internal set; } = "stopped";

    /// <summary>Who works on it: <c>backup</c>, <c>snapshot</c>, <c>migrate</c>; null for nobody.</summary>
    public string? Lock
    {
        get => Text("lock");
        set => Set("lock", value);
    }

    /// <summary>Its process; null while it is stopped.</summary>
    public int? Pid { get; private set; }

    /// <summary>When it started; null while it is stopped.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>Its configuration, line by line, as the API has it.</summary>
    public IDictionary<string, string> Config { get; private set; }

    /// <summary>What its configuration will be after its next start, where that differs; null for a line that goes away.</summary>
    public IDictionary<string, string?> Pending { get; } = new SortedDictionary<string, string?>(StringComparer.Ordinal);

    /// <summary>Its snapshots, oldest first.</summary>
    public IList<SimulatedSnapshot> Snapshots { get; } = [];

    /// <summary>The snapshot it comes from.</summary>
    public string? ParentSnapshot { get; internal set; }

    /// <summary>True when it answers to a request to end.</summary>
    public bool HasAcpi { get; set; } = true;

    /// <summary>True when the guest agent answers inside while it runs.</summary>
    public bool AgentAnswers { get; set; }

    /// <summary>The pool it is in.</summary>
    public string? Pool { get; internal set; }

    /// <summary>True when the cluster keeps it up.</summary>
    public bool HaManaged { get; internal set; }

    /// <summary>What the cluster's manager wants of it: <c>started</c>, <c>stopped</c>, <c>ignored</c>.</summary>
    public string HaState { get; internal set; } = "started";

    internal string? HaComment { get; set; }

    /// <summary>True for a template.</summary>
    public bool Template => Text("template") is "1";

    /// <summary>Memory that it seems to use while it runs, in bytes.</summary>
    public long MemoryUsed { get; set; }

    /// <summary>The part of its processors that it seems to use while it runs.</summary>
    public double CpuUsed { get; set; } = 0.02;

    /// <summary>The size of its first disk in bytes.</summary>
    internal long MaxDisk => GuestStatus.MaxDisk(this);

    /// <summary>How often it has started: tells one life from the next.</summary>
    internal int Starts { get; private set; }

    internal string ApiKind => Kind is SimulatedGuestKind.Qemu ? "qemu" : "lxc";

    internal string AccessPath => "/vms/" + Vmid.ToString(CultureInfo.InvariantCulture);

    internal long MemoryBytes => Number("memory", 512) * Mebi;

    internal int Cores => (int)(Kind is SimulatedGuestKind.Qemu ? Number("sockets", 1) * Number("cores", 1) : Number("cores", _cluster.Cores));

    /// <summary>The digest of its configuration, which changes when it does.</summary>
    internal string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Lines()))))[..40];

    /// <summary>Its process ends by itself, and nothing asked it to.</summary>
    public void Crash()
    {
        lock (_cluster.Sync) Halt();
    }

    /// <summary>It starts without the API's doing, as when somebody typed <c>qm start</c>.</summary>
    public void StartByHand()
    {
        lock (_cluster.Sync) Run();
    }

    internal void Run()
    {
        foreach (var (key, value) in Pending) Set(key, value);
        Pending.Clear();
        Pid = _cluster.NextPid();
        Starts++;
        StartedAt = _cluster.Time.GetUtcNow();
        QmpStatus = "running";
        if (MemoryUsed == 0) MemoryUsed = MemoryBytes / 2;
    }

    internal void Halt()
    {
        Pid = null;
        StartedAt = null;
        QmpStatus = "stopped";
    }

    internal void Replace(IReadOnlyDictionary<string, string> config) => Config = new SortedDictionary<string, string>(config.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);

    internal string? Text(string key) => Config.TryGetValue(key, out var value) ? value : null;

    internal void Set(string key, string? value)
    {
        if (value is null) Config.Remove(key);
        else Config[key] = value;
    }

    internal long Number(string key, long otherwise) => Text(key) is { } text && long.TryParse(text.Split(',')[0].Replace("current=", "", StringComparison.Ordinal), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
