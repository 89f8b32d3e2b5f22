using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Homelab.Lab.TrueNas;

/// <summary>A TrueNAS on a port of 127.0.0.1: JSON-RPC over a websocket and REST 2.0, as far as its state, its datasets and their snapshots go.</summary>
/// <remarks>Checked against truenas/middleware: <c>api/base/server/ws_handler/rpc.py</c>, <c>api/v25_10_0/</c>, <c>plugins/zfs_/snapshot.py</c>, <c>restful.py</c>; which method a release has against its <c>api/</c> folder.</remarks>
public sealed partial class SimulatedTrueNas : IAsyncDisposable
{
    private readonly SimulatedCertificate? _certificate;
    private readonly TimeProvider _time;
    private readonly ConcurrentQueue<string> _calls = new();
    private readonly List<SimulatedPool> _pools = [];
    private readonly List<SimulatedDataset> _datasets = [];
    private readonly List<SimulatedDatasetSnapshot> _snapshots = [];
    private readonly List<SimulatedAlert> _alerts = [];
    private readonly Lock _lock = new();
    private LoopbackServer? _server;

    private SimulatedTrueNas(string user, string key, TrueNasRelease release, bool tls, TimeProvider time)
    {
        User = user;
        Key = key;
        Release = release;
        _time = time;
        _certificate = tls ? new SimulatedCertificate("truenas") : null;
    }

    /// <summary>Whose key it is.</summary>
    public string User { get; }

    /// <summary>The key that is taken.</summary>
    public string Key { get; }

    /// <summary>What it behaves like.</summary>
    public TrueNasRelease Release { get; }

    /// <summary>Its address.</summary>
    public Uri Url => _server!.Url;

    /// <summary>The fingerprint of its certificate; null where it speaks plain HTTP.</summary>
    public string? CertificateSha256 => _certificate?.Sha256;

    /// <summary>What it was asked, in order: methods, and method and path of REST.</summary>
    public IReadOnlyList<string> Calls => [.. _calls];

    /// <summary>Its snapshots.</summary>
    public IReadOnlyList<SimulatedDatasetSnapshot> Snapshots
    {
        get
        {
            lock (_lock) return [.. _snapshots];
        }
    }

    /// <summary>What a login is answered with in place of <c>SUCCESS</c>: <c>OTP_REQUIRED</c>.</summary>
    public string? LoginAnswer { get; set; }

