namespace Homelab;

/// <summary>A mounted file system of a host, and whether its server answers where it is one of the network.</summary>
/// <remarks><c>/proc/mounts</c>; <c>stat -f</c> on those of the network, each in a bounded time.</remarks>
public sealed record HostMount
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The folder it is mounted on.</summary>
    public required string Mount { get; init; }

    /// <summary>The device, or the server's share: <c>/dev/sda1</c>, <c>nas:/tank/media</c>, <c>//nas/media</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>The kind of file system: <c>ext4</c>, <c>nfs4</c>, <c>cifs</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>Its options, as the kernel writes them: <c>rw</c>, <c>relatime</c>, <c>vers=4.2</c>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>True when it is mounted to be read only: also what a kernel does with a disk that fails.</summary>
    public bool ReadOnly { get; init; }

    /// <summary>The server it comes from; empty for one of the host's own.</summary>
    public string Server { get; init; } = "";

    /// <summary>Whether it can be used.</summary>
    public required MountState State { get; init; }

    /// <summary>What was found wrong; empty when nothing was.</summary>
    public string Problem { get; init; } = "";

    /// <inheritdoc/>
    public override string ToString() => $"{Host}:{Mount}";
}

/// <summary>Whether a mounted file system can be used.</summary>
public enum MountState
{
    /// <summary>It was looked at, and what was seen means neither.</summary>
    Unknown,

    /// <summary>One of the host's own: it is mounted, more was not looked at.</summary>
    Mounted,

    /// <summary>One of the network, and its server answers.</summary>
    Answers,

    /// <summary>One of the network whose server does not answer, or has forgotten it. Whoever touches it hangs or fails.</summary>
    Stale,
}
