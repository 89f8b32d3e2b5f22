namespace Homelab;

/// <summary>A place on this machine where a Docker Engine may listen, and whether one does.</summary>
public sealed record DockerSocket
{
    /// <summary>The address as a host's <c>docker:</c> takes it: <c>unix:///var/run/docker.sock</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Where the address was found: <c>DOCKER_HOST</c>, <c>context 'home'</c>, <c>default</c>, …</summary>
    public required string FoundIn { get; init; }

    /// <summary>True when an engine answered there.</summary>
    public required bool Answers { get; init; }

    /// <summary>The engine's version; empty when it did not say.</summary>
    public string EngineVersion { get; init; } = "";

    /// <summary>Why it does not answer; empty when it does.</summary>
    public string Reason { get; init; } = "";
}
