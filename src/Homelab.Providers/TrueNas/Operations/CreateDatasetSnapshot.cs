using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Homelab.Providers.TrueNas;

/// <summary>Makes a snapshot of a dataset, and of those below it if wanted.</summary>
/// <remarks>
/// TrueNAS: <c>pool.snapshot.create</c>, <c>zfs.snapshot.create</c> before 25.10, then the query of the same; by REST <c>POST /zfs/snapshot</c>. The command <c>zfs snapshot</c>.
/// </remarks>
[Operation("truenas_create_snapshot", Level.Manage, Risk.Change, Patience = "15m")]
[Description("Makes a snapshot of a dataset of TrueNAS, with those below it if wanted, and proves that it is there. It lies in the same pool as the dataset: it is no backup.")]
[Example("New-HlDatasetSnapshot tank/media before-upgrade", "Make a snapshot before something risky.")]
[Example("New-HlDatasetSnapshot tank before-move -Recursive", "Make one of a pool and of every dataset in it, all at the same moment.")]
public sealed class CreateDatasetSnapshot : Change<CreateDatasetSnapshot.Input, DatasetSnapshot>
{
    private readonly TrueNasClient? _client;

    internal CreateDatasetSnapshot(TrueNasClient? client) => _client = client;

    /// <summary>Which snapshot.</summary>
    public sealed record Input
    {
        /// <summary>The dataset.</summary>
        [Subject, Description("The dataset's whole name with its pool, such as tank/media."), RegularExpression(DatasetName.Form), StringLength(DatasetName.Longest, MinimumLength = 1)]
        public required string Dataset { get; init; }

        /// <summary>The name.</summary>
        [Description("The name of the snapshot: letters and digits, with _ . : or - between them."), RegularExpression(DatasetName.SnapshotForm), StringLength(127, MinimumLength = 1)]
        public required string Name { get; init; }

        /// <summary>Those below it, too.</summary>
        [Description("Make one of every dataset below it, too, all at the same moment.")]
        public bool Recursive { get; init; }
    }

    /// <inheritdoc/>
    public override Intent Describe(Input input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new Intent($"Make snapshot '{input.Name}' of dataset{(input.Recursive ? " and all below it" : "")}", DatasetName.TargetOf(input.Dataset));
    }

    /// <inheritdoc/>
    protected override async Task<Prepared<Input>> PrepareAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = TrueNasErrors.Need(_client);
        if (input.Dataset.Length + 1 + input.Name.Length > DatasetName.Longest) throw new InputException([new InputProblem("name", input.Name, $"makes with its dataset a name of more than {DatasetName.Longest} characters", "Give a shorter one.")]);
        var all = await client.ListDatasetsAsync(cancellationToken).ConfigureAwait(false);
        if (all.All(d => d.Name != input.Dataset)) throw TrueNasErrors.NoDataset(input.Dataset, all);
        var taken = (await client.FindSnapshotsAsync(input.Name, cancellationToken).ConfigureAwait(false)).Select(static s => s.ToString()).ToHashSet(StringComparer.Ordinal);
        // One below it of that name makes ZFS refuse all of them.
        if (Wanted(input, all).FirstOrDefault(taken.Contains) is { } there) throw TrueNasErrors.Exists(there);
        return new Prepared<Input>(input, "none");
    }

    /// <inheritdoc/>
    protected override async Task<DatasetSnapshot> RunAsync(Input input, OperationContext context, CancellationToken cancellationToken)
    {
        var client = TrueNasErrors.Need(_client);
        var whole = $"{input.Dataset}@{input.Name}";
        // What is made while it works need not be in it.
        var wanted = Wanted(input, input.Recursive ? await client.ListDatasetsAsync(cancellationToken).ConfigureAwait(false) : []);
        context.Report($"Making snapshot {whole}", "asking TrueNAS");
        await client.CreateSnapshotAsync(input.Dataset, input.Name, input.Recursive, cancellationToken).ConfigureAwait(false);
        context.SayActed();
        var made = await client.FindSnapshotAsync(input.Dataset, input.Name, cancellationToken).ConfigureAwait(false) ?? throw TrueNasErrors.NotSeen(whole, [whole]);
        if (!input.Recursive) return made;
        var seen = (await client.FindSnapshotsAsync(input.Name, cancellationToken).ConfigureAwait(false)).Select(static s => s.ToString()).ToHashSet(StringComparer.Ordinal);
        var missing = wanted.Where(w => !seen.Contains(w)).ToArray();
        return missing.Length == 0 ? made with { Below = wanted.Count - 1 } : throw TrueNasErrors.NotSeen(whole, missing);
    }

    /// <inheritdoc/>
    protected override async Task<Settlement> SettleAsync(Input input, string? mark, OperationContext context, CancellationToken cancellationToken)
    {
        // Before there was none of that name: one that is there was made since. ZFS makes all of them or none.
        if (mark is null) return Settlement.Unknown;
        return await TrueNasErrors.Need(_client).FindSnapshotAsync(input.Dataset, input.Name, cancellationToken).ConfigureAwait(false) is not null ? Settlement.Happened : Settlement.DidNotHappen;
    }

    private static IReadOnlyList<string> Wanted(Input input, IReadOnlyList<Dataset> all) =>
    [
        $"{input.Dataset}@{input.Name}",
        .. input.Recursive ? all.Where(d => d.Name.StartsWith(input.Dataset + "/", StringComparison.Ordinal)).Select(d => $"{d.Name}@{input.Name}") : [],
    ];
}
