namespace Homelab;

/// <summary>A container as its engine lists it.</summary>
/// <remarks>Engine API: <c>GET /containers/json?all=1</c>. The CLI's <c>docker ps -a</c>.</remarks>
public record Container
{
    /// <summary>Name without the leading slash.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The full id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The image it was made from, as it was named then.</summary>
    public required string Image { get; init; }

    /// <summary>What the engine says it is doing.</summary>
    public required ContainerState State { get; init; }

    /// <summary>What its health check says; <see cref="ContainerHealth.None"/> when it has none.</summary>
    public required ContainerHealth Health { get; init; }

    /// <summary>The engine's sentence: <c>Up 2 hours (healthy)</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Published ports as <c>docker ps</c> prints them: <c>127.0.0.1:3000->3000/tcp</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    /// <summary>Labels as they are on the container.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>When it was created, UTC.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>By which way its engine told this.</summary>
    public EngineWay Via { get; init; }

    /// <inheritdoc/>
    // Sealed: a derived record would otherwise print all its members.
    public sealed override string ToString() => $"{Name}@{Host}";
}

/// <summary>What an engine says a container is doing.</summary>
public enum ContainerState
{
    /// <summary>The engine used a word we do not know. Never counts as running.</summary>
    Unknown,

    /// <summary>Made, never started.</summary>
    Created,

    /// <summary>Its main process runs.</summary>
    Running,

    /// <summary>Frozen by <c>docker pause</c>.</summary>
    Paused,

    /// <summary>Between two tries of its restart policy.</summary>
    Restarting,

    /// <summary>Being removed.</summary>
    Removing,

    /// <summary>Its main process ended.</summary>
    Exited,

    /// <summary>The engine could not remove it cleanly.</summary>
    Dead,
}

/// <summary>What a container's own health check says.</summary>
public enum ContainerHealth
{
    /// <summary>The engine used a word we do not know. Never counts as healthy.</summary>
    Unknown,

    /// <summary>It has no health check.</summary>
    None,

    /// <summary>Still within its start period.</summary>
    Starting,

    /// <summary>The last checks passed.</summary>
    Healthy,

    /// <summary>The last checks failed.</summary>
    Unhealthy,
}
