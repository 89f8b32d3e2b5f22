using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists what lies on storages: disks, backups, images of CDs, templates of containers.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/storage/{storage}/content</c>, of all storages at once. Needs Datastore.Audit; disks are left out without VM.Config.Disk of their
/// guest, backups without VM.Backup of it and Datastore.AllocateSpace. The CLI's <c>pvesm list</c>.
/// </remarks>
[Operation("proxmox_list_storage_content", Level.Configure, Risk.Read)]
[Description("Lists what lies on the storages of the Proxmox cluster: disks, backups, images of CDs, templates of containers, with size, owner and age.")]
[Example("Get-HlStorageContent local -Content Iso", "List the images of CDs on one storage.")]
[Example("Get-HlStorageContent -Vm dev -Content Backup", "List the backups of one guest on all storages.")]
public sealed class ListStorageContent(ProxmoxCluster cluster) : Query<ListStorageContent.Input, StorageVolume>
{
    /// <summary>Which volumes.</summary>
    public sealed record Input
    {
        /// <summary>The storage.</summary>
        [Subject, NameOf("storage"), Description("The storage: its name, or node/name. All when not given.")]
        public StorageRef? Storage { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("Only storages that this node has.")]
        public string? Node { get; init; }

        /// <summary>The kind.</summary>
        [Description("Only volumes of this kind.")]
        public VolumeContent? Content { get; init; }

        /// <summary>The owner.</summary>
        [Description("Only volumes that belong to this guest: name, VMID, or node/VMID. By its VMID also those of a guest that is gone.")]
        public VmRef? Vm { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<StorageVolume> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await cluster.Storages.ListAsync(cancellationToken).ConfigureAwait(false);
        if (input.Storage is { } named && !all.Any(s => StorageDirectory.IsMeant(named, s))) throw StorageDirectory.NotFound(named.ToString(), all);
        var owner = input.Vm is { } vm ? vm.Id ?? (await cluster.Vms.FindAsync(vm, cancellationToken).ConfigureAwait(false)).Id : (int?)null;
        var storages = all.Where(s => IsWanted(s, input)).ToArray();
        await foreach (var volume in Round.AskAsync(storages, (storage, leaving) => AskAsync(storage, input.Storage?.Node ?? input.Node, input.Content, owner, leaving), cancellationToken).ConfigureAwait(false))
        {
            yield return volume;
        }
    }

    private async Task<IReadOnlyList<StorageVolume>> AskAsync(ProxmoxStorage storage, string? node, VolumeContent? content, int? owner, CancellationToken cancellationToken)
    {
        if (storage.State != StorageState.Available)
        {
            var why = storage.State == StorageState.Unknown ? "its node does not answer" : "it cannot be reached or is switched off";
            throw new HomelabException(ErrorKind.Unavailable, "StorageUnavailable", $"Storage {storage.Name} on {storage.Node} is not available: {why}. Get-HlStorage shows all of them.", storage.Name) { NothingHappened = true };
        }

        var from = node is null || !storage.Shared ? storage.Node : storage.Nodes.First(n => string.Equals(n, node, StringComparison.OrdinalIgnoreCase));
        var query = new ProxmoxForm { { "content", content is { } kind ? HomelabNames.Of(kind) : null }, { "vmid", owner } };
        var volumes = await cluster.Wire.GetAsync($"/nodes/{from}/storage/{storage.Name}/content", query, ProxmoxJson.Default.VolumeWireArray, cancellationToken).ConfigureAwait(false);
        return [.. volumes.Where(static v => v.VolId is not null).Select(v => VolumeReader.Read(storage.Name, from, v)).OrderBy(static v => v.Volume, StringComparer.Ordinal)];
    }

    private static bool IsWanted(ProxmoxStorage storage, Input input) =>
        (input.Storage is not { } named || StorageDirectory.IsMeant(named, storage))
        && (input.Node is null || storage.Nodes.Contains(input.Node, StringComparer.OrdinalIgnoreCase))
        && (input.Content is not { } content || storage.Content.Contains(HomelabNames.Of(content), StringComparer.Ordinal));
}
