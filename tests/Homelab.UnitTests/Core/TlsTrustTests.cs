using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Homelab.UnitTests.Providers;
using Homelab.UnitTests.Providers.Network;

namespace Homelab.UnitTests.Core;

public sealed class TlsTrustTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("homelab-");
    private readonly X509Certificate2 _authority = TestCertificates.Authority();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _authority.Dispose();
    }

    [Fact]
    public void No_certificate_is_never_trusted() => Assert.False(TlsTrust.OfSystem.Judge(null, null, SslPolicyErrors.RemoteCertificateNotAvailable).Trusted);

    [Fact]
    public void Without_a_definition_the_systems_verdict_counts()
    {
        Assert.True(TlsTrust.OfSystem.Judge(_authority, null, SslPolicyErrors.None).Trusted);
        Assert.False(TlsTrust.OfSystem.Judge(_authority, null, SslPolicyErrors.RemoteCertificateChainErrors).Trusted);
    }

    [Fact]
    public async Task A_pin_refuses_what_the_system_trusts()
    {
        var trust = await LoadAsync(new TlsDefinition { Sha256 = new string('a', 64) });
        Assert.False(trust.Judge(_authority, null, SslPolicyErrors.None).Trusted);
    }

    [Fact]
    public async Task An_authority_of_the_lab_does_not_excuse_a_wrong_name()
    {
        Write("ca.pem", _authority.ExportCertificatePem());
        using var server = TestCertificates.Server(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var trust = await LoadAsync(new TlsDefinition { Ca = "ca.pem" });
        Assert.True(trust.Judge(server, null, SslPolicyErrors.RemoteCertificateChainErrors).Trusted);
        Assert.False(trust.Judge(server, null, SslPolicyErrors.RemoteCertificateNameMismatch).Trusted);
    }

    [Fact]
    public async Task A_certificate_out_of_date_is_refused_by_its_own_authority()
    {
        Write("ca.pem", _authority.ExportCertificatePem());
        using var server = TestCertificates.Server(_authority, DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-1));
        var verdict = (await LoadAsync(new TlsDefinition { Ca = "ca.pem" })).Judge(server, null, SslPolicyErrors.RemoteCertificateChainErrors);
        Assert.Equal((false, "the certificate is out of date"), (verdict.Trusted, verdict.Reason));
    }

    [Fact]
    public async Task Our_own_certificate_is_shown_with_its_key()
    {
        using var own = TestCertificates.Server(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write("own.pem", own.ExportCertificatePem());
        var trust = await LoadAsync(new TlsDefinition { Certificate = "own.pem", Key = SecretReference.Parse("env:KEY", null) }, own.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var shown = Assert.IsType<X509Certificate2>(Assert.Single(trust.ClientOptions().ClientCertificates!));
        Assert.True(shown.HasPrivateKey && shown.Thumbprint == own.Thumbprint);
    }

    [Fact]
    public async Task A_key_that_does_not_fit_is_refused_and_not_shown()
    {
        using var own = TestCertificates.Server(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Write("own.pem", own.ExportCertificatePem());
        var e = await Assert.ThrowsAsync<HomelabException>(() => LoadAsync(new TlsDefinition { Certificate = "own.pem", Key = SecretReference.Parse("env:KEY", null) }, "s3cret"));
        Assert.Equal((ErrorKind.Invalid, "TlsFileUnreadable"), (e.Kind, e.Id));
        Assert.DoesNotContain("s3cret", e.ToString(), StringComparison.Ordinal);
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private Task<TlsTrust> LoadAsync(TlsDefinition definition, string key = "-") =>
        TlsTrust.LoadAsync(definition, _folder.FullName, new Secrets(("KEY", key)), TestContext.Current.CancellationToken);
}
