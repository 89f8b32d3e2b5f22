using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the disks of the nodes, and what their SMART diagnosis says.</summary>
/// <remarks>Proxmox API: <c>GET /nodes/{node}/disks/list</c>, of all nodes at once. Needs Sys.Audit on /nodes. The CLI's <c>smartctl -H</c>, <c>lsblk</c>.</remarks>
[Operation("proxmox_list_disks", Level.Configure, Risk.Read)]
[Description("Lists the disks of the Proxmox nodes: health by their SMART diagnosis, wear of solid-state disks, size, model, serial number, what they are used for.")]
[Example("Get-HlDisk", "List every disk of every node.")]
[Example("Get-HlDisk pve1 | Where-Object { $_.Health -ne 'Passed' -or $_.Wear -gt 0.8 }", "List the disks of one node that need looking after.")]
public sealed class ListDisks(ProxmoxCluster cluster) : Query<ListDisks.Input, NodeDisk>
{
    // A disk that sleeps has to wake before it can say how it is.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>Whose disks.</summary>
    public sealed record Input
    {
        /// <summary>The node.</summary>
        [Subject, NameOf("node"), Description("The node's name, or a pattern with * and ?. All when not given.")]
        public string? Node { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<NodeDisk> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var disk in cluster.Nodes.AskAsync(input.Node, AskAsync, cancellationToken).ConfigureAwait(false)) yield return disk;
    }

    private async Task<IReadOnlyList<NodeDisk>> AskAsync(string node, CancellationToken cancellationToken)
    {
        var disks = await cluster.Wire.GetAsync($"/nodes/{node}/disks/list", [], ProxmoxJson.Default.DiskWireArray, s_patience, cancellationToken).ConfigureAwait(false);
        return [.. disks.Where(static d => d.Path is not null).Select(d => Read(node, d)).OrderBy(static d => d.Path, StringComparer.Ordinal)];
    }

    private static NodeDisk Read(string node, DiskWire wire) => new()
    {
        Node = node,
        Path = wire.Path!,
        Health = HealthOf(wire.Health),
        Wear = WearOf(wire.LifeLeft),
        Type = Known(wire.Type),
        Vendor = Known(wire.Vendor),
        Model = Known(wire.Model),
        Serial = Known(wire.Serial),
        Size = wire.Size ?? 0,
        UsedFor = wire.UsedFor ?? "",
    };

    // ATA disks say PASSED, SAS and NVMe disks OK; FAILED comes with an exclamation mark.
    private static DiskHealth HealthOf(string? health) => health switch
    {
        "PASSED" or "OK" => DiskHealth.Passed,
        not null when health.StartsWith("FAIL", StringComparison.OrdinalIgnoreCase) => DiskHealth.Failed,
        _ => DiskHealth.Unknown,
    };

    private static double? WearOf(string? lifeLeft) =>
        double.TryParse(lifeLeft, NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && percent is >= 0 and <= 100 ? (100 - percent) / 100 : null;

    private static string Known(string? text) => text is null or "unknown" ? "" : text.Trim();
}
