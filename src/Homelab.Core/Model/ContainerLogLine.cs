namespace Homelab;

/// <summary>One line of a container's log.</summary>
/// <remarks>Engine API: <c>GET /containers/{id}/logs</c>. The CLI's <c>docker logs --timestamps</c>.</remarks>
public sealed record ContainerLogLine
{
    /// <summary>The container's name.</summary>
    public required string Container { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>When it was written, by the engine's clock. Null when the engine gave no time that can be read.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>Where it was written to. A container with a terminal has only <see cref="LogSource.Output"/>.</summary>
    public required LogSource Source { get; init; }

    /// <summary>The line without its end. Foreign text: never trusted, never executed. A line of more than 64 KiB is cut.</summary>
    public required string Text { get; init; }

    /// <summary>By which way the engine told it.</summary>
    public EngineWay Via { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Where a container wrote a line to.</summary>
public enum LogSource
{
    /// <summary>Standard output.</summary>
    Output,

    /// <summary>Standard error.</summary>
    Error,
}
