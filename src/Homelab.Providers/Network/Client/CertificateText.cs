using System.Globalization;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Providers.Network;

/// <summary>What a certificate says, in words for people. All of it comes from whoever made the certificate.</summary>
internal static class CertificateText
{
    private const int LongestText = 500;
    private const int MostNames = 100;
    private const int MostLinks = 10;

    internal static string Name(string text) => ForeignText.Clean(text, LongestText);

    internal static string Sha256(X509Certificate2 certificate) => Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));

    /// <summary>The names and addresses it is valid for.</summary>
    internal static IReadOnlyList<string> Names(X509Certificate2 certificate)
    {
        try
        {
            var extension = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
            return extension is null ? [] : [.. extension.EnumerateDnsNames().Concat(extension.EnumerateIPAddresses().Select(static a => a.ToString())).Take(MostNames).Select(Name)];
        }
        catch (CryptographicException)
        {
            // The extension is broken; the rest of the certificate can still be told, and is not trusted for it.
            return [];
        }
    }

    /// <summary>The kind of its key, and how long it is.</summary>
    internal static string Key(X509Certificate2 certificate)
    {
        try
        {
            using var rsa = certificate.GetRSAPublicKey();
            if (rsa is not null) return string.Create(CultureInfo.InvariantCulture, $"RSA {rsa.KeySize}");
            using var ecdsa = certificate.GetECDsaPublicKey();
            if (ecdsa is not null) return string.Create(CultureInfo.InvariantCulture, $"ECDSA {ecdsa.KeySize}");
        }
        catch (CryptographicException)
        {
            // A kind that this system cannot use can still be named.
        }

        return Algorithm(certificate.PublicKey.Oid);
    }

    internal static string Signature(X509Certificate2 certificate) => Algorithm(certificate.SignatureAlgorithm);

    internal static string Protocol(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => protocol.ToString(),
    };

    /// <summary>The certificates it leads to, each the issuer of the one before it, as far as the server sent them or this system knows them.</summary>
    internal static IReadOnlyList<CertificateLink> Chain(X509Certificate2 certificate, X509Chain? chain)
    {
        if (chain is null) return [];
        // What the server sent lies in the extra store, what this system found itself among the elements.
        X509Certificate2[] known = [.. chain.ChainPolicy.ExtraStore, .. chain.ChainElements.Select(static e => e.Certificate)];
        var links = new List<CertificateLink>();
        for (var at = certificate; links.Count < MostLinks && !IsLast(at);)
        {
            if (known.FirstOrDefault(c => c.SubjectName.RawData.AsSpan().SequenceEqual(at.IssuerName.RawData)) is not { } issuer) break;
            at = issuer;
            links.Add(new CertificateLink
            {
                Subject = Name(at.Subject),
                Issuer = Name(at.Issuer),
                NotAfter = new DateTimeOffset(at.NotAfter.ToUniversalTime()),
                Key = Key(at),
                Signature = Signature(at),
                Sha256 = Sha256(at),
            });
        }

        return links;
    }

    private static bool IsLast(X509Certificate2 certificate) => certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    // .NET has no names for the two of RFC 8410.
    private static string Algorithm(Oid oid) => oid.Value switch
    {
        "1.3.101.112" => "Ed25519",
        "1.3.101.113" => "Ed448",
        var number => ForeignText.Clean(oid.FriendlyName ?? number ?? "", LongestText),
    };
}
