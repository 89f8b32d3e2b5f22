namespace Homelab;

/// <summary>Something that happened to a container.</summary>
/// <remarks>Engine API: <c>GET /events?filters={"type":["container"]}</c>. The CLI's <c>docker events</c>.</remarks>
public sealed record ContainerEvent
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The container's full id.</summary>
    public required string Id { get; init; }

    /// <summary>The engine's word: <c>start</c>, <c>die</c>, <c>oom</c>, <c>health_status: unhealthy</c>.</summary>
    public required string Action { get; init; }

    /// <summary>When it happened, by the engine's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The same moment in nanoseconds since 1970, as exact as the engine tells it.</summary>
    public required long UnixNanoseconds { get; init; }

    /// <summary>The image's name.</summary>
    public string Image { get; init; } = "";

    /// <summary>The exit code, for <c>die</c>.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal's number, for <c>kill</c>.</summary>
    public int? Signal { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Container}@{Host} {Action}";
}
