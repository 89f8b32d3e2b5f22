using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Homelab.Lab.Proxmox;

/// <summary>The cluster's own certificate authority, as <c>pvecm</c> makes one: nothing outside trusts it.</summary>
internal sealed class ClusterAuthority : IDisposable
{
    // A certificate is checked against the machine's clock, never against a simulated one.
    private static readonly TimeSpan s_life = TimeSpan.FromDays(730);
    private readonly X509Certificate2 _root;

    internal ClusterAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Proxmox Virtual Environment, OU=" + Guid.NewGuid() + ", O=PVE Cluster Manager CA", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = TimeProvider.System.GetUtcNow();
        _root = request.CreateSelfSigned(now.AddDays(-1), now + s_life + s_life);
    }

    /// <summary>The authority's certificate, as <c>/etc/pve/pve-root-ca.pem</c> has it.</summary>
    internal string Pem => _root.ExportCertificatePem();

    /// <summary>A node's certificate with its key.</summary>
    internal X509Certificate2 Issue(string node, string address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"OU=PVE Cluster Node, O=Proxmox Virtual Environment, CN={node}.home.arpa", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Parse(address));
        names.AddDnsName(node);
        names.AddDnsName(node + ".home.arpa");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        var now = TimeProvider.System.GetUtcNow();
        using var bare = request.Create(_root, now.AddDays(-1), now + s_life, RandomNumberGenerator.GetBytes(16));
        using var whole = bare.CopyWithPrivateKey(key);
        // Windows serves no key that was never in a store or a file.
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), password: null);
    }

    public void Dispose() => _root.Dispose();
}
