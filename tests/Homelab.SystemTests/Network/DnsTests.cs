namespace Homelab.SystemTests.Network;

/// <summary>Our DNS client against a real server.</summary>
public sealed class DnsTests
{
    private static readonly string s_longText = new('x', 250);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gitea.home.arpa", "A", "10.0.0.5")]
    [InlineData("gitea.home.arpa", "AAAA", "fd00::5")]
    [InlineData("git.home.arpa", "A", "10.0.0.5")]
    [InlineData("git.home.arpa", "CNAME", "gitea.home.arpa")]
    [InlineData("home.arpa", "MX", "10 mail.home.arpa")]
    [InlineData("note.home.arpa", "TXT", "v=spf1 -all")]
    [InlineData("_ssh._tcp.home.arpa", "SRV", "0 5 22 gitea.home.arpa")]
    [InlineData("10.0.0.5", "PTR", "gitea.home.arpa")]
    [InlineData("fd00::5", "PTR", "gitea.home.arpa")]
    [InlineData("home.arpa", "CAA", "0 issue \"letsencrypt.org\"")]
    [InlineData("bücher.home.arpa", "A", "10.0.0.6")]
    public async Task A_record_of_each_type_is_read(string name, string type, string answer)
    {
        await using var dnsmasq = await StartAsync();
        var reading = await AskAsync(new { name, type, server = dnsmasq.Server });
        Assert.Equal((ProbeStatus.Up, "NOERROR", "udp", answer), (reading.Status, reading.Rcode, reading.Via, Assert.Single(reading.Answers)));
    }

    [Fact]
    public async Task An_answer_that_does_not_fit_a_datagram_comes_over_TCP()
    {
        await using var dnsmasq = await StartAsync();
        var reading = await AskAsync(new { name = "long.home.arpa", type = "TXT", server = dnsmasq.Server });
        Assert.Equal((ProbeStatus.Up, "tcp", 8), (reading.Status, reading.Via, reading.Answers.Count));
        Assert.All(reading.Answers, static a => Assert.Equal(s_longText, a));
    }

    [Theory]
    [InlineData("nothing.home.arpa", "A", "NXDOMAIN", "NXDOMAIN")]
    [InlineData("gitea.home.arpa", "MX", "NOERROR", "no MX record")]
    [InlineData("example.org", "A", "REFUSED", "REFUSED")]
    public async Task What_is_not_there_is_down_with_the_servers_word(string name, string type, string rcode, string detail)
    {
        await using var dnsmasq = await StartAsync();
        var reading = await AskAsync(new { name, type, server = dnsmasq.Server });
        Assert.Equal((ProbeStatus.Down, rcode), (reading.Status, reading.Rcode));
        // Newer ones add why.
        Assert.StartsWith(detail, reading.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unexpected_answer_is_down()
    {
        await using var dnsmasq = await StartAsync();
        var reading = await AskAsync(new { name = "gitea.home.arpa", server = dnsmasq.Server, expect = "10.0.0.9" });
        Assert.Equal((ProbeStatus.Down, "10.0.0.5; expected 10.0.0.9"), (reading.Status, reading.Detail));
    }

    [Fact]
    public async Task A_server_that_was_ended_is_refused()
    {
        string server;
        await using (var dnsmasq = await StartAsync())
        {
            server = dnsmasq.Server;
            Assert.Equal(ProbeStatus.Up, (await AskAsync(new { name = "gitea.home.arpa", server })).Status);
        }

        var reading = await AskAsync(new { name = "gitea.home.arpa", server });
        Assert.Equal((ProbeStatus.Down, "connection refused"), (reading.Status, reading.Detail));
    }

    private static Task<Dnsmasq> StartAsync() => Dnsmasq.StartAsync(
        Cancellation,
        [
            "--host-record=gitea.home.arpa,10.0.0.5,fd00::5",
            "--host-record=xn--bcher-kva.home.arpa,10.0.0.6",
            "--cname=git.home.arpa,gitea.home.arpa",
            "--mx-host=home.arpa,mail.home.arpa,10",
            "--txt-record=note.home.arpa,v=spf1 -all",
            "--srv-host=_ssh._tcp.home.arpa,gitea.home.arpa,22,0,5",
            "--caa-record=home.arpa,0,issue,letsencrypt.org",
            .. Enumerable.Repeat($"--txt-record=long.home.arpa,{s_longText}", 8),
        ]);

    private static async Task<DnsReading> AskAsync(object input) => Assert.Single(await NetworkBench.AskDnsAsync(input));
}
