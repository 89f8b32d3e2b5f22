using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace Homelab.Lab.Proxmox;

/// <summary>A Proxmox VE cluster that exists only here, and speaks the real one's wire: one HTTPS listener for each node.</summary>
/// <remarks>Shapes, words and refusals follow recordings of 9.1.9.</remarks>
public sealed partial class SimulatedProxmox : IAsyncDisposable
{
    private const int FirstPid = 10_000;

    private readonly ConcurrentQueue<ProxmoxRequest> _requests = new();
    private readonly List<SimulatedNode> _nodes = [];
    private readonly SortedDictionary<int, SimulatedGuest> _guests = [];
    private readonly List<SimulatedStorage> _storages = [];
    private readonly ClusterAuthority _authority = new();
    private int _pid = FirstPid;

    private SimulatedProxmox(SimulatedProxmoxOptions options)
    {
        Options = options;
        TaskTime = options.TaskTime;
        RebootGap = options.RebootGap;
        Access = new SimulatedAccess(Sync, PoolOf);
        Access.Users[SimulatedAccess.Root].Password = options.RootPassword;
        Tickets = new Tickets(options.Time);
        Tasks = new TaskBoard(Sync, options.Time, () => TaskTime);
        var table = new RouteTable(AllRoutes.Of());
        Routes = table.Routes;
        Api = new ProxmoxApi(this, table);
        _storages.Add(new SimulatedStorage("local", "dir") { Path = "/var/lib/vz" });
    }

    /// <summary>How it was set up.</summary>
    public SimulatedProxmoxOptions Options { get; }

    /// <summary>How long a task takes from now on.</summary>
    public TimeSpan TaskTime { get; set; }

    /// <summary>From the end of a reboot task until the guest runs again.</summary>
    public TimeSpan RebootGap { get; set; }

    /// <summary>Changes what is answered, by method, path and data: for what an older or a newer version may say. Null to answer as it is.</summary>
    public Func<string, string, JsonNode?, JsonNode?>? Rewrite { get; set; }

    /// <summary>Its nodes.</summary>
    public IReadOnlyList<SimulatedNode> Nodes
    {
        get
        {
            lock (Sync) return [.. _nodes];
        }
    }

    /// <summary>Its guests, by number.</summary>
    public IReadOnlyList<SimulatedGuest> Guests
    {
        get
        {
            lock (Sync) return [.. _guests.Values];
        }
    }

    /// <summary>Its storages.</summary>
    public IReadOnlyList<SimulatedStorage> Storages
    {
        get
        {
            lock (Sync) return [.. _storages];
        }
    }

    /// <summary>Every task so far, oldest first.</summary>
    public IReadOnlyList<SimulatedTask> AllTasks => Tasks.All;

    /// <summary>Every route it answers.</summary>
    public IReadOnlyList<SimulatedRoute> Routes { get; }

    /// <summary>Every request so far, in the order of arrival.</summary>
    public IReadOnlyList<ProxmoxRequest> Requests => [.. _requests];

    /// <summary>The requests so far that could change something.</summary>
    public IReadOnlyList<ProxmoxRequest> Changes => [.. _requests.Where(static r => r.Method is not "GET")];

    /// <summary>The certificate of the cluster's own authority.</summary>
    public string AuthorityPem => _authority.Pem;

    /// <summary>Held while anything is read or changed: a route or a task runs while the cluster stands still.</summary>
    internal Lock Sync { get; } = new();

    internal TimeProvider Time => Options.Time;

    internal SimulatedAccess Access { get; }

    internal Tickets Tickets { get; }

    internal TaskBoard Tasks { get; }

    internal ProxmoxApi Api { get; }

    /// <summary>What can be fetched from outside, and how large it is. Nothing is ever fetched for real.</summary>
    public IDictionary<Uri, long> Downloads { get; } = new Dictionary<Uri, long>();

    /// <summary>What is set for the cluster: <c>datacenter.cfg</c>.</summary>
    internal Dictionary<string, string> ClusterConfig { get; } = new(StringComparer.Ordinal);

    /// <summary>True while more than half of the nodes are there.</summary>
    internal bool Quorate => Nodes.Count(static n => n.Online) * 2 > Nodes.Count;

    internal int Cores => _nodes[0].Cores;

    /// <summary>Starts one.</summary>
    public static async Task<SimulatedProxmox> StartAsync(SimulatedProxmoxOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var cluster = new SimulatedProxmox(options);
        foreach (var name in options.Nodes) await cluster.AddNodeAsync(name, cancellationToken);
        cluster.ResourcesLag = options.ResourcesLag;
        return cluster;
    }

    /// <summary>Adds a node and lets it listen.</summary>
    /// <exception cref="ArgumentException">There is one of that name.</exception>
    public async Task<SimulatedNode> AddNodeAsync(string name, CancellationToken cancellationToken)
    {
        if (Nodes.Any(n => n.Name == name)) throw new ArgumentException($"There is a node '{name}' already.", nameof(name));
        var node = new SimulatedNode(this, name, Nodes.Count + 1, _authority.Issue(name, SimulatedNode.AddressOf(Nodes.Count + 1)));
        await node.ComeUpAsync(cancellationToken);
        lock (Sync) _nodes.Add(node);
        return node;
    }

