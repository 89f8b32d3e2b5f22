namespace Homelab.Lab.TrueNas;

#pragma warning disable MA0048 // Records that are nothing but what a server is filled with.

/// <summary>A pool of a simulated TrueNAS.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">Its size, bytes.</param>
/// <param name="Allocated">What of it is in use, bytes.</param>
public sealed record SimulatedPool(string Name, long Size, long Allocated)
{
    /// <summary>What ZFS says of it.</summary>
    public string Status { get; init; } = "ONLINE";

    /// <summary>What is wrong with it.</summary>
    public string? Detail { get; init; }
}

/// <summary>A dataset of a simulated TrueNAS.</summary>
/// <param name="Name">Its whole name.</param>
/// <param name="Used">What it uses, bytes.</param>
public sealed record SimulatedDataset(string Name, long Used)
{
    /// <summary>What it may still take, bytes.</summary>
    public long Available { get; init; } = 1L << 40;

    /// <summary>How much it may use, bytes.</summary>
    public long? Quota { get; init; }

    /// <summary>The size of a volume, bytes.</summary>
    public long? VolumeSize { get; init; }

    /// <summary>Whether it is encrypted.</summary>
    public bool Encrypted { get; init; }

    /// <summary>Whether its key is not loaded.</summary>
    public bool Locked { get; init; }

    /// <summary>What people wrote to it.</summary>
    public string? Comments { get; init; }
}

/// <summary>A snapshot in a simulated TrueNAS.</summary>
/// <param name="Dataset">Its dataset.</param>
/// <param name="Name">Its name.</param>
/// <param name="At">When it was made.</param>
/// <param name="Transaction">In which transaction group.</param>
public sealed record SimulatedDatasetSnapshot(string Dataset, string Name, DateTimeOffset At, int Transaction)
{
    /// <summary>Its whole name.</summary>
    public string Id => $"{Dataset}@{Name}";
}

/// <summary>An alert of a simulated TrueNAS.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Level">How bad: <c>CRITICAL</c>.</param>
/// <param name="Class">Of what kind.</param>
/// <param name="Text">What it says, as HTML.</param>
public sealed record SimulatedAlert(string Id, string Level, string Class, string Text)
{
    /// <summary>Whether a person has put it aside.</summary>
    public bool Dismissed { get; init; }
}
