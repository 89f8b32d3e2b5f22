using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the nodes of the cluster, each asked for itself. One that does not answer is listed, and says why it is not online.</summary>
/// <remarks>Proxmox API: <c>GET /nodes</c>, then <c>/nodes/{node}/status</c> of all at once. Needs Sys.Audit on /nodes for what a node says of itself.</remarks>
[Operation("proxmox_list_nodes", Level.Configure, Risk.Read, Aliases = ["list_nodes", "get_nodes"])]
[Description("Lists the nodes of the Proxmox cluster: whether they answer, processor, load, memory, root disk, uptime, version, kernel.")]
[Example("Get-HlNode", "List every node.")]
[Example("Get-HlNode | Where-Object { -not $_.Online }", "List the nodes that do not answer.")]
public sealed class ListNodes(ProxmoxCluster cluster) : Query<ListNodes.Input, ClusterNode>
{
    // A node that hangs must not make the others wait for long.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Which nodes.</summary>
    public sealed record Input
    {
        /// <summary>The node.</summary>
        [Subject, NameOf("node"), Description("The node's name, or a pattern with * and ?. All when not given.")]
        public string? Node { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ClusterNode> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var nodes = NodeDirectory.Choose(await cluster.Nodes.ListAsync(cancellationToken).ConfigureAwait(false), input.Node);
        await foreach (var node in Round.AskAsync(nodes, AskAsync, cancellationToken).ConfigureAwait(false)) yield return node;
    }

    private async Task<IReadOnlyList<ClusterNode>> AskAsync(NodeWire wire, CancellationToken cancellationToken)
    {
        var node = NodeReader.Read(wire);
        if (!node.Online) return [node with { Problem = $"the cluster does not see it: {ForeignText.Clean(wire.Status ?? "nothing is said of it", 40)}" }];
        try
        {
            return [NodeReader.Join(node, await cluster.Wire.GetAsync($"/nodes/{node.Name}/status", [], ProxmoxJson.Default.NodeStatusWire, s_patience, cancellationToken).ConfigureAwait(false))];
        }
        catch (HomelabException e)
        {
            return [NodeReader.Join(node, e)];
        }
    }
}
