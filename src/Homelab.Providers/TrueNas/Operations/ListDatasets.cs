using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.TrueNas;

/// <summary>Lists the datasets of the storage server.</summary>
/// <remarks>TrueNAS: <c>pool.dataset.query</c>, page by page; by REST <c>GET /pool/dataset</c>. The command <c>zfs list</c>.</remarks>
[Operation("truenas_list_datasets", Level.Configure, Risk.Read)]
[Description("Lists the datasets of TrueNAS: how much they use and may use, whether they are encrypted or locked, how many are below them.")]
[Example("Get-HlDataset", "List every dataset.")]
[Example("Get-HlDataset 'tank/*' | Sort-Object Used -Descending", "List those below one pool, the largest first.")]
public sealed class ListDatasets : Query<ListDatasets.Input, Dataset>
{
    private readonly TrueNasClient? _client;

    internal ListDatasets(TrueNasClient? client) => _client = client;

    /// <summary>Which datasets.</summary>
    public sealed record Input
    {
        /// <summary>The dataset.</summary>
        [Subject, Description("The dataset's whole name with its pool, such as tank/media, or a pattern with * and ?. All when not given.")]
        public string? Dataset { get; init; }

        /// <summary>The locked ones.</summary>
        [Description("Only those that are locked: encrypted, and their key is not loaded.")]
        public bool Locked { get; init; }
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<Dataset> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var all = await TrueNasErrors.Need(_client).ListDatasetsAsync(cancellationToken).ConfigureAwait(false);
        var pattern = input.Dataset is { Length: > 0 } name ? name : null;
        var found = false;
        foreach (var dataset in all)
        {
            // ZFS tells upper from lower case, and so must we.
            if (pattern is not null && !Wildcard.Matches(pattern, dataset.Name, ignoreCase: false)) continue;
            found = true;
            if (!input.Locked || dataset.Locked) yield return dataset;
        }

        if (!found && pattern is not null && !Wildcard.IsPattern(pattern)) throw TrueNasErrors.NoDataset(pattern, all);
    }
}
