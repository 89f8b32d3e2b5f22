namespace Homelab.SystemTests.Network;

/// <summary>Certificates that OpenSSL made and its server shows: keys of each kind, a chain of three, and what was spoken.</summary>
public sealed class CertificateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ed25519", "Ed25519")]
    [InlineData("rsa:3072", "RSA 3072")]
    [InlineData("ec", "ECDSA 384")]
    public async Task A_chain_of_three_is_told_link_by_link_with_its_keys(string kind, string key)
    {
        await using var server = await TlsServer.StartAsync(kind, Cancellation);
        var lab = Lab(server, new TlsDefinition { Ca = server.Root });
        var reading = Assert.Single(await NetworkBench.AskAsync<CertificateReading>("network_check_certificate", new { timeout = "1m" }, lab));
        Assert.Equal((ProbeStatus.Up, true, "CN=web", "CN=Between", 9, key), (reading.Status, reading.Trusted, reading.Subject, reading.Issuer, reading.DaysLeft, reading.Key));
        Assert.Equal(["web.home.arpa", "127.0.0.1"], reading.Names);
        Assert.Equal(("TLS 1.3", true), (reading.Protocol, reading.Cipher.StartsWith("TLS_", StringComparison.Ordinal)));
        // The root is the verifier's own: the server does not send it.
        var between = reading.Chain[0];
        Assert.Equal(("CN=Between", "CN=Root", "ECDSA 384", "sha256RSA"), (between.Subject, between.Issuer, between.Key, between.Signature));
    }

    [Theory]
    [InlineData("-tls1_2", "TLS 1.2")]
    [InlineData("-tls1_3", "TLS 1.3")]
    public async Task What_was_spoken_is_told(string option, string protocol)
    {
        await using var server = await TlsServer.StartAsync("ec", Cancellation, option);
        Assert.Equal(protocol, (await ReadAsync(server.Address, null)).Protocol);
    }

    [Fact]
    public async Task A_server_whose_authority_nobody_knows_is_read_and_not_trusted()
    {
        await using var server = await TlsServer.StartAsync("ec", Cancellation);
        var reading = await ReadAsync(server.Address, "web.home.arpa");
        Assert.Equal((ProbeStatus.Down, false), (reading.Status, reading.Trusted));
        Assert.Equal("CN=Between", reading.Chain[0].Subject);
        Assert.Equal("the certificate is not valid for this name", (await ReadAsync(server.Address, "other.home.arpa")).Reason);
    }

    [Fact]
    public async Task Too_few_days_are_down_though_the_certificate_is_good()
    {
        await using var server = await TlsServer.StartAsync("ed25519", Cancellation);
        var lab = Lab(server, new TlsDefinition { Ca = server.Root });
        var reading = Assert.Single(await NetworkBench.AskAsync<CertificateReading>("network_check_certificate", new { minDays = 30, timeout = "1m" }, lab));
        Assert.Equal((ProbeStatus.Down, true, "valid for 9 more days, fewer than 30"), (reading.Status, reading.Trusted, reading.Reason));
    }

    [Fact]
    public async Task A_server_that_wants_a_certificate_of_ours_has_shown_its_own()
    {
        await using var server = await TlsServer.StartAsync("ec", Cancellation, "-Verify", "1");
        Assert.Equal("CN=web", (await ReadAsync(server.Address, null)).Subject);
    }

    private static async Task<CertificateReading> ReadAsync(string address, string? serverName) =>
        Assert.Single(await NetworkBench.AskAsync<CertificateReading>("network_check_certificate", serverName is null ? new { address, timeout = "1m" } : (object)new { address, serverName, timeout = "1m" }));

    private static LabDefinition Lab(TlsServer server, TlsDefinition trust) => new()
    {
        Services = new Dictionary<string, ServiceDefinition>(StringComparer.Ordinal) { ["web"] = new() { Check = new CheckDefinition { Tls = server.Address, Trust = trust } } },
    };
}
