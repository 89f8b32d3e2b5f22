using System.Security.Cryptography;
using Homelab.Lab.Dns;
using Homelab.Lab.Services;
using Homelab.Providers.Network;

namespace Homelab.UnitTests.Providers.Network;

/// <summary>What a check of the whole lab makes of its network.</summary>
public sealed class NetworkChecksTests
{
    [Fact]
    public async Task Hosts_names_and_certificates_are_rows_of_their_own()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(60));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        await using var dns = await SimulatedDns.StartAsync();
        dns.Set("gitea.home.arpa", "A", "10.0.0.5");
        var lab = new NetworkLab(("web", new CheckDefinition { Http = service.Url, Trust = new TlsDefinition { Sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256) } }))
        {
            Hosts = new Dictionary<string, HostDefinition>(StringComparer.Ordinal) { ["here"] = new() { Address = "127.0.0.1" }, ["gone"] = new() { Address = "nothing.invalid" }, ["paper"] = new() },
            Settings = new NetworkSettings { Dns = new DnsSettings { Server = dns.Endpoint.ToString(), Internal = ["gitea.home.arpa"], External = ["nothing.example"] } },
        };
        var checks = (await lab.CheckLabAsync()).ToDictionary(static c => $"{c.Group} {c.Name}", StringComparer.Ordinal);
        Assert.Equal(
            [
                ($"certificate {service.Url.Host}:{service.Url.Port}", CheckStatus.Ok), ("dns gitea.home.arpa", CheckStatus.Ok), ("dns nothing.example", CheckStatus.Failed),
                ("host gone", CheckStatus.Failed), ("host here", CheckStatus.Ok),
            ],
            checks.Select(static c => (c.Key, c.Value.Status)).OrderBy(static c => c.Key, StringComparer.Ordinal));
        Assert.Contains("hosts.gone.address", checks["host gone"].Fix, StringComparison.Ordinal);
        Assert.Contains("NXDOMAIN", checks["dns nothing.example"].Detail, StringComparison.Ordinal);
        Assert.All(checks.Values, static c => Assert.Equal(c.Status is CheckStatus.Ok, c.Fix.Length == 0));
    }

    [Theory]
    [InlineData(60, true, CheckStatus.Ok)]
    [InlineData(10, true, CheckStatus.Warning)]
    [InlineData(-1, true, CheckStatus.Failed)]
    [InlineData(60, false, CheckStatus.Failed)]
    public async Task A_certificate_is_well_a_warning_or_not_well(int days, bool trusted, CheckStatus status)
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-100), DateTimeOffset.UtcNow.AddDays(days + 0.5));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var trust = trusted ? new TlsDefinition { Sha256 = certificate.GetCertHashString(HashAlgorithmName.SHA256) } : null;
        var check = Assert.Single(await new NetworkLab(("web", new CheckDefinition { Tls = service.Endpoint.ToString(), Trust = trust })).CheckLabAsync());
        Assert.Equal(("certificate", status), (check.Group, check.Status));
        Assert.StartsWith("web: ", check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_a_certificate_and_a_name_server_that_is_none_are_not_well()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        service.Fault = ServiceFault.Refuse;
        var lab = new NetworkLab(("web", new CheckDefinition { Tls = service.Endpoint.ToString() })) { Settings = new NetworkSettings { Dns = new DnsSettings { Server = "no server", Internal = ["a"] } } };
        var checks = await lab.CheckLabAsync();
        Assert.Equal([("certificate", CheckStatus.Failed), ("dns", CheckStatus.Failed)], checks.Select(static c => (c.Group, c.Status)).Order());
        Assert.Contains("'no server' is no address", checks.Single(static c => c.Group == "dns").Detail, StringComparison.Ordinal);
    }
}
