namespace Homelab.Providers.Proxmox;

/// <summary>The storages of the cluster.</summary>
internal sealed class StorageDirectory(ProxmoxWire wire)
{
    /// <summary>All storages that can be seen, in one call. A shared one is told once.</summary>
    /// <remarks><c>GET /cluster/resources?type=storage</c>.</remarks>
    internal async Task<IReadOnlyList<ProxmoxStorage>> ListAsync(CancellationToken cancellationToken) =>
        Read(await wire.GetAsync($"/cluster/resources", new ProxmoxForm { { "type", "storage" } }, ProxmoxJson.Default.ResourceWireArray, cancellationToken).ConfigureAwait(false));

    /// <summary>The storages among the resources of a cluster.</summary>
    internal static IReadOnlyList<ProxmoxStorage> Read(IEnumerable<ResourceWire> resources) =>
    [
        .. resources
            .Where(static r => r is { Type: "storage", Storage: not null, Node: not null })
            .GroupBy(static r => r.Shared is true ? (r.Storage!, "") : (r.Storage!, r.Node!))
            .Select(static one => One([.. one.OrderBy(static r => r.Node, StringComparer.Ordinal)]))
            .OrderBy(static s => s.Name, StringComparer.Ordinal)
            .ThenBy(static s => s.Node, StringComparer.Ordinal),
    ];

    /// <summary>True when a storage is what a reference means.</summary>
    internal static bool IsMeant(StorageRef reference, ProxmoxStorage storage) =>
        string.Equals(reference.Name, storage.Name, StringComparison.Ordinal)
        && (reference.Node is null || storage.Nodes.Contains(reference.Node, StringComparer.OrdinalIgnoreCase));

    /// <summary>A storage is not among those that can be seen.</summary>
    internal static HomelabException NotFound(string name, IReadOnlyList<ProxmoxStorage> all)
    {
        // Without Datastore.Audit the list is empty, not refused.
        var hint = all.Count == 0
            ? "The list is empty, as it also is where the token may see no storage: run Test-HlProxmoxToken."
            : NearestName.Hint(name, [.. all.Select(static s => s.Name).Distinct(StringComparer.Ordinal)]);
        return new HomelabException(ErrorKind.NotFound, "StorageNotFound", $"There is no storage '{name}'. {hint}", name) { NothingHappened = true };
    }

    /// <summary>Proxmox' own words, parted by commas, in order.</summary>
    internal static IReadOnlyList<string> Words(string? text) =>
        [.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal)];

    private static ProxmoxStorage One(IReadOnlyList<ResourceWire> places)
    {
        // What an unavailable place says of sizes is nothing, or old.
        var best = places.MaxBy(static p => StateOf(p.Status))!;
        var state = StateOf(best.Status);
        return new ProxmoxStorage
        {
            Name = best.Storage!,
            Node = best.Node!,
            Nodes = [.. places.Select(static p => p.Node!)],
            Shared = best.Shared ?? false,
            State = state,
            Type = best.PluginType ?? "",
            Content = Words(best.Content),
            Used = state == StorageState.Available ? best.Disk ?? 0 : 0,
            Size = state == StorageState.Available ? best.MaxDisk ?? 0 : 0,
        };
    }

    private static StorageState StateOf(string? status) => status switch
    {
        "available" => StorageState.Available,
        null or "" or "unknown" => StorageState.Unknown,
        _ => StorageState.Unavailable,
    };
}
