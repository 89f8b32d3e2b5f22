using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Tells how the cluster is as a whole.</summary>
/// <remarks>
/// Proxmox API: <c>GET /cluster/status</c>, <c>/cluster/resources</c>, <c>/version</c>, <c>/cluster/ha/status/current</c>, all at once. Needs Sys.Audit on /. The CLI's
/// <c>pvecm status</c>, <c>ha-manager status</c>.
/// </remarks>
[Operation("proxmox_status", Level.Monitor, Risk.Read, Aliases = ["get_cluster_status"])]
[Description("Tells how the Proxmox cluster is as a whole: majority, nodes, guests, processor, memory, storage, high availability, and what is wrong.")]
[Example("Get-HlCluster", "Look at the cluster.")]
[Example("if (-not (Get-HlCluster).Ok) { (Get-HlCluster).Problems }", "Tell what is wrong, if anything.")]
public sealed class ReadClusterStatus(ProxmoxCluster cluster) : Query<ReadClusterStatus.Input, ClusterStatus>
{
    /// <summary>There is only one.</summary>
    public sealed record Input;

    /// <inheritdoc/>
    public override Intent Describe(Input input) => new("Read cluster status", Target.Lab);

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ClusterStatus> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var wire = cluster.Wire;
        var entries = wire.GetAsync($"/cluster/status", ProxmoxJson.Default.ClusterEntryWireArray, cancellationToken);
        var resources = wire.GetAsync($"/cluster/resources", ProxmoxJson.Default.ResourceWireArray, cancellationToken);
        var version = wire.GetAsync($"/version", ProxmoxJson.Default.VersionWire, cancellationToken);
        var ha = wire.GetAsync($"/cluster/ha/status/current", ProxmoxJson.Default.HaStatusWireArray, cancellationToken);
        await Task.WhenAll(entries, resources, version, ha).ConfigureAwait(false);
        yield return ClusterReader.Read(await entries.ConfigureAwait(false), await resources.ConfigureAwait(false), await version.ConfigureAwait(false), await ha.ConfigureAwait(false));
    }
}
