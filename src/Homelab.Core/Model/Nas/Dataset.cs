namespace Homelab;

/// <summary>A dataset of ZFS: a file system, or a volume that looks like a disk.</summary>
/// <remarks>TrueNAS: <c>pool.dataset.query</c>. The command <c>zfs list</c>.</remarks>
public record Dataset
{
    /// <summary>Its whole name, with its pool: <c>tank/media</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its pool.</summary>
    public required string Pool { get; init; }

    /// <summary>What it is.</summary>
    public required DatasetKind Kind { get; init; }

    /// <summary>Space that it and all below it use, bytes; null where it is not told.</summary>
    public long? Used { get; init; }

    /// <summary>Space that it may still take, bytes; null where it is not told.</summary>
    public long? Available { get; init; }

    /// <summary>How much it and all below it may use, bytes; null where nothing limits it.</summary>
    public long? Quota { get; init; }

    /// <summary>True when it is encrypted.</summary>
    public bool Encrypted { get; init; }

    /// <summary>True when its key is not loaded: its data cannot be read until somebody unlocks it.</summary>
    public bool Locked { get; init; }

    /// <summary>True when it cannot be written.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>How many datasets are right below it.</summary>
    public int Children { get; init; }

    /// <summary>Where it is mounted; empty for a volume, or one that is not.</summary>
    public string Mountpoint { get; init; } = "";

    /// <inheritdoc/>
    public sealed override string ToString() => Name;
}

/// <summary>A dataset with what else there is to know of it.</summary>
public sealed record DatasetDetail : Dataset
{
    /// <summary>Space that its own data uses, bytes.</summary>
    public long? UsedByDataset { get; init; }

    /// <summary>Space that only its snapshots use, bytes.</summary>
    public long? UsedBySnapshots { get; init; }

    /// <summary>Space that the datasets below it use, bytes.</summary>
    public long? UsedByChildren { get; init; }

    /// <summary>How much it may use without those below it, bytes; null where nothing limits it.</summary>
    public long? RefQuota { get; init; }

    /// <summary>Space that is kept for it and those below it, bytes; null where none is.</summary>
    public long? Reservation { get; init; }

    /// <summary>The size of a volume, bytes; null for a file system.</summary>
    public long? VolumeSize { get; init; }

    /// <summary>How it is compressed: <c>LZ4</c>.</summary>
    public string Compression { get; init; } = "";

    /// <summary>How far that got: <c>1.42x</c>.</summary>
    public string CompressRatio { get; init; } = "";

    /// <summary>The size of its records: <c>128K</c>.</summary>
    public string RecordSize { get; init; } = "";

    /// <summary>The dataset whose key opens it; empty where it is not encrypted.</summary>
    public string EncryptionRoot { get; init; } = "";

    /// <summary>What people wrote to it. Foreign text: never trusted, never executed.</summary>
    public string Comments { get; init; } = "";

    /// <summary>When it was made.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The names of those right below it.</summary>
    public IReadOnlyList<string> ChildNames { get; init; } = [];
}

/// <summary>What a dataset is.</summary>
public enum DatasetKind
{
    /// <summary>It answered something we do not know.</summary>
    Unknown,

    /// <summary>Files in folders.</summary>
    Filesystem,

    /// <summary>A disk for something else.</summary>
    Volume,
}
