namespace Homelab;

/// <summary>A stack as it was seen after it was brought up or taken down.</summary>
public sealed record StackState : IMayWarn
{
    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The name by which compose knows it.</summary>
    public required string Project { get; init; }

    /// <summary>Which compose did it: <c>docker compose 2.39.1</c>, <c>docker-compose 1.29.2</c>.</summary>
    public required string Compose { get; init; }

    /// <summary>True when it is up.</summary>
    public required bool Up { get; init; }

    /// <summary>Its containers.</summary>
    public IReadOnlyList<StackService> Services { get; init; } = [];

    /// <summary>Containers that were removed.</summary>
    public IReadOnlyList<string> Removed { get; init; } = [];

    /// <summary>Its volumes, which stay.</summary>
    public IReadOnlyList<string> Volumes { get; init; } = [];

    /// <inheritdoc/>
    public string? Warning { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Stack}@{Host}";
}

/// <summary>A container of a stack.</summary>
public sealed record StackService
{
    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Its container.</summary>
    public required string Container { get; init; }

    /// <summary>Its image.</summary>
    public required string Image { get; init; }

    /// <summary>What it does.</summary>
    public required ContainerState State { get; init; }

    /// <summary>What its health check says.</summary>
    public required ContainerHealth Health { get; init; }

    /// <summary>How its program ended; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Service}: {HomelabNames.Of(State)}{(Health is ContainerHealth.None ? "" : $", {HomelabNames.Of(Health)}")}{(ExitCode is { } code ? $", exit code {code}" : "")}";
}
