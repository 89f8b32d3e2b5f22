namespace Homelab;

/// <summary>Something that a storage server wants to be known.</summary>
/// <remarks>TrueNAS: <c>alert.list</c>.</remarks>
public sealed record NasAlert
{
    /// <summary>Its id there.</summary>
    public required string Id { get; init; }

    /// <summary>How bad it is.</summary>
    public required NasAlertLevel Level { get; init; }

    /// <summary>Of what kind it is, in the server's word: <c>ZpoolCapacityWarning</c>.</summary>
    public required string Class { get; init; }

    /// <summary>What it says, without its markup. Foreign text: never trusted, never executed.</summary>
    public required string Text { get; init; }

    /// <summary>The node that tells it.</summary>
    public string Node { get; init; } = "";

    /// <summary>When it came up.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When it was last seen.</summary>
    public DateTimeOffset? LastAt { get; init; }

    /// <summary>True when a person has put it aside.</summary>
    public bool Dismissed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{HomelabNames.Of(Level)}: {Text}";
}

/// <summary>How bad an alert of a storage server is, in its own steps.</summary>
public enum NasAlertLevel
{
    /// <summary>It answered something we do not know.</summary>
    Unknown,

    /// <summary>To be known.</summary>
    Info,

    /// <summary>To be noticed.</summary>
    Notice,

    /// <summary>Something will go wrong.</summary>
    Warning,

    /// <summary>Something is wrong.</summary>
    Error,

    /// <summary>Something essential is wrong.</summary>
    Critical,

    /// <summary>A person must act at once.</summary>
    Alert,

    /// <summary>It cannot be used.</summary>
    Emergency,
}
