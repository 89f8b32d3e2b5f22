using System.Security.Cryptography;
using Homelab.Lab.Services;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

public sealed class HttpCheckTests
{
    [Fact]
    public async Task A_service_that_answers_is_up()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "hello"));
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url });
        Assert.Equal(("web", "http", service.Url.OriginalString, ProbeStatus.Up, "HTTP 200"), (result.Name, result.Kind, result.Address, result.Status, result.Detail));
        Assert.True(result.Latency > TimeSpan.Zero);
    }

    [Theory]
    [InlineData(503, "200-399", ProbeStatus.Down, "HTTP 503")]
    [InlineData(401, "200-299,401", ProbeStatus.Up, "HTTP 401")]
    [InlineData(404, "200-299,401", ProbeStatus.Down, "HTTP 404")]
    [InlineData(204, "204", ProbeStatus.Up, "HTTP 204")]
    [InlineData(200, "2oo", ProbeStatus.Unknown, "expect: '2oo' is no status code. Give codes such as 401 or 200-299.")]
    [InlineData(200, "299-200", ProbeStatus.Unknown, "expect: '299-200' is no status code. Give codes such as 401 or 200-299.")]
    public async Task Only_an_expected_status_is_up(int status, string expect, ProbeStatus verdict, string detail)
    {
        await using var service = await SimulatedService.StartAsync(_ => new ServiceAnswer(status));
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Expect = expect.Split(',') });
        Assert.Equal((verdict, detail), (result.Status, result.Detail));
    }

    [Theory]
    [InlineData(ServiceFault.Refuse, ProbeStatus.Down, "connection refused")]
    [InlineData(ServiceFault.Hang, ProbeStatus.Down, "no answer within 300ms")]
    [InlineData(ServiceFault.Slow, ProbeStatus.Down, "no answer within 300ms")]
    [InlineData(ServiceFault.Garbage, ProbeStatus.Unknown, "the answer is no HTTP")]
    [InlineData(ServiceFault.CutOff, ProbeStatus.Down, "the connection ended before the answer did")]
    [InlineData(ServiceFault.WrongAnswer, ProbeStatus.Down, "HTTP 200, without the expected text")]
    public async Task A_faulty_service_is_not_up_and_the_reason_is_told(ServiceFault fault, ProbeStatus verdict, string detail)
    {
        var time = new ManualTime();
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "the real thing"), time: time);
        service.Fault = fault;
        var timeout = TimeSpan.FromMilliseconds(300);
        var looking = NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Contains = "the real thing", Timeout = timeout }, time: time);
        if (fault is ServiceFault.Hang or ServiceFault.Slow)
        {
            await Eventually.HoldsAsync("it is asked", () => Task.FromResult(service.Connections == 1), NetworkLab.Token);
            time.Advance(timeout);
        }

        var result = await looking;
        Assert.Equal((verdict, detail), (result.Status, result.Detail));
    }

    [Fact]
    public async Task A_service_that_dies_between_two_looks_is_seen_dead_at_once_and_alive_when_it_is_back()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200));
        var check = new CheckDefinition { Http = service.Url };
        Assert.Equal(ProbeStatus.Up, (await NetworkLab.CheckAsync(check)).Status);
        service.Fault = ServiceFault.Refuse;
        Assert.Equal("connection refused", (await NetworkLab.CheckAsync(check)).Detail);
        service.Fault = ServiceFault.None;
        Assert.Equal(ProbeStatus.Up, (await NetworkLab.CheckAsync(check)).Status);
        Assert.Equal(2, service.Connections);
    }

    [Fact]
    public async Task A_service_that_hangs_up_is_down()
    {
        await using var service = await SimulatedService.StartAsync(static _ => null);
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url });
        Assert.Equal((ProbeStatus.Down, "connection reset"), (result.Status, result.Detail));
    }

    [Fact]
    public async Task A_text_beyond_the_first_MiB_is_not_found()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, new string('x', 1024 * 1024) + "needle"));
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Contains = "needle" });
        Assert.Equal((ProbeStatus.Down, "HTTP 200, without the expected text in the first MiB"), (result.Status, result.Detail));
    }

    [Fact]
    public async Task An_expected_redirect_is_an_answer_and_another_is_followed()
    {
        await using var service = await SimulatedService.StartAsync(static path => path == "/" ? new ServiceAnswer(302) { Location = "/login" } : new ServiceAnswer(200, "log in"));
        Assert.Equal("HTTP 302", (await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url })).Detail);
        Assert.Equal("HTTP 200", (await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Expect = ["200"] })).Detail);
        Assert.Equal("HTTP 200, with the expected text", (await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Contains = "log in" })).Detail);
    }

    [Theory]
    [InlineData("/", "more than 5 redirects")]
    [InlineData("ftp://127.0.0.1/", "HTTP 302 to an address that is neither http nor https")]
    [InlineData(null, "HTTP 302 without a place to go")]
    public async Task A_redirect_that_leads_nowhere_is_down(string? location, string detail)
    {
        await using var service = await SimulatedService.StartAsync(_ => new ServiceAnswer(302) { Location = location });
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Expect = ["200"] });
        Assert.Equal((ProbeStatus.Down, detail), (result.Status, result.Detail));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_was_never_asked()
    {
        var result = await NetworkLab.CheckAsync(new CheckDefinition { Http = new Uri("http://nowhere.invalid/") });
        Assert.Equal((ProbeStatus.Unknown, "the host's name cannot be resolved"), (result.Status, result.Detail));
    }

    [Fact]
    public async Task An_unknown_authority_is_refused_a_pinned_certificate_and_a_named_authority_are_not()
    {
        using var authority = TestCertificates.Authority();
        using var certificate = TestCertificates.Server(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200), certificate);
        var folder = Directory.CreateTempSubdirectory("homelab-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "ca.pem"), authority.ExportCertificatePem(), NetworkLab.Token);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "empty.pem"), "hello", NetworkLab.Token);

            async Task<ProbeResult> With(TlsDefinition? trust) => await NetworkLab.CheckAsync(new CheckDefinition { Http = service.Url, Trust = trust }, folder.FullName);

            var unknown = await With(null);
            Assert.Equal(ProbeStatus.Down, unknown.Status);
            Assert.Contains("certificate", unknown.Detail, StringComparison.Ordinal);
            Assert.Equal("HTTP 200", (await With(new TlsDefinition { Ca = "ca.pem" })).Detail);
            var pin = certificate.GetCertHashString(HashAlgorithmName.SHA256);
            Assert.Equal("HTTP 200", (await With(new TlsDefinition { Sha256 = pin })).Detail);
            Assert.Equal("HTTP 200", (await With(new TlsDefinition { Sha256 = string.Join(':', pin.Chunk(2).Select(static c => new string(c))) })).Detail);
            var other = await With(new TlsDefinition { Sha256 = new string('0', 64) });
            Assert.Equal((ProbeStatus.Down, true), (other.Status, other.Detail.StartsWith("not the pinned certificate", StringComparison.Ordinal)));
            Assert.Equal(ProbeStatus.Unknown, (await With(new TlsDefinition { Sha256 = "abc" })).Status);
            Assert.Equal(ProbeStatus.Unknown, (await With(new TlsDefinition { Ca = "missing.pem" })).Status);
            Assert.Equal(ProbeStatus.Unknown, (await With(new TlsDefinition { Ca = "empty.pem" })).Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
