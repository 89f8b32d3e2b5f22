using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Host.Rehearsals;

/// <summary>An authority of its own for a simulated homelab, which makes certificates for localhost.</summary>
internal sealed class RehearsalAuthority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;
    private byte _serial;

    internal RehearsalAuthority()
    {
        var request = new CertificateRequest("CN=Rehearsal authority", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        _certificate = request.CreateSelfSigned(now.AddDays(-90), now.AddDays(3650));
    }

    /// <summary>Its own certificate, to be trusted.</summary>
    internal string Pem => _certificate.ExportCertificatePem();

    /// <summary>A certificate for localhost that ends in so many days.</summary>
    internal X509Certificate2 Issue(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = TimeProvider.System.GetUtcNow();
        using var issued = request.Create(_certificate, now.AddDays(-60), now.AddDays(days).AddHours(1), [1, ++_serial]);
        using var withKey = issued.CopyWithPrivateKey(key);
        // Servers on some systems take no key that lives in memory alone.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
