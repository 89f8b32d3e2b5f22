using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the storages of the cluster. A shared one is listed once.</summary>
/// <remarks>Proxmox API: <c>GET /cluster/resources?type=storage</c>. Needs Datastore.Audit; storages without it are left out, not refused. The CLI's <c>pvesm status</c>.</remarks>
[Operation("proxmox_list_storage", Level.Configure, Risk.Read, Aliases = ["get_storage"])]
[Description("Lists the storages of the Proxmox cluster: whether they can be used, what they may hold, how full they are. A shared one is listed once.")]
[Example("Get-HlStorage", "List every storage.")]
[Example("Get-HlStorage -Content Backup | Where-Object UsedFraction -gt 0.8", "List the storages for backups that are more than four fifths full.")]
public sealed class ListStorage(ProxmoxCluster cluster) : Query<ListStorage.Input, ProxmoxStorage>
{
    /// <summary>Which storages.</summary>
    public sealed record Input
    {
        /// <summary>The storage.</summary>
        [Subject, NameOf("storage"), Description("The storage's name, or a pattern with * and ?. All when not given.")]
        public string? Storage { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("Only those that this node has.")]
        public string? Node { get; init; }

        /// <summary>What it may hold.</summary>
        [Description("Only those that may hold this.")]
        public VolumeContent? Content { get; init; }

        /// <summary>Shared ones.</summary>
        [Description("Only those that are shared by nodes.")]
        public bool Shared { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ProxmoxStorage> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await cluster.Storages.ListAsync(cancellationToken).ConfigureAwait(false);
        var pattern = input.Storage is { Length: > 0 } name ? name : null;
        var found = false;
        foreach (var storage in all)
        {
            if (pattern is not null && !Wildcard.Matches(pattern, storage.Name)) continue;
            found = true;
            if (IsWanted(storage, input)) yield return storage;
        }

        if (!found && pattern is not null && !Wildcard.IsPattern(pattern)) throw StorageDirectory.NotFound(pattern, all);
    }

    private static bool IsWanted(ProxmoxStorage storage, Input input) =>
        (input.Node is null || storage.Nodes.Contains(input.Node, StringComparer.OrdinalIgnoreCase))
        && (input.Content is not { } content || storage.Content.Contains(HomelabNames.Of(content), StringComparer.Ordinal))
        && (!input.Shared || storage.Shared);
}
