namespace Homelab.SystemTests.Network;

/// <summary>Our DNS client against BIND and Unbound: types of every kind, signatures, and two servers that should agree.</summary>
public sealed class NameServerTests
{
    private const string Zone = "home.arpa";

    private static readonly string s_zone =
        $"""
        $TTL 300
        @ IN SOA ns.home.arpa. admin.home.arpa. 1 3600 600 86400 60
        @ IN NS ns.home.arpa.
        ns IN A 127.0.0.1
        gitea IN A 10.0.0.5
        gitea IN A 10.0.0.6
        git IN CNAME gitea
        web IN HTTPS 1 . alpn=h2,h3 port=8443 ipv4hint=10.0.0.5
        _dns IN SVCB 1 ns.home.arpa. alpn=dot
        sip IN NAPTR 100 10 "u" "E2U+sip" "!^.*$!sip:info@home.arpa!" .
        _443._tcp.web IN TLSA 3 1 1 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF
        dev IN SSHFP 4 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF
        odd IN TYPE65280 \# 4 0A000001
        nomail IN MX 0 .
        sub IN DS 60485 13 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF
        sub IN NS ns.home.arpa.
        long IN TXT {string.Join(' ', Enumerable.Repeat('"' + new string('x', 250) + '"', 8))}

        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_of_every_kind_are_read_as_a_zone_file_writes_them()
    {
        await using var named = await NameServer.StartNamedAsync(Zone, s_zone, Cancellation);
        (string Name, string Type, string Answer)[] expected =
        [
            ("web", "HTTPS", "1 . alpn=h2,h3 port=8443 ipv4hint=10.0.0.5"),
            ("web", "TYPE65", "1 . alpn=h2,h3 port=8443 ipv4hint=10.0.0.5"),
            ("_dns", "SVCB", "1 ns.home.arpa alpn=dot"),
            ("sip", "NAPTR", "100 10 \"u\" \"E2U+sip\" \"!^.*$!sip:info@home.arpa!\" ."),
            ("_443._tcp.web", "TLSA", "3 1 1 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"),
            ("dev", "SSHFP", "4 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"),
            ("odd", "TYPE65280", @"\# 4 0A000001"),
            ("nomail", "MX", "0 ."),
            ("sub", "DS", "60485 13 2 00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF"),
        ];
        foreach (var (name, type, answer) in expected)
        {
            var reading = Assert.Single(await AskAsync(new { name = $"{name}.{Zone}", type, server = named.Server }));
            Assert.Equal((ProbeStatus.Up, answer), (reading.Status, Assert.Single(reading.Answers)));
            Assert.Equal((true, false, TimeSpan.FromMinutes(5)), (reading.Authoritative, reading.RecursionAvailable, reading.TimeToLive));
        }
    }

    [Fact]
    public async Task Aliases_and_all_names_at_once_are_told_with_their_flags()
    {
        await using var named = await NameServer.StartNamedAsync(Zone, s_zone, Cancellation);
        var readings = await AskAsync(new { name = new[] { "git.home.arpa", "gitea.home.arpa", "no.home.arpa", "example.org" }, server = named.Server });
        Assert.Equal(["10.0.0.5", "10.0.0.6"], readings.Single(static r => r.Name == "git.home.arpa").Answers.Order(StringComparer.Ordinal));
        Assert.Equal(["CNAME", "A", "A"], readings.Single(static r => r.Name == "git.home.arpa").Records.Select(static r => r.Type));
        Assert.Equal("NXDOMAIN", readings.Single(static r => r.Name == "no.home.arpa").Rcode);
        var refused = readings.Single(static r => r.Name == "example.org");
        Assert.Equal((ProbeStatus.Down, "REFUSED"), (refused.Status, refused.Rcode));
    }

    [Fact]
    public async Task A_long_answer_is_cut_and_comes_over_TCP_and_over_TCP_alone_at_once()
    {
        await using var named = await NameServer.StartNamedAsync(Zone, s_zone, Cancellation);
        var cut = Assert.Single(await AskAsync(new { name = "long.home.arpa", type = "TXT", server = named.Server }));
        Assert.Equal((ProbeStatus.Up, "tcp", true, 2000), (cut.Status, cut.Via, cut.Truncated, Assert.Single(cut.Answers).Length));
        var tcp = Assert.Single(await AskAsync(new { name = "gitea.home.arpa", server = named.Server, tcp = true }));
        Assert.Equal((ProbeStatus.Up, "tcp", false), (tcp.Status, tcp.Via, tcp.Truncated));
    }

    [Fact]
    public async Task A_signed_zone_is_authentic_only_to_who_has_checked_it()
    {
        var signed = await SignedZone.CreateAsync(Zone, s_zone, Cancellation);
        await using var named = await NameServer.StartNamedAsync(Zone, signed.Text, Cancellation);
        await using var unbound = await NameServer.StartUnboundAsync(Zone, named.Server, signed.Anchor, Cancellation);
        var own = Assert.Single(await AskAsync(new { name = "gitea.home.arpa", server = named.Server, dnssec = true }));
        Assert.Equal((ProbeStatus.Up, false, true), (own.Status, own.Authentic, own.Authoritative));
        Assert.Contains(own.Records, static r => r.Type == "RRSIG" && r.Data.StartsWith("A 13 3 300 ", StringComparison.Ordinal));
        Assert.EndsWith("(not authenticated)", own.Detail, StringComparison.Ordinal);

        var validated = Assert.Single(await AskAsync(new { name = "gitea.home.arpa", server = unbound.Server, dnssec = true }));
        Assert.Equal((ProbeStatus.Up, true, false, true), (validated.Status, validated.Authentic, validated.Authoritative, validated.RecursionAvailable));
        Assert.EndsWith("(authenticated)", validated.Detail, StringComparison.Ordinal);
        var key = Assert.Single(await AskAsync(new { name = "home.arpa", type = "DNSKEY", server = unbound.Server, dnssec = true }));
        Assert.StartsWith("257 3 13 ", Assert.Single(key.Answers), StringComparison.Ordinal);
        // Without being asked for signatures nobody sends any.
        Assert.DoesNotContain(Assert.Single(await AskAsync(new { name = "gitea.home.arpa", server = unbound.Server })).Records, static r => r.Type == "RRSIG");
    }

    [Fact]
    public async Task A_zone_that_was_tampered_with_is_told_as_bogus_in_the_servers_words()
    {
        var signed = await SignedZone.CreateAsync(Zone, s_zone, Cancellation);
        // Somebody changes an address and cannot sign it anew.
        await using var liar = await NameServer.StartNamedAsync(Zone, signed.Text.Replace("10.0.0.5", "10.6.6.6", StringComparison.Ordinal), Cancellation);
        await using var unbound = await NameServer.StartUnboundAsync(Zone, liar.Server, signed.Anchor, Cancellation);
        var reading = Assert.Single(await AskAsync(new { name = "gitea.home.arpa", server = unbound.Server, dnssec = true }));
        Assert.Equal((ProbeStatus.Down, "SERVFAIL"), (reading.Status, reading.Rcode));
        Assert.StartsWith("6 DNSSEC Bogus", reading.ServerError, StringComparison.Ordinal);
        Assert.Contains("DNSSEC Bogus", reading.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_servers_are_compared()
    {
        var signed = await SignedZone.CreateAsync(Zone, s_zone, Cancellation);
        await using var named = await NameServer.StartNamedAsync(Zone, signed.Text, Cancellation);
        await using var unbound = await NameServer.StartUnboundAsync(Zone, named.Server, signed.Anchor, Cancellation);
        await using var dnsmasq = await Dnsmasq.StartAsync(Cancellation, "--host-record=gitea.home.arpa,10.0.0.9");
        var same = await AskAsync(new { name = "gitea.home.arpa", server = named.Server, against = unbound.Server });
        Assert.All(same, static r => Assert.True(r.Agrees));
        var other = await AskAsync(new { name = "gitea.home.arpa", server = named.Server, against = dnsmasq.Server });
        Assert.Equal(2, other.Count);
        Assert.All(other, static r => Assert.False(r.Agrees));
        Assert.Contains($"differs from {dnsmasq.Server}, which says 10.0.0.9", other.Single(r => r.Server == named.Server).Detail, StringComparison.Ordinal);
    }

    private static Task<IReadOnlyList<DnsReading>> AskAsync(object input) => NetworkBench.AskDnsAsync(input);
}
