using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Homelab.Providers.Docker;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Docker;

public sealed class TlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hl-tls-").FullName;
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _server;
    private readonly X509Certificate2 _client;

    public TlsTests()
    {
        _authority = Make("CN=Lab CA", issuer: null);
        _server = Make("CN=localhost", _authority);
        _client = Make("CN=homelab", _authority);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pinned_certificate_is_accepted_with_and_without_colons()
    {
        var pin = _server.GetCertHashString(HashAlgorithmName.SHA256);

        await PingAsync(new TlsDefinition { Sha256 = pin });
        await PingAsync(new TlsDefinition { Sha256 = string.Join(':', pin.ToLowerInvariant().Chunk(2).Select(static c => new string(c))) });
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused_with_its_fingerprint()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => PingAsync(new TlsDefinition { Sha256 = new string('a', 64) }));

        Assert.Equal((ErrorKind.Failed, "CertificateNotTrusted", true), (e.Kind, e.Id, e.NothingHappened));
        Assert.Contains(_server.GetCertHashString(HashAlgorithmName.SHA256), e.Message, StringComparison.Ordinal);
        Assert.Contains("tls.sha256", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_of_nobody_we_know_is_refused_with_its_fingerprint()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => PingAsync(new TlsDefinition()));

        Assert.Equal("CertificateNotTrusted", e.Id);
        Assert.Contains(_server.GetCertHashString(HashAlgorithmName.SHA256), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_authority_of_our_own_is_trusted_for_its_servers() =>
        await PingAsync(new TlsDefinition { Ca = Write("ca.pem", _authority.ExportCertificatePem()) });

    [Fact]
    public async Task An_authority_of_our_own_does_not_make_another_name_right()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => PingAsync(new TlsDefinition { Ca = Write("ca.pem", _authority.ExportCertificatePem()) }, "127.0.0.1"));

        Assert.Contains("not valid for this name", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Our_own_certificate_is_shown_where_the_server_asks_for_one()
    {
        var tls = new TlsDefinition
        {
            Ca = Write("ca.pem", _authority.ExportCertificatePem()),
            Certificate = Write("cert.pem", _client.ExportCertificatePem()),
            Key = SecretReference.Parse("env:KEY", provider: null),
        };

        var shown = await PingAsync(tls, askForCertificate: true);

        Assert.Equal("CN=homelab", shown);
    }

    [Theory]
    [InlineData("absent.pem", null, null)]
    [InlineData(null, "absent.pem", null)]
    [InlineData(null, null, "no fingerprint")]
    public async Task A_setting_that_cannot_be_used_is_told_by_its_key(string? ca, string? certificate, string? pin)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => PingAsync(new TlsDefinition { Ca = ca, Certificate = certificate, Sha256 = pin }));

        Assert.Equal((ErrorKind.Invalid, "DockerEndpointInvalid"), (e.Kind, e.Id));
        Assert.Contains("hosts.dev.docker.tls", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_speaks_no_tls_is_unreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(Cancel);
            },
            Cancel);
        using var docker = ClientOf("localhost", ((IPEndPoint)listener.LocalEndpoint).Port, new TlsDefinition { Sha256 = new string('a', 64) });

        var e = await Assert.ThrowsAsync<HomelabException>(() => docker.System.PingAsync(Cancel));
        await serving;

        Assert.Equal("DockerUnreachable", e.Id);
    }

    public void Dispose()
    {
        _authority.Dispose();
        _server.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Serves one ping over TLS, and tells whose certificate the client showed.
    private async Task<string?> PingAsync(TlsDefinition tls, string server = "localhost", bool askForCertificate = false)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string? shown = null;
        var serving = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(Cancel);
                await using var stream = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => (shown = certificate?.Subject) is not null || !askForCertificate);
                await stream.AuthenticateAsServerAsync(_server, askForCertificate, checkCertificateRevocation: false);
                await stream.ReadExactlyAsync(new byte["GET /_ping HTTP/1.1".Length], Cancel);
                await stream.WriteAsync("HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\nContent-Length: 2\r\nConnection: close\r\n\r\nOK"u8.ToArray(), Cancel);
            },
            Cancel);
        using var docker = ClientOf(server, ((IPEndPoint)listener.LocalEndpoint).Port, tls);
        try
        {
            await docker.System.PingAsync(Cancel);
        }
        catch (HomelabException)
        {
            // Nothing of it may go on with what the test puts away.
            docker.Dispose();
            await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await serving;
        return shown;
    }

    private DockerClient ClientOf(string server, int port, TlsDefinition tls)
    {
        var endpoint = new TcpEndpoint("dev", server, port, tls);
        return new DockerClient(DockerTransport.For(endpoint, _folder, new OneSecret(_client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()), remote: null!), new PatientTime(), _ => { });
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(_folder, name), text);
        return name;
    }

    private static X509Certificate2 Make(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var from = DateTimeOffset.UtcNow.AddDays(-1);
        if (issuer is null) return request.CreateSelfSigned(from, from.AddDays(30));
        using var signed = request.Create(issuer, from, from.AddDays(29), RandomNumberGenerator.GetBytes(8));
        using var pair = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(pair.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }

    private sealed class OneSecret(string value) : ISecretSource
    {
        public ValueTask<Secret> ResolveAsync(SecretReference reference, CancellationToken cancellationToken) => ValueTask.FromResult(new Secret(value));
    }
}
