namespace Homelab;

/// <summary>A runbook as one chooses it: what it is for, what sets it off, what it does.</summary>
public sealed record RunbookInfo
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary>The highest level any step needs.</summary>
    public required Level Level { get; init; }

    /// <summary>What sets it off: <c>alert down</c>, a schedule, or empty for nothing but a request.</summary>
    public string Trigger { get; init; } = "";

    /// <summary>True when it is for a service, which must be named.</summary>
    public bool NeedsService { get; init; }

    /// <summary>What it does, in order: <c>restart: docker_restart_container</c>.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];
}
