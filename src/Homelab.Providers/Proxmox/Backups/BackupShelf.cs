namespace Homelab.Providers.Proxmox;

/// <summary>The storages that hold backups, and what lies on them.</summary>
internal sealed class BackupShelf(ProxmoxWire wire)
{
    // A storage in the cloud or a backup server with ten thousand of them takes its time.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Every storage that may hold backups, once for each node that has its own.</summary>
    /// <remarks><c>GET /cluster/resources?type=storage</c>. Those without Datastore.Audit are left out, not refused.</remarks>
    internal async Task<IReadOnlyList<BackupPlace>> PlacesAsync(CancellationToken cancellationToken)
    {
        var storages = await wire.GetAsync($"/cluster/resources", new ProxmoxForm { { "type", "storage" } }, ProxmoxJson.Default.BackupStorageWireArray, cancellationToken).ConfigureAwait(false);
        return
        [
            .. storages
                .Where(static s => s is { Storage.Length: > 0, Node.Length: > 0, Content: { } content } && content.Split(',').Contains("backup"))
                .Select(static s => new BackupPlace(s.Node!, s.Storage!, s.Shared ?? false, s.Status ?? "unknown"))
                // Of a shared one any node that reaches it will do.
                .GroupBy(static p => p.Shared ? p.Storage : $"{p.Node}/{p.Storage}", StringComparer.Ordinal)
                .Select(static g => g.OrderByDescending(static p => p.IsAvailable).ThenBy(static p => p.Node, StringComparer.Ordinal).First())
                .OrderBy(static p => p.Storage, StringComparer.Ordinal)
                .ThenBy(static p => p.Node, StringComparer.Ordinal),
        ];
    }

    /// <summary>The backups on one storage, newest first; of one guest only when a VMID is given.</summary>
    /// <remarks><c>GET /nodes/{node}/storage/{storage}/content?content=backup</c>. Needs Datastore.Audit on the storage, and VM.Backup on the guests whose backups it shows.</remarks>
    internal async Task<IReadOnlyList<VmBackup>> ReadAsync(string node, string storage, int? vmid, CancellationToken cancellationToken)
    {
        var query = new ProxmoxForm { { "content", "backup" }, { "vmid", vmid } };
        var found = await wire.GetAsync($"/nodes/{node}/storage/{storage}/content", query, ProxmoxJson.Default.BackupWireArray, s_patience, cancellationToken).ConfigureAwait(false);
        return [.. found.Where(static w => w.VolumeId is { Length: > 0 }).Select(w => BackupReader.Read(node, storage, w)).Where(b => vmid is null || b.VmId == vmid).OrderByDescending(static b => b.CreatedAt ?? DateTimeOffset.MinValue)];
    }

    /// <summary>Finds a backup, and a node that can read it.</summary>
    /// <param name="backup">As the caller named it.</param>
    /// <param name="node">The node that must be able to read it; any when null.</param>
    /// <param name="cancellationToken">Ends the look.</param>
    /// <exception cref="HomelabException"><c>StorageNotFound</c>, <c>BackupNotFound</c> (NotFound).</exception>
    internal async Task<VmBackup> FindAsync(BackupRef backup, string? node, CancellationToken cancellationToken)
    {
        if (node is null)
        {
            var places = (await PlacesAsync(cancellationToken).ConfigureAwait(false)).Where(p => p.Storage == backup.Storage).ToArray();
            if (places.Length == 0) throw Missing($"There is no storage '{backup.Storage}' with backups that the token may see. Get-HlBackup lists the backups there are.", backup.Storage);
            foreach (var place in places.Where(static p => p.IsAvailable))
            {
                if (await LookAsync(place.Node).ConfigureAwait(false) is { } found) return found;
            }
        }
        else if (await LookAsync(node).ConfigureAwait(false) is { } found)
        {
            return found;
        }

        throw new HomelabException(ErrorKind.NotFound, "BackupNotFound", $"There is no backup '{backup.VolumeId}'{(node is null ? "" : $" that node {node} could read")}. Get-HlBackup lists the backups there are.", backup.VolumeId) { NothingHappened = true };

        async Task<VmBackup?> LookAsync(string on) =>
            (await ReadAsync(on, backup.Storage, vmid: null, cancellationToken).ConfigureAwait(false)).FirstOrDefault(b => b.VolumeId == backup.VolumeId);
    }

    /// <summary>Where backups of guests on a node go: the storage that is named, or the only one there.</summary>
    /// <exception cref="HomelabException"><c>StorageNotFound</c> (NotFound), <c>StorageAmbiguous</c> (Conflict), <c>StorageUnavailable</c> (Unavailable).</exception>
    internal async Task<string> ChooseAsync(string node, string? wanted, CancellationToken cancellationToken)
    {
        var storages = await wire.GetAsync($"/cluster/resources", new ProxmoxForm { { "type", "storage" } }, ProxmoxJson.Default.BackupStorageWireArray, cancellationToken).ConfigureAwait(false);
        var here = storages.Where(s => s.Node == node && s.Storage is { Length: > 0 }).ToArray();
        var fit = here.Where(static s => (s.Content ?? "").Split(',').Contains("backup")).ToArray();
        if (wanted is null)
        {
            return fit switch
            {
                [var only] => only.Storage!,
                [] => throw Missing($"Node {node} has no storage for backups that the token may see. Give one the content type 'backup' (Datacenter, Storage), and the token Datastore.AllocateSpace on it.", node),
                _ => throw new HomelabException(ErrorKind.Conflict, "StorageAmbiguous", $"Node {node} has several storages for backups: {string.Join(", ", fit.Select(static s => s.Storage).Order(StringComparer.Ordinal))}. Say which with 'storage'.", node) { NothingHappened = true },
            };
        }

        var found = here.FirstOrDefault(s => s.Storage == wanted) ?? throw Missing($"Node {node} has no storage '{wanted}' that the token may see. {NearestName.Hint(wanted, [.. fit.Select(static s => s.Storage!)])}", wanted);
        if (!fit.Contains(found)) throw Missing($"Storage '{wanted}' on {node} takes no backups: its content is {found.Content ?? "not told"}. Give it the content type 'backup' (Datacenter, Storage), or name another.", wanted);
        if (found.Status is { } status and not "available") throw new HomelabException(ErrorKind.Unavailable, "StorageUnavailable", $"Storage '{wanted}' on {node} is {ForeignText.Clean(status, 40)}. Look whether it is mounted and can be reached.", wanted) { NothingHappened = true };
        return wanted;
    }

    private static HomelabException Missing(string message, string target) => new(ErrorKind.NotFound, "StorageNotFound", message, target) { NothingHappened = true };
}

/// <summary>A storage with backups, and a node that can read it.</summary>
internal sealed record BackupPlace(string Node, string Storage, bool Shared, string Status)
{
    internal bool IsAvailable => Status == "available";
}
