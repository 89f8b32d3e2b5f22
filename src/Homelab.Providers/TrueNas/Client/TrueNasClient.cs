using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Providers.TrueNas;

/// <summary>TrueNAS, as far as its state, its datasets and their snapshots go.</summary>
internal sealed class TrueNasClient : IAsyncDisposable
{
    private const int Page = 500;

    // More of them no page and no person needs; a list that does not end must not fill the memory.
    private const int Most = 20_000;

    // Without this a dataset is told with all of its properties, and all below it once more.
    private static readonly string[] s_wanted = ["id", "name", "pool", "type", "encrypted", "key_loaded", "locked", "mountpoint", "used", "available", "quota", "readonly"];

    private readonly HttpPeer _http;
    private readonly NasWay _way;

    // Which one a release has is found out when it is first asked.
    private volatile string _snapshots = "pool.snapshot";

    internal TrueNasClient(TrueNasSettings settings, ProviderContext context)
    {
        _http = new HttpPeer(
            new HttpPeerDefinition(TrueNasNames.Provider, TrueNasNames.Product, TrueNasNames.Prefix, settings.Url)
            {
                Token = settings.ApiKey,
                Tls = settings.Tls,
                LoginHint = "Look at providers.truenas.apiKey in the lab file, and there whether the key is revoked: Credentials, Users, API Keys.",
                RightsHint = "Give the API key's user a role that allows it: Credentials, Groups, Privileges. REST of 25.10 refuses keys that may only read: its websocket does not.",
            },
            context);
        _way = new NasWay(settings, _http, context);
    }

    internal NasProtocol Protocol => _way.Protocol;

