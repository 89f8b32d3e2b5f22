namespace Homelab;

/// <summary>A container's log that was cut to nothing.</summary>
public sealed record ContainerLogCut
{
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The container's full id.</summary>
    public required string Id { get; init; }

    /// <summary>The file, on the host.</summary>
    public required string Path { get; init; }

    /// <summary>Its size before, in bytes.</summary>
    public required long SizeBefore { get; init; }

    /// <summary>Its size now, in bytes: what was written since.</summary>
    public required long SizeAfter { get; init; }

    /// <summary>What is free now that was not before, in bytes.</summary>
    public long Freed => SizeBefore - SizeAfter;

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Host}";
}
