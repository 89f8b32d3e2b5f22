using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.TrueNas;

/// <summary>Lists the snapshots of datasets, the newest first.</summary>
/// <remarks>TrueNAS: <c>pool.snapshot.query</c>, <c>zfs.snapshot.query</c> before 25.10; by REST <c>GET /zfs/snapshot</c>. The command <c>zfs list -t snapshot</c>.</remarks>
[Operation("truenas_list_snapshots", Level.Configure, Risk.Read)]
[Description("Lists the snapshots of a dataset of TrueNAS, or of all, the newest first: when they were made and how much space they keep.")]
[Example("Get-HlDatasetSnapshot tank/media", "List the snapshots of one dataset.")]
[Example("Get-HlDatasetSnapshot -Name 'before-*'", "List those whose name begins so, of every dataset.")]
public sealed class ListDatasetSnapshots : Query<ListDatasetSnapshots.Input, DatasetSnapshot>
{
    private readonly TrueNasClient? _client;

    internal ListDatasetSnapshots(TrueNasClient? client) => _client = client;

    /// <summary>Which snapshots.</summary>
    public sealed record Input
    {
        /// <summary>The dataset.</summary>
        [Subject, Description("The dataset's whole name with its pool, such as tank/media, or a pattern with * and ?. All when not given.")]
        public string? Dataset { get; init; }

        /// <summary>The snapshot's name.</summary>
        [Description("The snapshot's name, or a pattern with * and ?. All when not given.")]
        public string? Name { get; init; }

        /// <summary>How many.</summary>
        [Description("How many at most, the newest of them."), Range(1, 20_000)]
        public int Newest { get; init; } = 200;
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<DatasetSnapshot> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = TrueNasErrors.Need(_client);
        var name = input.Dataset is { Length: > 0 } given && !Wildcard.IsPattern(given) ? given : null;
        var all = await client.ListSnapshotsAsync(name, cancellationToken).ConfigureAwait(false);
        // It lists none of what is not there as well.
        if (all.Count == 0 && name is not null && await client.FindDatasetAsync(name, cancellationToken).ConfigureAwait(false) is null)
        {
            throw TrueNasErrors.NoDataset(name, await client.ListDatasetsAsync(cancellationToken).ConfigureAwait(false));
        }

        var wanted = all.Where(s => input.Dataset is not { Length: > 0 } datasets || name is not null || Wildcard.Matches(datasets, s.Dataset, ignoreCase: false)).Where(s => input.Name is not { Length: > 0 } pattern || Wildcard.Matches(pattern, s.Name, ignoreCase: false));
        foreach (var snapshot in wanted.OrderByDescending(static s => s.Created).ThenBy(static s => s.ToString(), StringComparer.Ordinal).Take(input.Newest)) yield return snapshot;
    }
}