    /// <summary>A node by name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SimulatedNode Node(string name) => Nodes.FirstOrDefault(n => n.Name == name) ?? throw new KeyNotFoundException($"There is no node '{name}'.");

    /// <summary>Makes a guest, with its disk.</summary>
    /// <exception cref="ArgumentException">There is one of that number.</exception>
    public SimulatedGuest AddGuest(SimulatedGuestSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        lock (Sync)
        {
            if (_guests.ContainsKey(spec.Vmid)) throw new ArgumentException($"There is a guest {spec.Vmid} already.", nameof(spec));
            var node = spec.Node is null ? _nodes[0] : Node(spec.Node);
            var guest = new SimulatedGuest(this, spec, node)
            {
                Pool = spec.Pool,
                HaManaged = spec.HaManaged,
                HasAcpi = spec.HasAcpi,
                AgentAnswers = spec.Agent,
            };
            AddDisk(spec, node);
            Put(guest);
            return guest;
        }
    }

    /// <summary>A guest by number.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public SimulatedGuest Guest(int vmid) => Find(vmid) ?? throw new KeyNotFoundException($"There is no guest {vmid}.");

    /// <summary>Removes a guest behind the API's back, running or not.</summary>
    public void Remove(SimulatedGuest guest)
    {
        ArgumentNullException.ThrowIfNull(guest);
        lock (Sync)
        {
            _guests.Remove(guest.Vmid);
            Access.Changed();
        }
    }

    /// <summary>Adds a storage.</summary>
    public SimulatedStorage AddStorage(SimulatedStorage storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        lock (Sync) _storages.Add(storage);
        return storage;
    }

    /// <summary>The next task of a type ends with this status, and does nothing.</summary>
    public void FailNext(string type, string exitStatus) => Tasks.FailNext(type, exitStatus);

    /// <summary>The next task of a type runs until it is released or stopped.</summary>
    public SimulatedTaskHold HoldNext(string type) => Tasks.HoldNext(type);

    /// <summary>Adds a task of the past to the first node's list, in the name of root's token <c>lab</c>.</summary>
    /// <param name="type">What it did: <c>qmstart</c>.</param>
    /// <param name="id">What it did it to.</param>
    /// <param name="exitStatus">How it ended; null for one that was forgotten and runs until it is stopped.</param>
    /// <param name="started">When it started, in seconds since 1970.</param>
    /// <param name="ended">When it ended, in seconds since 1970.</param>
    public SimulatedTask AddPastTask(string type, string id, string? exitStatus, long started, long ended) =>
        Tasks.AddPast(Nodes[0], type, id, SimulatedAccess.Root + "!lab", exitStatus, started, ended);

    /// <summary>Forgets the requests so far.</summary>
    public void ForgetRequests() => _requests.Clear();

    internal SimulatedGuest? Find(int vmid)
    {
        lock (Sync) return _guests.GetValueOrDefault(vmid);
    }

    internal void Put(SimulatedGuest guest)
    {
        _guests[guest.Vmid] = guest;
        Access.Changed();
    }

    internal SimulatedStorage? FindStorage(string name)
    {
        lock (Sync) return _storages.Find(s => s.Name == name);
    }

    internal void RemoveStorage(SimulatedStorage storage) => _storages.Remove(storage);

    /// <summary>The cluster's manager brings a guest to the state that is wanted of it, some time after that was said.</summary>
    internal void FollowHa(SimulatedGuest guest) => Tasks.Later(RebootGap, () =>
    {
        if (!guest.HaManaged) return;
        if (guest.HaState is "started" or "enabled" && guest.Pid is null) guest.Run();
        if (guest.HaState is "stopped" or "disabled" && guest.Pid is not null) guest.Halt();
    });

    internal int NextPid() => ++_pid;

    internal void Remember(ProxmoxRequest request) => _requests.Enqueue(request);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Tasks.Forget();
        ResourcesLag = TimeSpan.Zero;
        foreach (var node in Nodes) await node.EndAsync();
        _authority.Dispose();
    }

    private void AddDisk(SimulatedGuestSpec spec, SimulatedNode node)
    {
        if (spec.Disk == 0 || FindStorage(spec.Storage) is not { } storage) return;
        storage.Volumes.Add(new SimulatedVolume
        {
            Volid = GuestConfig.VolumeOf(spec),
            Content = spec.Kind is SimulatedGuestKind.Qemu ? "images" : "rootdir",
            Format = spec.Kind is SimulatedGuestKind.Qemu ? "qcow2" : "raw",
            Size = spec.Disk * 1024L * 1024 * 1024,
            Vmid = spec.Vmid,
            Created = Time.GetUtcNow().ToUnixTimeSeconds(),
            Node = storage.Shared ? null : node.Name,
        });
    }
}
