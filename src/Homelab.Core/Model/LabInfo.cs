namespace Homelab;

/// <summary>The lab that somebody at a prompt works with.</summary>
public sealed record LabInfo
{
    /// <summary>Its name, from the lab file.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was read from: the lab file's path, or that it was made from environment variables.</summary>
    public required string Source { get; init; }

    /// <summary>Who asks: <c>interactive:anna</c>.</summary>
    public required string Caller { get; init; }

    /// <summary>What this caller may at the most.</summary>
    public required Level Level { get; init; }

    /// <summary>The machines, as references name them.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>The services.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>The file that holds journal, audit and incidents.</summary>
    public required string State { get; init; }

    /// <summary>True when it is simulated, and nothing real can be touched.</summary>
    public bool Simulated { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
