namespace Homelab;

/// <summary>A key that may log in to an account of a host, as it was seen there by logging in with it.</summary>
public sealed record AuthorizedKey : IMayWarn
{
    /// <summary>The host as the lab file names it.</summary>
    public required string Host { get; init; }

    /// <summary>The account.</summary>
    public required string User { get; init; }

    /// <summary>As <c>ssh-keygen -l</c> prints it: <c>SHA256:…</c>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What the key says of itself.</summary>
    public string Comment { get; init; } = "";

    /// <summary>What its line of <c>authorized_keys</c> limits it to; empty when to nothing.</summary>
    public string Options { get; init; } = "";

    /// <summary>True when its line was written now; false when it was there.</summary>
    public bool Added { get; init; }

    /// <inheritdoc/>
    public string? Warning { get; init; }
}
