namespace Homelab;

/// <summary>The certificate that a TLS server showed, and whether it can be trusted.</summary>
public sealed record CertificateReading
{
    /// <summary>The server that was asked: <c>host:port</c>.</summary>
    public required string Address { get; init; }

    /// <summary>The name that was asked for (SNI) and that the certificate must be valid for.</summary>
    public required string ServerName { get; init; }

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

    /// <summary>True when it is in date, issued by an authority we know, and valid for the name.</summary>
    public required bool Trusted { get; init; }

    /// <summary>Why it is trusted or not, one line for people: <c>valid for 47 more days</c>, <c>certificate expired 3 days ago</c>.</summary>
    public required string Reason { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{ServerName} ({Reason})";
}