    internal async Task<NasStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        var info = await _way.AskAsync(new NasQuestion("system.info", [], "/system/info"), cancellationToken).ConfigureAwait(false);
        var pools = await _way.AskAsync(new NasQuestion("pool.query", [], "/pool"), cancellationToken).ConfigureAwait(false);
        return Read(() => NasReader.Status(info, pools, _way.Protocol));
    }

    internal async Task<IReadOnlyList<NasAlert>> ListAlertsAsync(CancellationToken cancellationToken)
    {
        var alerts = await _way.AskAsync(new NasQuestion("alert.list", [], "/alert/list"), cancellationToken).ConfigureAwait(false);
        return Read(() => NasReader.Alerts(alerts));
    }

    /// <summary>All datasets, by name, each with the number of those right below it.</summary>
    internal async Task<IReadOnlyList<Dataset>> ListDatasetsAsync(CancellationToken cancellationToken)
    {
        var select = new JsonArray([.. s_wanted.Select(static n => (JsonNode)n)]);
        var all = await PagedAsync("pool.dataset.query", [], new JsonObject { ["order_by"] = new JsonArray("id"), ["select"] = select }, "/pool/dataset?sort=id", null, DatasetReader.Dataset, cancellationToken).ConfigureAwait(false);
        var below = all.GroupBy(static d => Parent(d.Name), StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Count(), StringComparer.Ordinal);
        return [.. all.Select(d => d with { Children = below.GetValueOrDefault(d.Name) }).OrderBy(static d => d.Name, StringComparer.Ordinal)];
    }

    /// <summary>One dataset with what else there is to know of it, or null.</summary>
    internal async Task<DatasetDetail?> FindDatasetAsync(string name, CancellationToken cancellationToken)
    {
        var question = new NasQuestion("pool.dataset.query", [Filters(("id", name))], $"/pool/dataset?id={Uri.EscapeDataString(name)}") { Subject = name };
        var found = await _way.AskAsync(question, cancellationToken).ConfigureAwait(false);
        if (Read(() => NasReader.Items(found, "datasets").FirstOrDefault(d => NasJson.Text(d, "id", 256) == name)) is not { ValueKind: JsonValueKind.Object } json) return null;
        // It tells of those below it, or of none where the release leaves them out: what is listed is right.
        var all = await ListDatasetsAsync(cancellationToken).ConfigureAwait(false);
        return Read(() => DatasetReader.Detail(json, [.. all.Where(d => Parent(d.Name) == name).Select(static d => d.Name)]));
    }

    /// <summary>The snapshots of one dataset, or of all when none is named.</summary>
    internal Task<IReadOnlyList<DatasetSnapshot>> ListSnapshotsAsync(string? dataset, CancellationToken cancellationToken) =>
        SnapshotsAsync(dataset is null ? [] : Filters(("dataset", dataset)), dataset is null ? "" : $"dataset={Uri.EscapeDataString(dataset)}", dataset, cancellationToken);

    /// <summary>The snapshots of one name, of whatever dataset.</summary>
    internal Task<IReadOnlyList<DatasetSnapshot>> FindSnapshotsAsync(string name, CancellationToken cancellationToken) =>
        SnapshotsAsync(Filters(("snapshot_name", name)), $"snapshot_name={Uri.EscapeDataString(name)}", name, cancellationToken);

    /// <summary>One snapshot, or null.</summary>
    internal async Task<DatasetSnapshot?> FindSnapshotAsync(string dataset, string name, CancellationToken cancellationToken)
    {
        var id = $"{dataset}@{name}";
        var found = await SnapshotsAsync(Filters(("id", id)), $"id={Uri.EscapeDataString(id)}", id, cancellationToken).ConfigureAwait(false);
        return found.FirstOrDefault(s => s.Dataset == dataset && s.Name == name);
    }

    internal async Task CreateSnapshotAsync(string dataset, string name, bool recursive, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["dataset"] = dataset, ["name"] = name, ["recursive"] = recursive };
        var question = new NasQuestion($"{_snapshots}.create", [body.DeepClone()], "/zfs/snapshot") { Body = body, Subject = $"{dataset}@{name}" };
        await _way.AskAsync(question, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _way.DisposeAsync().ConfigureAwait(false);
        _http.Dispose();
    }

    private async Task<IReadOnlyList<DatasetSnapshot>> SnapshotsAsync(JsonArray filters, string query, string? subject, CancellationToken cancellationToken)
    {
        try
        {
            return await OfAsync(_snapshots).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Id == NasErrors.MethodUnknown)
        {
            // Before 25.10 they are the business of zfs, since then of pool.
            var other = _snapshots == "pool.snapshot" ? "zfs.snapshot" : "pool.snapshot";
            var found = await OfAsync(other).ConfigureAwait(false);
            _snapshots = other;
            return found;
        }

        Task<IReadOnlyList<DatasetSnapshot>> OfAsync(string of) => PagedAsync($"{of}.query", filters, new JsonObject { ["order_by"] = new JsonArray("id") }, $"/zfs/snapshot?sort=id{(query.Length > 0 ? "&" : "")}{query}", subject, DatasetReader.Snapshot, cancellationToken);
    }

    private async Task<IReadOnlyList<T>> PagedAsync<T>(string method, JsonArray filters, JsonObject options, string path, string? subject, Func<JsonElement, T> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (true)
        {
            var page = options.DeepClone().AsObject();
            page["limit"] = Page;
            page["offset"] = all.Count;
            var question = new NasQuestion(method, [filters.DeepClone(), page], string.Create(CultureInfo.InvariantCulture, $"{path}&limit={Page}&offset={all.Count}")) { Subject = subject };
            var answer = await _way.AskAsync(question, cancellationToken).ConfigureAwait(false);
            var items = Read(() => NasReader.Items(answer, "what it was asked for").Select(read).ToArray());
            all.AddRange(items);
            if (items.Length < Page) return all;
            if (all.Count >= Most) throw _http.Problem(ErrorKind.Failed, "TooMany", $"lists more than {Most.ToString(CultureInfo.InvariantCulture)} entries for {method}", "Name a dataset.");
        }
    }

    private static string Parent(string name) => name.LastIndexOf('/') is > 0 and var at ? name[..at] : "";

    private static JsonArray Filters(params (string Field, string Value)[] filters) => new([.. filters.Select(static f => new JsonArray(f.Field, "=", f.Value))]);

    private T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw _http.Odd($"answered {ForeignText.Clean(e.Message, 160)}", e);
        }
    }
}
