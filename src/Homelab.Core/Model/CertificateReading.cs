namespace Homelab;

/// <summary>The certificate that a TLS server showed, with those it leads to, and whether it can be trusted.</summary>
public sealed record CertificateReading : IVerdict
{
    /// <summary>The server that was asked: <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The name that was asked for (SNI) and that the certificate must be valid for.</summary>
    public required string ServerName { get; init; }

    /// <summary>The services of the lab that are checked there; empty for an address that was given.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Whom it was issued to.</summary>
    public required string Subject { get; init; }

    /// <summary>Who issued it.</summary>
    public required string Issuer { get; init; }

    /// <summary>From when it is valid, UTC.</summary>
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>Until when it is valid, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Whole days until it expires; less than 0 when it has.</summary>
    public required int DaysLeft { get; init; }

    /// <summary>Its SHA-256 fingerprint, 64 lower-case hexadecimal digits: what <c>tls: { sha256: … }</c> pins.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The names and addresses it is valid for.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Its key: <c>RSA 2048</c>, <c>ECDSA 256</c>, <c>Ed25519</c>.</summary>
    public string Key { get; init; } = "";

    /// <summary>How it was signed: <c>sha256ECDSA</c>.</summary>
    public string Signature { get; init; } = "";

    /// <summary>Those it leads to, from the one that issued it on, as far as the server sent them or this system knows them.</summary>
    public IReadOnlyList<CertificateLink> Chain { get; init; } = [];

    /// <summary>What was spoken: <c>TLS 1.3</c>; empty when the server hung up before that was settled.</summary>
    public string Protocol { get; init; } = "";

    /// <summary>The cipher suite; empty when the server hung up before that was settled.</summary>
    public string Cipher { get; init; } = "";

    /// <summary>True when it is in date, issued by an authority we know, and valid for the name.</summary>
    public required bool Trusted { get; init; }

    /// <summary>Up when it is trusted, and for at least as many days as were asked for.</summary>
    public ProbeStatus Status { get; init; }

    /// <summary>Why it is trusted or not, one line for people: <c>valid for 47 more days</c>, <c>certificate expired 3 days ago</c>.</summary>
    public required string Reason { get; init; }

    bool IVerdict.IsGood => Status is ProbeStatus.Up;

    /// <inheritdoc/>
    public override string ToString() => $"{ServerName} ({Reason})";
}

/// <summary>A certificate on the way from a server's own to the authority that everything rests on.</summary>
public sealed record CertificateLink
{
    /// <summary>Whom it was issued to.</summary>
    public required string Subject { get; init; }

    /// <summary>Who issued it; itself, at the end.</summary>
    public required string Issuer { get; init; }

    /// <summary>Until when it is valid, UTC.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Its key: <c>RSA 4096</c>.</summary>
    public required string Key { get; init; }

    /// <summary>How it was signed: <c>sha256RSA</c>.</summary>
    public required string Signature { get; init; }

    /// <summary>Its SHA-256 fingerprint, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Subject}, {Key}, {Signature}, until {NotAfter:yyyy-MM-dd}");
}
