namespace Homelab;

/// <summary>The compose file of a stack as it is on its host, without the secrets in it.</summary>
public sealed record StackFile
{
    /// <summary>The stack.</summary>
    public required string Stack { get; init; }

    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>Where it is on its host.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of its true bytes, in small hexadecimal digits: what a change of it must name.</summary>
    public required string Hash { get; init; }

    /// <summary>Its text. What looks secret is <c>***1***</c>, <c>***2***</c>, …: written back so, it stays what it is.</summary>
    public required string Content { get; init; }

    /// <summary>How many secrets are hidden.</summary>
    public int Hidden { get; init; }

    /// <summary>Its services.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>What its services may do to their host: mounts of it, privileges, its network.</summary>
    public IReadOnlyList<string> Concerns { get; init; } = [];

    /// <summary>What is put over it, where there is such a file beside it.</summary>
    public string? Override { get; init; }

    /// <summary>Other compose files in its folder, which compose does not read.</summary>
    public IReadOnlyList<string> Ignored { get; init; } = [];

    /// <summary>The backups of it that are kept, the newest last.</summary>
    public IReadOnlyList<string> Backups { get; init; } = [];

    /// <summary>What is odd about it; null when nothing is.</summary>
    public string? Warning { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Stack}@{Host}";
}
