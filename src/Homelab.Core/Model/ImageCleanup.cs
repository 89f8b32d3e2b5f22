namespace Homelab;

/// <summary>Images, and caches of builds, that were deleted on one engine.</summary>
/// <remarks>Engine API: <c>POST /images/prune</c>, <c>POST /build/prune</c>, measured by <c>GET /system/df</c> before and after.</remarks>
public sealed record ImageCleanup
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>Names that were taken away, and ids of images and layers that were deleted.</summary>
    public required IReadOnlyList<string> Deleted { get; init; }

    /// <summary>How many entries of the cache of builds were deleted.</summary>
    public int CachesDeleted { get; init; }

    /// <summary>What images and caches took before, in bytes.</summary>
    public required long SizeBefore { get; init; }

    /// <summary>What they take now, in bytes.</summary>
    public required long SizeAfter { get; init; }

    /// <summary>What is free now that was not before, in bytes, as measured. Below zero where more was pulled meanwhile than was deleted.</summary>
    public long Freed => SizeBefore - SizeAfter;

    /// <summary>What the engine says that it freed, in bytes.</summary>
    public long Reported { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"images@{Host}";
}
