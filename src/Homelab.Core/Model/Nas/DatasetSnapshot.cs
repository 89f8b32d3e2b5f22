namespace Homelab;

/// <summary>A snapshot of a dataset: how it was at one moment. It lies in the same pool as the dataset: it is no backup.</summary>
/// <remarks>TrueNAS: <c>pool.snapshot.query</c>, <c>zfs.snapshot.query</c> before 25.10. The command <c>zfs list -t snapshot</c>.</remarks>
public sealed record DatasetSnapshot
{
    /// <summary>The dataset: <c>tank/media</c>.</summary>
    public required string Dataset { get; init; }

    /// <summary>Its name: <c>before-upgrade</c>.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Space that would be free without it, bytes; null where it is not told.</summary>
    public long? Used { get; init; }

    /// <summary>Space that the dataset took then, bytes; null where it is not told.</summary>
    public long? Referenced { get; init; }

    /// <summary>How many datasets below this one were snapshotted with it, as far as that was asked for.</summary>
    public int Below { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Dataset}@{Name}";
}
