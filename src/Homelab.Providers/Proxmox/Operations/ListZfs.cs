using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the ZFS pools of the nodes.</summary>
/// <remarks>
/// Proxmox API: <c>GET /nodes/{node}/disks/zfs</c>, of all nodes at once, and <c>/disks/zfs/{name}</c> where detail is asked for. Needs Sys.Audit on /. The CLI's
/// <c>zpool list</c>, <c>zpool status</c>.
/// </remarks>
[Operation("proxmox_list_zfs", Level.Configure, Risk.Read)]
[Description("Lists the ZFS pools of the Proxmox nodes: health, size, space in use, fragmentation; in detail also scrubs, errors and devices.")]
[Example("Get-HlZfsPool", "List every ZFS pool of every node.")]
[Example("Get-HlZfsPool -Detailed | Where-Object Health -ne Online | Format-List", "Tell all that is known of pools that are not well.")]
public sealed class ListZfs(ProxmoxCluster cluster) : Query<ListZfs.Input, ZfsPool>
{
    // Deeper than any pool is built.
    private const int MostDepth = 16;

    /// <summary>Which pools.</summary>
    public sealed record Input
    {
        /// <summary>The pool.</summary>
        [Subject, Description("The pool's name, or a pattern with * and ?. All when not given.")]
        public string? Pool { get; init; }

        /// <summary>The node.</summary>
        [NameOf("node"), Description("Only those of this node; a pattern with * and ? is allowed.")]
        public string? Node { get; init; }

        /// <summary>Scan, errors and devices too.</summary>
        [Description("Scrub, errors and devices too: one more call for each pool.")]
        public bool Detailed { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<ZfsPool> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var pattern = input.Pool is { Length: > 0 } name ? name : "*";
        var found = false;
        await foreach (var pool in cluster.Nodes.AskAsync(input.Node, (node, leaving) => AskAsync(node, pattern, input.Detailed, leaving), cancellationToken).ConfigureAwait(false))
        {
            found = true;
            yield return pool;
        }

        if (!found && !Wildcard.IsPattern(pattern)) throw new HomelabException(ErrorKind.NotFound, "ZfsPoolNotFound", $"There is no ZFS pool '{pattern}'. Get-HlZfsPool lists what there is.", pattern) { NothingHappened = true };
    }

    private async Task<IReadOnlyList<ZfsPool>> AskAsync(string node, string pattern, bool detailed, CancellationToken cancellationToken)
    {
        var pools = new List<ZfsPool>();
        foreach (var wire in await cluster.Wire.GetAsync($"/nodes/{node}/disks/zfs", ProxmoxJson.Default.ZfsWireArray, cancellationToken).ConfigureAwait(false))
        {
            if (wire.Name is null || !Wildcard.Matches(pattern, wire.Name)) continue;
            var pool = Read(node, wire);
            pools.Add(detailed ? Join(pool, await cluster.Wire.GetAsync($"/nodes/{node}/disks/zfs/{wire.Name}", ProxmoxJson.Default.ZfsDetailWire, cancellationToken).ConfigureAwait(false)) : pool);
        }

        return pools;
    }

    private static ZfsPool Read(string node, ZfsWire wire) => new()
    {
        Name = wire.Name!,
        Node = node,
        Health = HealthOf(wire.Health),
        Size = wire.Size ?? 0,
        Allocated = wire.Allocated ?? 0,
        Free = wire.Free ?? 0,
        Fragmentation = (wire.Fragmentation ?? 0) / 100,
        Deduplication = wire.Deduplication ?? 1,
    };

    private static ZfsPool Join(ZfsPool pool, ZfsDetailWire wire) => pool with
    {
        Health = wire.State is null ? pool.Health : HealthOf(wire.State),
        Scan = Line(wire.Scan),
        Errors = Line(wire.Errors),
        Status = Line(wire.Status),
        Action = Line(wire.Action),
        Devices = [.. Flatten(wire.Children, depth: 0)],
    };

    private static IEnumerable<ZfsDevice> Flatten(ZfsDeviceWire[]? devices, int depth)
    {
        if (depth == MostDepth) yield break;
        foreach (var device in devices ?? [])
        {
            yield return new ZfsDevice
            {
                Name = device.Name ?? "",
                Depth = depth,
                Health = HealthOf(device.State),
                ReadErrors = device.Read ?? 0,
                WriteErrors = device.Write ?? 0,
                ChecksumErrors = device.Checksum ?? 0,
                Message = Line(device.Message),
            };
            foreach (var inner in Flatten(device.Children, depth + 1)) yield return inner;
        }
    }

    private static ZfsHealth HealthOf(string? word) => Enum.TryParse<ZfsHealth>(word, ignoreCase: true, out var health) && Enum.IsDefined(health) ? health : ZfsHealth.Unknown;

    // What zpool breaks for a terminal is one sentence.
    private static string Line(string? text) => string.Join(' ', (text ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
