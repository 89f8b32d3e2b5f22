using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.Proxmox;

/// <summary>Lists the pools of the cluster, with their guests and storages.</summary>
/// <remarks>Proxmox API: <c>GET /pools</c>, then <c>GET /pools?poolid=</c> of each, which also knows pools within pools. Needs Pool.Audit; pools without it are left out, not refused.</remarks>
[Operation("proxmox_list_pools", Level.Configure, Risk.Read)]
[Description("Lists the pools of the Proxmox cluster, with their guests and storages.")]
[Example("Get-HlPool", "List every pool.")]
[Example("(Get-HlPool prod).Members", "List what belongs to one pool.")]
public sealed class ListPools(ProxmoxCluster cluster) : Query<ListPools.Input, VmPool>
{
    /// <summary>Which pools.</summary>
    public sealed record Input
    {
        /// <summary>The pool.</summary>
        [Subject, Description("The pool's name, or a pattern with * and ?; a pool within another is outer/inner. All when not given.")]
        public string? Pool { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<VmPool> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await cluster.Wire.GetAsync($"/pools", ProxmoxJson.Default.PoolWireArray, cancellationToken).ConfigureAwait(false);
        var pattern = input.Pool is { Length: > 0 } name ? name : "*";
        string[] names = [.. all.Select(static p => p.PoolId).OfType<string>().Where(n => Wildcard.Matches(pattern, n)).Order(StringComparer.Ordinal)];
        if (names.Length == 0 && !Wildcard.IsPattern(pattern))
        {
            var hint = all.Length == 0
                ? "The list is empty, as it also is where the token may see no pool: run Test-HlProxmoxToken."
                : NearestName.Hint(pattern, [.. all.Select(static p => p.PoolId).OfType<string>()]);
            throw new HomelabException(ErrorKind.NotFound, "PoolNotFound", $"There is no pool '{pattern}'. {hint}", pattern) { NothingHappened = true };
        }

        await foreach (var pool in Round.AskAsync(names, AskAsync, cancellationToken).ConfigureAwait(false)) yield return pool;
    }

    private async Task<IReadOnlyList<VmPool>> AskAsync(string name, CancellationToken cancellationToken)
    {
        var pools = await cluster.Wire.GetAsync($"/pools", new ProxmoxForm { { "poolid", name } }, ProxmoxJson.Default.PoolWireArray, cancellationToken).ConfigureAwait(false);
        return [.. pools.Select(p => new VmPool { Name = name, Comment = p.Comment ?? "", Members = [.. (p.Members ?? []).Select(Read).OfType<PoolMember>()] })];
    }

    private static PoolMember? Read(ResourceWire wire) => (wire.Storage ?? VmReader.Read(wire)?.Name) is { } name
        ? new PoolMember { Name = name, Type = wire.Type ?? "", Node = wire.Node ?? "", VmId = (int?)wire.VmId }
        : null;
}
