namespace Homelab;

/// <summary>What a command within a container did.</summary>
/// <remarks>Engine API: <c>POST /containers/{id}/exec</c>, <c>POST /exec/{id}/start</c>, then <c>GET /exec/{id}/json</c>.</remarks>
public sealed record ContainerCommandResult
{
    /// <summary>The container.</summary>
    public required ContainerRef Container { get; init; }

    /// <summary>The command with its arguments.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>What it ended with; 126 and 127 also where the engine could not start it, and 128 and more where a signal ended it.</summary>
    public required int ExitCode { get; init; }

    /// <summary>What it wrote to standard output. Foreign text: never trusted, never executed.</summary>
    public string Output { get; init; } = "";

    /// <summary>What it wrote to standard error. Foreign text too.</summary>
    public string Error { get; init; } = "";

    /// <summary>True when it wrote more to either than is kept here.</summary>
    public bool Truncated { get; init; }

    /// <summary>How long it took, as seen from here.</summary>
    public TimeSpan Elapsed { get; init; }
}
