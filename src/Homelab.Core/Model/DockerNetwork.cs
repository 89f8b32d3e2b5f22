namespace Homelab;

/// <summary>A network of an engine.</summary>
/// <remarks>Engine API: <c>GET /networks</c>; who is in it from <c>GET /containers/json?all=1</c>.</remarks>
public sealed record DockerNetwork
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The full id.</summary>
    public required string Id { get; init; }

    /// <summary>What makes it: <c>bridge</c>, <c>host</c>, <c>macvlan</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>How far it reaches: <c>local</c>, <c>swarm</c>.</summary>
    public string Scope { get; init; } = "";

    /// <summary>True where nothing leads out of it.</summary>
    public bool Internal { get; init; }

    /// <summary>Its ranges of addresses.</summary>
    public IReadOnlyList<string> Subnets { get; init; } = [];

    /// <summary>The way out of each range.</summary>
    public IReadOnlyList<string> Gateways { get; init; } = [];

    /// <summary>The containers that are in it, running or not.</summary>
    public IReadOnlyList<string> Containers { get; init; } = [];

    /// <summary>The stack that made it; null where none did.</summary>
    public string? Stack { get; init; }

    /// <summary>When it was made, UTC; null where the engine does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Host}";
}
