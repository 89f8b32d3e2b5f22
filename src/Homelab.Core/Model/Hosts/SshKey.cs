namespace Homelab;

/// <summary>A key pair that was made to log in with. The private half is nowhere but in its file.</summary>
public sealed record SshKey : IMayWarn
{
    /// <summary>The file of the private key; the public one lies beside it, as <c>.pub</c>.</summary>
    public required string Path { get; init; }

    /// <summary>The public key, as a line of <c>authorized_keys</c> has it.</summary>
    public required string PublicKey { get; init; }

    /// <summary>As <c>ssh-keygen -l</c> prints it: <c>SHA256:…</c>.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>What it says of itself.</summary>
    public string Comment { get; init; } = "";

    /// <summary>True when a passphrase protects its file.</summary>
    public bool HasPassphrase { get; init; }

    /// <summary>The line for <c>hosts.&lt;name&gt;.ssh</c> of the lab file.</summary>
    public required string LabLine { get; init; }

    /// <inheritdoc/>
    public string? Warning { get; init; }
}
