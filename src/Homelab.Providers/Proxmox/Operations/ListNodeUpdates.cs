using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the packages of the nodes for which a newer version is known.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/apt/update</c>, of all nodes at once: what each knew when it last asked its repositories. Needs Sys.Modify on /nodes, though
/// it changes nothing. The CLI's <c>apt list --upgradable</c>.
/// </remarks>
[Operation("proxmox_pending_updates", Level.Configure, Risk.Read)]
[Description("Lists the packages of the Proxmox nodes for which a newer version is known: installed and new version, origin, whether the node has to restart for it.")]
[Example("Get-HlNodeUpdate", "List the pending updates of every node.")]
[Example("Get-HlNodeUpdate pve1 | Where-Object NeedsReboot", "List those for which one node has to restart.")]
public sealed class ListNodeUpdates(ProxmoxCluster cluster) : Query<ListNodeUpdates.Input, NodeUpdate>
{
    /// <summary>Whose updates.</summary>
    public sealed record Input
    {
        /// <summary>The node.</summary>
        [Subject, NameOf("node"), Description("The node's name, or a pattern with * and ?. All when not given.")]
        public string? Node { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<NodeUpdate> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in cluster.Nodes.AskAsync(input.Node, AskAsync, cancellationToken).ConfigureAwait(false)) yield return update;
    }

    private async Task<IReadOnlyList<NodeUpdate>> AskAsync(string node, CancellationToken cancellationToken)
    {
        var updates = await cluster.Wire.GetAsync($"/nodes/{node}/apt/update", ProxmoxJson.Default.UpdateWireArray, cancellationToken).ConfigureAwait(false);
        return [.. updates.Where(static u => u.Package is not null).Select(u => Read(node, u)).OrderBy(static u => u.Package, StringComparer.Ordinal)];
    }

    private static NodeUpdate Read(string node, UpdateWire wire) => new()
    {
        Node = node,
        Package = wire.Package!,
        OldVersion = wire.OldVersion ?? "",
        Version = wire.Version ?? "",
        Origin = wire.Origin ?? "",
        Section = wire.Section ?? "",
        Priority = wire.Priority ?? "",
        Title = wire.Title ?? "",
        NeedsReboot = IsKernel(wire.Package!),
    };

    // Their own names have changed: pve-kernel before 8.0, proxmox-kernel since.
    private static bool IsKernel(string package) =>
        package.StartsWith("proxmox-kernel-", StringComparison.Ordinal) || package.StartsWith("pve-kernel-", StringComparison.Ordinal);
}
