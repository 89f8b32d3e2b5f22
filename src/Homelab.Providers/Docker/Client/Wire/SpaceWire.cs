using System.Text.Json.Serialization;

namespace Homelab.Providers.Docker;

// The engine sends null where a list is empty, and -1 for a size that it did not count.

internal sealed record DiskUsageWire
{
    /// <summary>What all images take together; layers that several have count once.</summary>
    public long LayersSize { get; init; }

    public ImageSizeWire?[]? Images { get; init; }

    public ContainerSizeWire?[]? Containers { get; init; }

    public VolumeSizeWire?[]? Volumes { get; init; }

    public CacheSizeWire?[]? BuildCache { get; init; }
}

internal sealed record ImageSizeWire
{
    public string? Id { get; init; }

    /// <summary>How many containers are made from it.</summary>
    public long Containers { get; init; }

    public long Size { get; init; }

    /// <summary>The part of it that other images have too.</summary>
    public long SharedSize { get; init; }
}

internal sealed record ImageWire
{
    public string? Id { get; init; }
}

internal sealed record ContainerSizeWire
{
    public string? State { get; init; }

    /// <summary>What it has written beside its image and volumes.</summary>
    public long SizeRw { get; init; }
}

internal sealed record VolumeSizeWire
{
    public string? Name { get; init; }

    public VolumeUsageWire? UsageData { get; init; }
}

internal sealed record VolumeUsageWire
{
    public long RefCount { get; init; }

    public long Size { get; init; }
}

internal sealed record CacheSizeWire
{
    public bool InUse { get; init; }

    /// <summary>True for what an image has too, where it counts already.</summary>
    public bool Shared { get; init; }

    public long Size { get; init; }
}

internal sealed record ImagesPrunedWire
{
    public ImageDeletedWire?[]? ImagesDeleted { get; init; }

    public long SpaceReclaimed { get; init; }
}

internal sealed record ImageDeletedWire
{
    public string? Untagged { get; init; }

    public string? Deleted { get; init; }
}

internal sealed record CachePrunedWire
{
    public string?[]? CachesDeleted { get; init; }

    public long SpaceReclaimed { get; init; }
}
