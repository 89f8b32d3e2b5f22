using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Homelab.Providers.Proxmox;
using Homelab.UnitTests.Providers.Network;

namespace Homelab.UnitTests.Providers.Proxmox;

public sealed class ProxmoxTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-pve-").FullName;
    private readonly X509Certificate2 _authority = TestCertificates.Authority("Proxmox Virtual Environment");
    private readonly X509Certificate2 _certificate;

    public ProxmoxTlsTests() => _certificate = TestCertificates.Server(_authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Pin => string.Join(':', _certificate.GetCertHashString(HashAlgorithmName.SHA256).Chunk(2).Select(static c => new string(c)));

    [Fact]
    public async Task A_certificate_is_trusted_by_its_fingerprint_as_Proxmox_shows_it()
    {
        await using var server = Server();
        using var bench = BenchOf(server.Url, new TlsDefinition { Sha256 = Pin });

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
    }

    [Fact]
    public async Task A_certificate_is_trusted_by_the_authority_of_the_cluster()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "pve-root-ca.pem"), _authority.ExportCertificatePem(), Cancel);
        await using var server = Server();
        using var bench = BenchOf(server.Url, new TlsDefinition { Ca = "pve-root-ca.pem" });

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_certificate_that_is_not_trusted_is_told_with_the_line_that_would_trust_it(bool otherPin)
    {
        await using var server = Server();
        using var bench = BenchOf(server.Url, otherPin ? new TlsDefinition { Sha256 = new string('a', 64) } : null);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.Wire.ChangeAsync(HttpMethod.Post, $"/pools", ProxmoxForm.Empty, Cancel));

        Assert.Equal((ErrorKind.Failed, "CertificateNotTrusted", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains($"providers.proxmox.tls.sha256: \"{Pin}\"", e.WayOut, StringComparison.Ordinal);
        Assert.Contains("Datacenter, the node, System, Certificates", e.WayOut, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_node_that_is_not_trusted_gives_way_to_another_and_the_trace_says_so()
    {
        await using var stranger = Server();
        await using var good = new RawServer(_ => RawReply.Data("""{"version":"9.1.9"}"""));
        using var bench = BenchOf(stranger.Url, null, good.Url);

        await bench.VersionAsync(Cancel);

        Assert.Contains("was not trusted", bench.Trace[0], StringComparison.Ordinal);
        Assert.Contains(Pin, bench.Trace[0], StringComparison.Ordinal);
        Assert.Empty(stranger.Requests);
    }

    [Fact]
    public async Task When_no_other_node_works_the_untrusted_one_is_what_is_told()
    {
        await using var stranger = Server();
        await using var closed = new RawServer(_ => RawReply.Nothing, listens: false);
        using var bench = BenchOf(closed.Url, null, stranger.Url);

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Failed, "CertificateNotTrusted", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains($"providers.proxmox.failover[0].tls.sha256: \"{Pin}\"", e.Message, StringComparison.Ordinal);
        Assert.Contains("connection refused", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_node_may_have_a_fingerprint_of_its_own()
    {
        await using var second = Server();
        await using var closed = new RawServer(_ => RawReply.Nothing, listens: false);
        var settings = new ProxmoxSettings
        {
            Url = closed.Url,
            Failover = [new ProxmoxNodeDefinition { Url = second.Url, Tls = new TlsDefinition { Sha256 = Pin } }],
            Tls = new TlsDefinition { Sha256 = new string('a', 64) },
            Token = WireBench.Reference("TOKEN"),
        };
        using var bench = new WireBench(settings);

        Assert.Equal("9.1.9", (await bench.VersionAsync(Cancel)).Version);
    }

    [Theory]
    [InlineData("absent.pem", null)]
    [InlineData(null, "no fingerprint")]
    public async Task A_setting_that_cannot_be_used_is_told_by_its_key(string? ca, string? pin)
    {
        await using var server = Server();
        using var bench = BenchOf(server.Url, new TlsDefinition { Ca = ca, Sha256 = pin });

        var e = await Assert.ThrowsAsync<HomelabException>(() => bench.VersionAsync(Cancel));

        Assert.Equal((ErrorKind.Invalid, "ProxmoxTlsInvalid", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains("providers.proxmox.tls", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_unreachable()
    {
        await using var server = new RawServer(_ => RawReply.Nothing);
        using var bench = BenchOf(new Uri($"https://localhost:{server.Port}"), new TlsDefinition { Sha256 = Pin });

        var asking = bench.VersionAsync(Cancel);
        await server.DisposeAsync();
        var e = await Assert.ThrowsAsync<HomelabException>(() => asking);

        Assert.Equal("ProxmoxUnreachable", e.Id);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private RawServer Server() => new(_ => RawReply.Data("""{"version":"9.1.9"}"""), _certificate);

    private WireBench BenchOf(Uri url, TlsDefinition? tls, params Uri[] others) => new(
        new ProxmoxSettings { Url = url, Failover = [.. others.Select(static o => new ProxmoxNodeDefinition { Url = o })], Token = WireBench.Reference("TOKEN"), Tls = tls },
        basePath: _folder);
}
