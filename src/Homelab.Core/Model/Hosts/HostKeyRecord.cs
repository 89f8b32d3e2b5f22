namespace Homelab;

/// <summary>A key by which we know a host.</summary>
public sealed record HostKeyRecord
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The host as a line of known hosts names it: <c>10.0.0.1</c>, <c>[10.0.0.1]:2222</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The kind of key: <c>ssh-ed25519</c>.</summary>
    public required string Type { get; init; }

    /// <summary>As <c>ssh-keygen -l</c> prints it: <c>SHA256:…</c>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>True when the lab file itself pins it, by <c>ssh.hostKey</c>.</summary>
    public bool IsPinned { get; init; }

    /// <summary>The file that holds it; null when it is pinned.</summary>
    public string? KnownHosts { get; init; }

    /// <summary>The line of that file, from 1; null when it is pinned.</summary>
    public int? Line { get; init; }

    /// <summary>The fingerprints of the keys that went for it.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];
}
