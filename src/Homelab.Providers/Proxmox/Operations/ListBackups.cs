using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the backups of guests on all storages of the cluster that hold any, newest first on each.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/resources?type=storage</c>, then <c>GET /nodes/{node}/storage/{storage}/content?content=backup</c> of each, a shared one once. Needs
/// Datastore.Audit on the storages and VM.Backup on the guests; backups without it are left out, not refused.
/// </remarks>
[Operation("proxmox_list_backups", Level.Configure, Risk.Read)]
[Description("Lists the backups of guests on all storages of the Proxmox cluster: which guest, when, where, how large, whether protected and verified. Those of guests that are gone too.")]
[Example("Get-HlBackup dev", "List the backups of one guest.")]
[Example("Get-HlBackup -Latest | Where-Object CreatedAt -lt (Get-Date).AddDays(-7)", "Find guests whose newest backup is older than a week.")]
public sealed class ListBackups(ProxmoxCluster cluster) : Query<ListBackups.Input, VmBackup>
{
    /// <summary>Which backups.</summary>
    public sealed record Input
    {
        /// <summary>The guest.</summary>
        [Subject, Description("Only those of this guest: name, VMID, or node/VMID. By its VMID also one that is gone.")]
        public VmRef? Vm { get; init; }

        /// <summary>The storage.</summary>
        [NameOf("storage"), Description("Only those on this storage; a pattern with * and ? is allowed.")]
        public string? Storage { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("Only those that this node can read.")]
        public string? Node { get; init; }

        /// <summary>The newest of each guest.</summary>
        [Description("Of each guest only the newest, over all storages.")]
        public bool Latest { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input) => input.Vm is { } vm ? new("List backups of guest", VmTarget.Of(vm)) : base.Describe(input);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmBackup> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var shelf = new BackupShelf(cluster.Wire);
        // A VMID is enough to ask for: the backups outlive the guest.
        var vmid = input.Vm is null ? null : input.Vm.Id ?? (await cluster.Vms.FindAsync(input.Vm, cancellationToken).ConfigureAwait(false)).Id as int?;
        var all = await shelf.PlacesAsync(cancellationToken).ConfigureAwait(false);
        var places = all.Where(p => (input.Storage is null || Wildcard.Matches(input.Storage, p.Storage)) && (input.Node is null || p.Node == input.Node || p.Shared)).ToArray();
        if (places.Length == 0 && input.Storage is { } wanted && !Wildcard.IsPattern(wanted)) throw NoStorage(wanted, all);

        var newest = new Dictionary<int, VmBackup>();
        var unread = new List<string>();
        foreach (var place in places)
        {
            var (backups, problem) = await TryReadAsync(shelf, input.Node is { } node && place.Shared ? place with { Node = node } : place, vmid, cancellationToken).ConfigureAwait(false);
            if (problem is not null) unread.Add(problem);
            foreach (var backup in backups)
            {
                if (!input.Latest) yield return backup;
                else if (!newest.TryGetValue(backup.VmId, out var known) || backup.CreatedAt > known.CreatedAt) newest[backup.VmId] = backup;
            }
        }

        foreach (var backup in newest.Values.OrderBy(static b => b.VmId)) yield return backup;
        // What could be read is told first; that the rest is missing must not look like that there is none.
        if (unread.Count > 0) throw Incomplete(unread);
    }

    private static async Task<(IReadOnlyList<VmBackup> Backups, string? Problem)> TryReadAsync(BackupShelf shelf, BackupPlace place, int? vmid, CancellationToken cancellationToken)
    {
        if (!place.IsAvailable) return ([], $"{place.Storage} on {place.Node} is {ForeignText.Clean(place.Status, 40)}");
        try
        {
            return (await shelf.ReadAsync(place.Node, place.Storage, vmid, cancellationToken).ConfigureAwait(false), null);
        }
        catch (HomelabException e)
        {
            return ([], $"{place.Storage} on {place.Node}: {e.What}");
        }
    }

    private static HomelabException NoStorage(string wanted, IReadOnlyList<BackupPlace> all) =>
        new(ErrorKind.NotFound, "StorageNotFound", $"There is no storage '{wanted}' for backups. {NearestName.Hint(wanted, [.. all.Select(static p => p.Storage).Distinct(StringComparer.Ordinal)])}", wanted);

    private static HomelabException Incomplete(List<string> unread) =>
        new(ErrorKind.Unavailable, "BackupsIncomplete", $"Not every storage with backups could be read: {string.Join("; ", unread)}. The list is incomplete; -Storage leaves others out.", unread[0]);
}
