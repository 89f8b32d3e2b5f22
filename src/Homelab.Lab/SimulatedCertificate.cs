using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Lab;

/// <summary>A certificate that an appliance has made for itself when it was installed: nothing vouches for it.</summary>
internal sealed class SimulatedCertificate : IDisposable
{
    // It is checked against the machine's clock, never against a simulated one.
    private static readonly TimeSpan s_life = TimeSpan.FromDays(397);

    internal SimulatedCertificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}.home.arpa", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var bare = request.CreateSelfSigned(now.AddDays(-1), now + s_life);
        // Windows serves no key that was never in a store or a file.
        Whole = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pfx), password: null);
    }

    internal X509Certificate2 Whole { get; }

    /// <summary>Its fingerprint, as a lab file pins it.</summary>
    internal string Sha256 => Whole.GetCertHashString(HashAlgorithmName.SHA256);

    public void Dispose() => Whole.Dispose();
}
