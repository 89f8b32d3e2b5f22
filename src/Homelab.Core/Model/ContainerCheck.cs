namespace Homelab;

/// <summary>Whether a container is up: it runs, and is healthy where it has a health check.</summary>
public sealed record ContainerCheck
{
    /// <summary>The container as it was seen.</summary>
    public required ContainerDetail Container { get; init; }

    /// <summary>True only when it was positively seen to be up. Starting is not up yet.</summary>
    public required bool IsUp { get; init; }

    /// <summary>Why, one line for people.</summary>
    public required string Reason { get; init; }
}
