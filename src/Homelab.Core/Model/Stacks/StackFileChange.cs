namespace Homelab;

/// <summary>A compose file that was written, as it was read again afterwards.</summary>
public sealed record StackFileChange : IMayWarn
{
    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>Where it is on its host.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of what it holds now.</summary>
    public required string Hash { get; init; }

    /// <summary>SHA-256 of what it held before; null where there was none.</summary>
    public string? HashBefore { get; init; }

    /// <summary>What it held before, as a file beside it; null where there was none, or where nothing was to be changed.</summary>
    public string? Backup { get; init; }

    /// <summary>Which compose has found it to be right.</summary>
    public string Compose { get; init; } = "";

    /// <summary>Its services.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>What its services may do to their host.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>How to take it back; null where there is nothing to be taken back.</summary>
    public string? Undo { get; init; }

    /// <inheritdoc/>
    public string? Warning { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Stack}@{Host}";
}
