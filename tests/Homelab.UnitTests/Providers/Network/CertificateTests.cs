using System.Security.Cryptography;
using Homelab.Lab.Services;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

public sealed class CertificateTests
{
    [Theory]
    [InlineData(-10, 30.5, ProbeStatus.Up, "valid for 30 more days")]
    [InlineData(-10, 1.5, ProbeStatus.Up, "valid for 1 more day")]
    [InlineData(-10, 0.5, ProbeStatus.Up, "valid for less than a day")]
    [InlineData(-10, -0.5, ProbeStatus.Down, "certificate expired less than a day ago")]
    [InlineData(-10, -3.5, ProbeStatus.Down, "certificate expired 3 days ago")]
    public async Task The_days_that_are_left_decide_even_for_a_pinned_certificate(int from, double until, ProbeStatus verdict, string detail)
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(from), DateTimeOffset.UtcNow.AddDays(until));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var trust = new TlsDefinition { Sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256) };
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Tls = $"localhost:{service.Endpoint.Port}", Trust = trust });
        Assert.Equal(("tls", verdict, detail), (result.Kind, result.Status, result.Detail));
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_down_though_its_authority_is_trusted()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30), "other.home.arpa");
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var folder = Directory.CreateTempSubdirectory("homelab-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ca.pem"), authority.ExportCertificatePem(), NetworkLab.Token);
            var result = await NetworkLab.CheckAsync(new CheckDefinition { Tls = $"localhost:{service.Endpoint.Port}", Trust = new TlsDefinition { Ca = "ca.pem" } }, folder.FullName);
            Assert.Equal((ProbeStatus.Down, "the certificate is not valid for this name"), (result.Status, result.Detail));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Another_authority_of_the_same_name_is_not_trusted()
    {
        using var authority = TestCertificates.Authority();
        using var impostor = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(impostor, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var folder = Directory.CreateTempSubdirectory("homelab-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ca.pem"), authority.ExportCertificatePem(), NetworkLab.Token);
            var check = new CheckDefinition { Tls = $"localhost:{service.Endpoint.Port}", Trust = new TlsDefinition { Ca = "ca.pem" } };
            Assert.Equal(ProbeStatus.Down, (await NetworkLab.CheckAsync(check, folder.FullName)).Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_certificate_is_read_whole_though_nobody_vouches_for_it()
    {
        using var authority = TestCertificates.Authority();
        var notAfter = DateTimeOffset.UtcNow.AddDays(30.5);
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), notAfter);
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var reading = Assert.Single(await new NetworkLab().AskAsync<CertificateReading>("network_check_certificate", new { address = service.Endpoint.ToString(), serverName = "localhost" }));
        Assert.Equal(("CN=localhost", "CN=Lab CA", 30, false), (reading.Subject, reading.Issuer, reading.DaysLeft, reading.Trusted));
        Assert.Equal(["localhost", "127.0.0.1"], reading.Names);
        Assert.Equal(certificate.GetCertHashString(HashAlgorithmName.SHA256), reading.Sha256, ignoreCase: true);
        Assert.Equal("localhost", reading.ServerName);
        Assert.True((notAfter - reading.NotAfter).Duration() < TimeSpan.FromSeconds(1));
        Assert.NotEmpty(reading.Reason);
    }

    [Theory]
    [InlineData(ServiceFault.Refuse, ErrorKind.Unavailable, "connection refused")]
    [InlineData(ServiceFault.None, ErrorKind.Timeout, "showed no certificate within 1s")]
    public async Task Where_no_certificate_is_shown_there_is_nothing_to_read(ServiceFault fault, ErrorKind kind, string says)
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        service.Fault = fault;
        var time = new ManualTime();
        var reading = new NetworkLab { Time = time }.AskAsync<CertificateReading>("network_check_certificate", new { address = service.Endpoint.ToString(), timeout = "1s" });
        if (fault is ServiceFault.None)
        {
            // It waits for the end of what it takes for a question.
            await Eventually.HoldsAsync("it is asked", () => Task.FromResult(service.Connections == 1), NetworkLab.Token);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var e = await Assert.ThrowsAsync<HomelabException>(() => reading);
        Assert.Equal((kind, "CertificateNotRead"), (e.Kind, e.Id));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_tells_its_key_and_what_was_spoken()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var reading = Assert.Single(await new NetworkLab().AskAsync<CertificateReading>("network_check_certificate", new { address = service.Endpoint.ToString() }));
        Assert.Equal(("ECDSA 256", "sha256ECDSA"), (reading.Key, reading.Signature));
        Assert.StartsWith("TLS 1.", reading.Protocol, StringComparison.Ordinal);
        Assert.StartsWith("TLS_", reading.Cipher, StringComparison.Ordinal);
        Assert.Equal(ProbeStatus.Down, reading.Status);
    }

    [Theory]
    [InlineData(null, ProbeStatus.Up, "valid for 20 more days")]
    [InlineData(20, ProbeStatus.Up, "valid for 20 more days")]
    [InlineData(21, ProbeStatus.Down, "valid for 20 more days, fewer than 21")]
    public async Task Without_an_address_every_server_of_the_labs_checks_is_read_once_and_too_few_days_are_down(int? minDays, ProbeStatus verdict, string reason)
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20.5));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var trust = new TlsDefinition { Sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256) };
        var lab = new NetworkLab(
            ("web", new CheckDefinition { Http = service.Url, Trust = trust }),
            ("api", new CheckDefinition { Tls = $"{service.Url.Host}:{service.Endpoint.Port}", Trust = trust }),
            ("plain", new CheckDefinition { Http = new Uri("http://127.0.0.1:1") }));
        var reading = Assert.Single(await lab.AskAsync<CertificateReading>("network_check_certificate", new { minDays }));
        Assert.Equal((verdict, reason, true), (reading.Status, reading.Reason, reading.Trusted));
        Assert.Equal(["web", "api"], reading.Services);
        Assert.Equal(verdict is ProbeStatus.Up, ((IVerdict)reading).IsGood);
    }

    [Fact]
    public async Task A_server_that_is_silent_does_not_take_the_others_certificates_away()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        await using var one = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        await using var other = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        (one.Fault, other.Fault) = (ServiceFault.Refuse, ServiceFault.Refuse);
        string[] address = [one.Endpoint.ToString(), service.Endpoint.ToString(), other.Endpoint.ToString()];
        var readings = new List<CertificateReading>();
        var e = await Assert.ThrowsAsync<HomelabException>(() => new NetworkLab().CollectAsync("network_check_certificate", new { address, timeout = "20s" }, readings));
        Assert.Equal((ErrorKind.Unavailable, "CertificatesNotRead"), (e.Kind, e.Id));
        Assert.Contains("2 of 3 servers", e.Message, StringComparison.Ordinal);
        Assert.Contains(address[0], e.Message, StringComparison.Ordinal);
        Assert.Contains(address[2], e.Message, StringComparison.Ordinal);
        Assert.Equal(address[1], Assert.Single(readings).Address);
    }
}