    /// <summary>Methods that the key's user has no role for.</summary>
    public ISet<string> Forbidden { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>When set, this method is done and its answer is lost with the connection.</summary>
    public string? LoseAnswerTo { get; set; }

    /// <summary>When set, the connection ends with this method and nothing is done.</summary>
    public string? CutOffAt { get; set; }

    /// <summary>When set, this method is answered well and does nothing.</summary>
    public string? Ignore { get; set; }

    /// <summary>When set, this method is never answered.</summary>
    public string? Silent { get; set; }

    /// <summary>Starts one with a small store.</summary>
    /// <param name="user">Whose key it is.</param>
    /// <param name="key">The key that is taken.</param>
    /// <param name="release">What it behaves like.</param>
    /// <param name="tls">Whether it speaks TLS, with a certificate of its own.</param>
    /// <param name="time">Its clock.</param>
    public static async Task<SimulatedTrueNas> StartAsync(string user, string key, TrueNasRelease release = TrueNasRelease.V2510, bool tls = false, TimeProvider? time = null)
    {
        var nas = new SimulatedTrueNas(user, key, release, tls, time ?? TimeProvider.System);
        nas._pools.Add(new SimulatedPool("tank", 8L << 40, 5L << 40));
        nas.Add(new SimulatedDataset("tank", 5L << 40));
        nas.Add(new SimulatedDataset("tank/media", 3L << 40) { Quota = 4L << 40, Comments = "Films and music." });
        nas.Add(new SimulatedDataset("tank/media/films", 2L << 40));
        nas.Add(new SimulatedDataset("tank/private", 1L << 30) { Encrypted = true, Locked = true });
        nas.Add(new SimulatedDataset("tank/vm-100", 32L << 30) { VolumeSize = 64L << 30 });
        nas._snapshots.Add(new SimulatedDatasetSnapshot("tank/media", "auto-2026-11-20_00-00", nas._time.GetUtcNow().AddDays(-1), 1_000));
        nas._server = await LoopbackServer.StartAsync(
            app =>
            {
                app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.Zero });
                app.Run(nas.AnswerAsync);
            },
            certificate: nas._certificate?.Whole);
        return nas;
    }

    /// <summary>Puts a pool in the place of the one of its name, or beside the others.</summary>
    public void Set(SimulatedPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        lock (_lock)
        {
            _pools.RemoveAll(p => p.Name == pool.Name);
            _pools.Add(pool);
        }
    }

    /// <summary>Adds a dataset.</summary>
    public void Add(SimulatedDataset dataset)
    {
        lock (_lock) _datasets.Add(dataset);
    }

    /// <summary>Adds an alert.</summary>
    public void Add(SimulatedAlert alert)
    {
        lock (_lock) _alerts.Add(alert);
    }

    /// <summary>Stops.</summary>
    public async ValueTask DisposeAsync()
    {
        DropClients();
        if (_server is not null) await _server.DisposeAsync();
        _certificate?.Dispose();
    }

    private bool HasSocket => Release != TrueNasRelease.V2410;

    private bool HasRest => Release != TrueNasRelease.V26;

    private string SnapshotService => Release is TrueNasRelease.V2410 or TrueNasRelease.V2504 ? "zfs.snapshot" : "pool.snapshot";

    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path == "/api/current" && HasSocket && context.WebSockets.IsWebSocketRequest) return ServeAsync(context);
        if (path.StartsWith("/api/v2.0/", StringComparison.Ordinal) && HasRest) return RestAsync(context, path["/api/v2.0".Length..]);
        context.Response.StatusCode = 404;
        return context.Response.WriteAsync("404: Not Found");
    }

    private JsonNode? Do(string method, JsonArray parameters)
    {
        if (Forbidden.Contains(method)) throw NasCallException.Call(13, "EACCES", "Not authorized");
        lock (_lock)
        {
            var now = _time.GetUtcNow();
            var filters = parameters.ElementAtOrDefault(0) as JsonArray;
            var options = parameters.ElementAtOrDefault(1) as JsonObject;
            return method switch
            {
                "core.ping" => "pong",
                "system.info" => NasBodies.Info(Version, now),
                "pool.query" => NasQuery.Of(_pools.Select((p, i) => NasBodies.Pool(i + 1, p, now)), filters, options),
                "alert.list" => new JsonArray([.. _alerts.Select(a => NasBodies.Alert(a, now))]),
                "pool.dataset.query" => NasQuery.Of(_datasets.Select(d => Body(d, now)), filters, options),
                _ when method == SnapshotService + ".query" => NasQuery.Of(_snapshots.Select(NasBodies.Snapshot), filters, options),
                _ when method == SnapshotService + ".create" => Create(parameters[0]!.AsObject(), now),
                _ => throw NasCallException.NoMethod(),
            };
        }
    }

    private string Version => Release switch
    {
        TrueNasRelease.V2410 => "TrueNAS-SCALE-24.10.2.4",
        TrueNasRelease.V2504 => "TrueNAS-25.04.2.6",
        TrueNasRelease.V2510 => "TrueNAS-25.10.1",
        _ => "TrueNAS-26.04.0",
    };

    private JsonObject Body(SimulatedDataset dataset, DateTimeOffset now) =>
        NasBodies.Dataset(dataset, _datasets.Where(d => d.Name.StartsWith(dataset.Name + "/", StringComparison.Ordinal) && d.Name.IndexOf('/', dataset.Name.Length + 1) < 0).Select(d => Body(d, now)), now);

    private JsonObject Create(JsonObject wish, DateTimeOffset now)
    {
        var (dataset, name, recursive) = ((string)wish["dataset"]!, (string)wish["name"]!, (bool?)wish["recursive"] ?? false);
        if (_datasets.All(d => d.Name != dataset)) throw NasCallException.Call(2, "ENOENT", $"[ENOENT] None: Failed to snapshot {dataset}@{name}: dataset does not exist");
        var wanted = _datasets.Where(d => d.Name == dataset || (recursive && d.Name.StartsWith(dataset + "/", StringComparison.Ordinal))).Select(d => new SimulatedDatasetSnapshot(d.Name, name, now, 2_000 + _snapshots.Count)).ToArray();
        if (wanted.FirstOrDefault(w => _snapshots.Any(s => s.Id == w.Id)) is { } there) throw NasCallException.Call(17, "EEXIST", $"[EEXIST] Failed to snapshot {dataset}@{name}: cannot create snapshot '{there.Id}': dataset already exists");
        if (Ignore != SnapshotService + ".create") _snapshots.AddRange(wanted);
        return NasBodies.Snapshot(wanted[0]);
    }
}
