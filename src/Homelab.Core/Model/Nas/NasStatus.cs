namespace Homelab;

/// <summary>A storage server, with its pools.</summary>
/// <remarks>TrueNAS: <c>system.info</c> and <c>pool.query</c>.</remarks>
public sealed record NasStatus : IMayWarn
{
    /// <summary>The name that it gives itself. Foreign text: never trusted, never executed.</summary>
    public required string Name { get; init; }

    /// <summary>Its release.</summary>
    public required string Version { get; init; }

    /// <summary>True only when every pool was seen to be healthy, and there is one.</summary>
    public bool Healthy => Pools.Count > 0 && Pools.All(static p => p.Healthy);

    /// <summary>Its pools, by name.</summary>
    public IReadOnlyList<NasPool> Pools { get; init; } = [];

    /// <summary>How long it has been up.</summary>
    public TimeSpan? Uptime { get; init; }

    /// <summary>Its memory, bytes; null where it does not tell.</summary>
    public long? Memory { get; init; }

    /// <summary>How many cores it has; null where it does not tell.</summary>
    public int? Cores { get; init; }

    /// <summary>What it is called by its maker; empty where it does not tell.</summary>
    public string Product { get; init; } = "";

    /// <summary>The way by which it was asked.</summary>
    public required NasProtocol Protocol { get; init; }

    /// <summary>What to know of the way by which it was asked; null when there is nothing.</summary>
    public string? Warning { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>A pool of a storage server.</summary>
public sealed record NasPool
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What ZFS says of it.</summary>
    public required NasPoolState State { get; init; }

    /// <summary>True only when the server says so.</summary>
    public required bool Healthy { get; init; }

    /// <summary>What is wrong with it, in the server's words; empty when nothing is told. Foreign text: never trusted, never executed.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Its size, bytes; null where it is not known, as of one that is not imported.</summary>
    public long? Size { get; init; }

    /// <summary>Space in use, bytes.</summary>
    public long? Used { get; init; }

    /// <summary>Space that is free, bytes.</summary>
    public long? Free { get; init; }

    /// <summary>The part that is in use: 0 to 1.</summary>
    public double? UsedFraction => Size is > 0 and var size && Used is { } used ? (double)used / size : null;

    /// <summary>The last scrub or resilver in one line: <c>SCRUB FINISHED, 0 errors</c>; empty where there was none.</summary>
    public string Scan { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What ZFS says of a pool.</summary>
public enum NasPoolState
{
    /// <summary>It answered something we do not know. Never counts as healthy.</summary>
    Unknown,

    /// <summary>All of it works.</summary>
    Online,

    /// <summary>A part does not work; the data is still there.</summary>
    Degraded,

    /// <summary>Too much of it does not work.</summary>
    Faulted,

    /// <summary>It was taken off.</summary>
    Offline,

    /// <summary>It cannot be opened.</summary>
    Unavail,

    /// <summary>It was pulled out.</summary>
    Removed,

    /// <summary>It waits for a person after an error of its disks.</summary>
    Suspended,
}

/// <summary>By which protocol a storage server is asked.</summary>
public enum NasProtocol
{
    /// <summary>JSON-RPC 2.0 over a websocket.</summary>
    JsonRpc,

    /// <summary>REST 2.0, which newer releases no longer have.</summary>
    Rest,
}
