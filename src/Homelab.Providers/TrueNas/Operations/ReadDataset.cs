using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace Homelab.Providers.TrueNas;

/// <summary>Tells all there is to know of one dataset.</summary>
/// <remarks>TrueNAS: <c>pool.dataset.query</c> for one id. The command <c>zfs get all</c>.</remarks>
[Operation("truenas_dataset_info", Level.Configure, Risk.Read)]
[Description("Tells all there is to know of one dataset of TrueNAS: what uses its space, its limits, compression, encryption, and the datasets right below it.")]
[Example("Get-HlDataset tank/media", "Look at one dataset.")]
[Example("Get-HlDataset tank/media | Select-Object UsedByDataset, UsedBySnapshots, UsedByChildren", "See what uses its space.")]
public sealed class ReadDataset : Query<ReadDataset.Input, DatasetDetail>
{
    private readonly TrueNasClient? _client;

    internal ReadDataset(TrueNasClient? client) => _client = client;

    /// <summary>Which dataset.</summary>
    public sealed record Input
    {
        /// <summary>The dataset.</summary>
        [Subject, Description("The dataset's whole name with its pool, such as tank/media."), RegularExpression(DatasetName.Form), StringLength(DatasetName.Longest, MinimumLength = 1)]
        public required string Dataset { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent("Read dataset", DatasetName.TargetOf(input.Dataset));
    }

    /// <inheritdoc/>
    protected override async IAsyncEnumerable<DatasetDetail> RunAsync(Input input, OperationContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var client = TrueNasErrors.Need(_client);
        yield return await client.FindDatasetAsync(input.Dataset, cancellationToken).ConfigureAwait(false)
            ?? throw TrueNasErrors.NoDataset(input.Dataset, await client.ListDatasetsAsync(cancellationToken).ConfigureAwait(false));
    }
}
