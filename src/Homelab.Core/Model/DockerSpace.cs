namespace Homelab;

/// <summary>What one kind of things takes on the disk of one engine, counted as <c>docker system df</c> does.</summary>
/// <remarks>Engine API: <c>GET /system/df</c>.</remarks>
public sealed record DockerSpace
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>Of what.</summary>
    public required DockerSpaceKind Kind { get; init; }

    /// <summary>How many there are.</summary>
    public required int Count { get; init; }

    /// <summary>How many of them are used: images by containers, containers that run, volumes by containers, caches by builds.</summary>
    public required int InUse { get; init; }

    /// <summary>What they take, in bytes. Layers that several images have count once.</summary>
    public required long Size { get; init; }

    /// <summary>What would be free without those that nobody uses, in bytes. Of volumes it is data that somebody may still want.</summary>
    public required long Reclaimable { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{HomelabNames.Of(Kind)}@{Host}";
}

/// <summary>What an engine keeps on its disk.</summary>
public enum DockerSpaceKind
{
    /// <summary>Images.</summary>
    Images,

    /// <summary>What containers have written beside their images and volumes. Logs are not among it.</summary>
    Containers,

    /// <summary>Volumes.</summary>
    Volumes,

    /// <summary>What builds keep to be faster the next time.</summary>
    BuildCache,
}
