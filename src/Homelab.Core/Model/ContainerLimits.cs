namespace Homelab;

/// <summary>What a container may use, and what its engine does when it ends.</summary>
/// <remarks>Engine API: <c>POST /containers/{id}/update</c>, then <c>GET /containers/{id}/json</c>.</remarks>
public sealed record ContainerLimits : IMayWarn
{
    /// <summary>The container's name.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The full id.</summary>
    public required string Id { get; init; }

    /// <summary>Memory limit in bytes; 0 when unlimited.</summary>
    public required long MemoryLimit { get; init; }

    /// <summary>Swap in bytes that it may use on top of its memory. Null when nothing limits it.</summary>
    public long? SwapLimit { get; init; }

    /// <summary>How many processors' time it may use; 0 when unlimited.</summary>
    public required double CpuLimit { get; init; }

    /// <summary>Its restart policy.</summary>
    public required string RestartPolicy { get; init; }

    /// <summary>How often <c>on-failure</c> restarts it before it is given up; 0 for no limit.</summary>
    public int RestartLimit { get; init; }

    /// <summary>What the machine of the engine cannot hold to, in the engine's words; null when nothing.</summary>
    public string? Warning { get; init; }

    /// <summary>Those of a container.</summary>
    public static ContainerLimits Of(ContainerDetail container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return new ContainerLimits
        {
            Name = container.Name,
            Host = container.Host,
            Id = container.Id,
            MemoryLimit = container.MemoryLimit,
            SwapLimit = container.SwapLimit,
            CpuLimit = container.CpuLimit,
            RestartPolicy = container.RestartPolicy,
            RestartLimit = container.RestartLimit,
        };
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Host}";
}

/// <summary>What an engine does when a container ends by itself.</summary>
public enum ContainerRestartPolicy
{
    /// <summary>Nothing.</summary>
    No,

    /// <summary>Starts it again, also after a restart of the engine.</summary>
    Always,

    /// <summary>Starts it again when its exit code is not 0.</summary>
    OnFailure,

    /// <summary>Starts it again, unless it was stopped on purpose.</summary>
    UnlessStopped,
}
