using Homelab.Lab.Dns;
using Homelab.Lab.Services;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

public sealed class CheckServicesTests
{
    [Fact]
    public async Task Every_check_of_a_service_is_made_and_carries_its_name()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        await using var dns = await SimulatedDns.StartAsync();
        dns.Set("gitea.home.arpa", "A", "127.0.0.1");
        var check = new CheckDefinition
        {
            Http = service.Url,
            Tcp = service.Endpoint.ToString(),
            Dns = new DnsCheckDefinition { Server = dns.Endpoint.ToString(), Name = "gitea.home.arpa", Answer = "127.0.0.1" },
            Tls = service.Endpoint.ToString(),
        };
        var time = new ManualTime();
        var asking = new NetworkLab(("gitea", check)) { Time = time }.AskAsync<ProbeResult>("network_check_services", new { service = "gitea" });
        // The last one waits for a certificate of a server that has none.
        await Eventually.HoldsAsync("all are asked, and all but one have answered", () => Task.FromResult(service.Connections == 3 && dns.Questions == 1 && time.Waiting == 1), NetworkLab.Token);
        time.Advance(check.Timeout);
        var results = await asking;
        Assert.Equal(
            [("dns", ProbeStatus.Up), ("http", ProbeStatus.Up), ("tcp", ProbeStatus.Up), ("tls", ProbeStatus.Down)],
            results.OrderBy(static r => r.Kind, StringComparer.Ordinal).Select(static r => (r.Kind, r.Status)));
        Assert.All(results, static r => Assert.Equal("gitea", r.Name));
    }

    [Fact]
    public async Task Without_a_name_every_service_with_a_check_is_checked()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        var lab = new NetworkLab(("a", new CheckDefinition { Http = service.Url }), ("b", null), ("c", new CheckDefinition()), ("d", new CheckDefinition { Tcp = "127.0.0.1:nonsense" }));
        var results = await lab.AskAsync<ProbeResult>("network_check_services", new { });
        Assert.Equal([("a", ProbeStatus.Up), ("d", ProbeStatus.Unknown)], results.OrderBy(static r => r.Name, StringComparer.Ordinal).Select(static r => (r.Name, r.Status)));
    }

    [Fact]
    public async Task A_wildcard_that_means_only_services_without_check_yields_nothing() =>
        Assert.Empty(await new NetworkLab(("abc", null)).AskAsync<ProbeResult>("network_check_services", new { service = "a*" }));

    [Fact]
    public async Task A_service_without_check_that_is_named_is_an_error_with_a_way_out()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(static () => new NetworkLab(("gitea", null)).AskAsync<ProbeResult>("network_check_services", new { service = "gitea" }));
        Assert.Equal((ErrorKind.NotFound, "CheckNotDefined"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_service_that_does_not_exist_is_an_error_with_the_nearest_name()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(static () => new NetworkLab(("gitea", null)).AskAsync<ProbeResult>("network_check_services", new { service = "gite" }));
        Assert.Equal((ErrorKind.NotFound, "ServiceNotFound"), (e.Kind, e.Id));
        Assert.Contains("Did you mean 'gitea'?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fifty_hanging_services_take_as_long_as_one()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        service.Fault = ServiceFault.Hang;
        var checks = Enumerable.Range(0, 50).Select(n => ($"s{n}", (CheckDefinition?)new CheckDefinition { Http = service.Url, Timeout = TimeSpan.FromSeconds(2) })).ToArray();
        var time = new ManualTime();
        var asking = new NetworkLab(checks) { Time = time }.AskAsync<ProbeResult>("network_check_services", new { });
        await Eventually.HoldsAsync("all are asked while none has answered", () => Task.FromResult(service.Connections == 50), NetworkLab.Token);
        time.Advance(TimeSpan.FromSeconds(2));
        var results = await asking;
        Assert.Equal(50, results.Count(static r => r is { Status: ProbeStatus.Down, Detail: "no answer within 2s" }));
    }

    [Fact]
    public async Task A_cancelled_look_ends_at_once()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        service.Fault = ServiceFault.Hang;
        using var cancelling = CancellationTokenSource.CreateLinkedTokenSource(NetworkLab.Token);
        var asking = new NetworkLab(("web", new CheckDefinition { Http = service.Url, Timeout = TimeSpan.FromMinutes(5) })).AskAsync<ProbeResult>("network_check_services", new { }, cancelling.Token);
        await Eventually.HoldsAsync("it is asked", () => Task.FromResult(service.Connections == 1), NetworkLab.Token);
        await cancelling.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task What_was_seen_can_be_read_as_values()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(20.5));
        await using var service = await SimulatedService.StartAsync(static path => new ServiceAnswer(path == "/bad" ? 503 : 200, "all is well"), certificate);
        var trust = new TlsDefinition { Sha256 = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256) };
        var good = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Contains = "well", Trust = trust });
        Assert.Equal((ProbeStatus.Up, 200, 20, true), (good.Status, good.HttpStatus, good.DaysLeft, good.BodyMatch));
        var other = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Contains = "ill", Trust = trust });
        Assert.Equal((ProbeStatus.Down, 200, false), (other.Status, other.HttpStatus, other.BodyMatch));
        var bad = await NetworkLab.CheckAsync(new CheckDefinition { Http = new Uri(service.Url, "/bad"), Contains = "well", Trust = trust });
        Assert.Equal((ProbeStatus.Down, 503, null), (bad.Status, bad.HttpStatus, bad.BodyMatch));
        var untrusted = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url });
        Assert.Equal((ProbeStatus.Down, null, 20), (untrusted.Status, untrusted.HttpStatus, untrusted.DaysLeft));
        var tls = await NetworkLab.CheckAsync(new CheckDefinition { Tls = service.Endpoint.ToString(), Trust = trust });
        Assert.Equal(20, tls.DaysLeft);
        var tcp = await NetworkLab.CheckAsync(new CheckDefinition { Tcp = service.Endpoint.ToString() });
        Assert.Equal(PortState.Open, tcp.Port);
    }
}
