namespace Homelab;

/// <summary>A volume of an engine.</summary>
/// <remarks>Engine API: <c>GET /volumes</c>; its users from <c>GET /containers/json?all=1</c>, its size from <c>GET /system/df?type=volume</c>.</remarks>
public sealed record DockerVolume
{
    /// <summary>Its name; 64 hexadecimal digits where nobody gave it one.</summary>
    public required string Name { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>What keeps it: <c>local</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>Where it is on its host.</summary>
    public string Mountpoint { get; init; } = "";

    /// <summary>The containers that mount it, running or not.</summary>
    public IReadOnlyList<string> UsedBy { get; init; } = [];

    /// <summary>The stack that made it; null where none did.</summary>
    public string? Stack { get; init; }

    /// <summary>What it takes, in bytes; null where that was not asked for or not counted.</summary>
    public long? Size { get; init; }

    /// <summary>When it was made, UTC; null where the engine does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Host}";
}
