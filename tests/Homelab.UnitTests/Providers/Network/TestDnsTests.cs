using Homelab.Lab.Dns;
using Homelab.Providers.Network;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Network;

public sealed class TestDnsTests
{
    [Theory]
    [InlineData("gitea.home.arpa", "A", "10.0.0.5")]
    [InlineData("GITEA.Home.Arpa.", "a", "10.0.0.5")]
    [InlineData("gitea.home.arpa", "AAAA", "fd00::5")]
    [InlineData("git.home.arpa", "A", "10.0.0.5")]
    [InlineData("git.home.arpa", "CNAME", "gitea.home.arpa")]
    [InlineData("home.arpa", "MX", "10 mail.home.arpa")]
    [InlineData("_ssh._tcp.home.arpa", "SRV", "0 5 22 gitea.home.arpa")]
    [InlineData("home.arpa", "TXT", "v=spf1 -all")]
    [InlineData("10.0.0.5", "PTR", "gitea.home.arpa")]
    [InlineData("fd00::5", "PTR", "gitea.home.arpa")]
    [InlineData("bücher.home.arpa", "A", "10.0.0.6")]
    public async Task A_record_of_each_type_is_read(string name, string type, string answer)
    {
        await using var dns = await StartAsync();
        var reading = await NetworkLab.ResolveAsync(new { name, type, server = dns.Endpoint.ToString() });
        Assert.Equal((ProbeStatus.Up, "NOERROR", "udp", answer), (reading.Status, reading.Rcode, reading.Via, reading.Detail));
        Assert.Equal([answer], reading.Answers);
    }

    [Fact]
    public async Task A_name_in_another_script_is_asked_for_in_its_ASCII_form()
    {
        await using var dns = await StartAsync();
        Assert.Equal("xn--bcher-kva.home.arpa", (await NetworkLab.ResolveAsync(new { name = "bücher.home.arpa", server = dns.Endpoint.ToString() })).Name);
    }

    [Theory]
    [InlineData(DnsFault.Refuse, ProbeStatus.Down, "REFUSED", "REFUSED")]
    [InlineData(DnsFault.ServFail, ProbeStatus.Down, "SERVFAIL", "SERVFAIL")]
    [InlineData(DnsFault.Silence, ProbeStatus.Down, "", "no answer within 300ms")]
    [InlineData(DnsFault.WrongAnswer, ProbeStatus.Down, "NOERROR", "192.0.2.66; expected 10.0.0.5")]
    [InlineData(DnsFault.Garbage, ProbeStatus.Unknown, "", "the answer cannot be read: ")]
    [InlineData(DnsFault.TruncatedWithoutTcp, ProbeStatus.Unknown, "", "the answer does not fit a datagram, and over TCP: the connection ended before the answer did")]
    [InlineData(DnsFault.Truncated, ProbeStatus.Up, "NOERROR", "10.0.0.5")]
    [InlineData(DnsFault.Spoofed, ProbeStatus.Up, "NOERROR", "10.0.0.5")]
    [InlineData(DnsFault.WithoutEdns, ProbeStatus.Up, "NOERROR", "10.0.0.5")]
    [InlineData(DnsFault.Lossy, ProbeStatus.Up, "NOERROR", "10.0.0.5")]
    public async Task A_faulty_server_is_told_from_a_good_one(DnsFault fault, ProbeStatus verdict, string rcode, string detail)
    {
        await using var dns = await StartAsync();
        dns.Fault = fault;
        var input = new { name = "gitea.home.arpa", server = dns.Endpoint.ToString(), expect = "10.0.0.5", timeout = fault == DnsFault.Garbage ? "3s" : "300ms" };
        var reading = fault switch
        {
            DnsFault.Silence => await ResolveAsync(dns, input, tries: 3),
            // The first question is lost.
            DnsFault.Lossy => await ResolveAsync(dns, input, tries: 1),
            // One of three pieces of rubbish must be seen in its time, which only a real clock tells.
            DnsFault.Garbage => Assert.Single(await new NetworkLab { Time = TimeProvider.System }.AskAsync<DnsReading>("dns_test", input)),
            _ => await ResolveAsync(dns, input, tries: 0),
        };
        Assert.Equal((verdict, rcode), (reading.Status, reading.Rcode));
        Assert.StartsWith(detail, reading.Detail, StringComparison.Ordinal);
        Assert.Equal(fault == DnsFault.Truncated ? "tcp" : rcode.Length > 0 ? "udp" : "", reading.Via);
    }

    [Fact]
    public async Task A_silent_server_is_asked_three_times()
    {
        await using var dns = await StartAsync();
        dns.Fault = DnsFault.Silence;
        await ResolveAsync(dns, new { name = "gitea.home.arpa", server = dns.Endpoint.ToString(), timeout = "300ms" }, tries: 3);
        Assert.Equal(3, dns.Questions);
    }

    [Fact]
    public async Task A_name_that_does_not_exist_is_down()
    {
        await using var dns = await StartAsync();
        var reading = await NetworkLab.ResolveAsync(new { name = "nothing.home.arpa", server = dns.Endpoint.ToString() });
        Assert.Equal((ProbeStatus.Down, "NXDOMAIN", "NXDOMAIN"), (reading.Status, reading.Rcode, reading.Detail));
    }

    [Fact]
    public async Task A_name_without_records_of_the_type_is_down()
    {
        await using var dns = await StartAsync();
        var reading = await NetworkLab.ResolveAsync(new { name = "gitea.home.arpa", type = "MX", server = dns.Endpoint.ToString() });
        Assert.Equal((ProbeStatus.Down, "NOERROR", "no MX record"), (reading.Status, reading.Rcode, reading.Detail));
    }

    [Fact]
    public async Task A_closed_port_is_refused_at_once()
    {
        var server = $"127.0.0.1:{FreePort.Find()}";
        var reading = await NetworkLab.ResolveAsync(new { name = "gitea.home.arpa", server, timeout = "30s" });
        Assert.Equal((ProbeStatus.Down, "connection refused"), (reading.Status, reading.Detail));
    }

    [Fact]
    public async Task Over_TCP_alone_no_datagram_is_sent()
    {
        await using var dns = await StartAsync();
        dns.Fault = DnsFault.Truncated;
        var reading = await NetworkLab.ResolveAsync(new { name = "gitea.home.arpa", server = dns.Endpoint.ToString(), tcp = true, timeout = "20s" });
        Assert.Equal((ProbeStatus.Up, "tcp", false, 1), (reading.Status, reading.Via, reading.Truncated, dns.Questions));
    }

    [Fact]
    public async Task An_answer_that_was_cut_says_so()
    {
        await using var dns = await StartAsync();
        dns.Fault = DnsFault.Truncated;
        Assert.True((await NetworkLab.ResolveAsync(new { name = "gitea.home.arpa", server = dns.Endpoint.ToString(), timeout = "20s" })).Truncated);
    }

    [Fact]
    public async Task A_closed_port_over_TCP_is_refused()
    {
        using var closed = new ClosedPort();
        var server = $"127.0.0.1:{closed.Number}";
        var reading = await NetworkLab.ResolveAsync(new { name = "gitea.home.arpa", server, tcp = true, timeout = "20s" });
        Assert.Equal((ProbeStatus.Down, "connection refused"), (reading.Status, reading.Detail));
    }

    [Fact]
    public async Task The_way_through_the_aliases_is_told_with_times_to_live()
    {
        await using var dns = await StartAsync();
        var reading = await NetworkLab.ResolveAsync(new { name = "git.home.arpa", server = dns.Endpoint.ToString() });
        Assert.Equal([("git.home.arpa", "CNAME", "gitea.home.arpa"), ("gitea.home.arpa", "A", "10.0.0.5")], reading.Records.Select(static r => (r.Name, r.Type, r.Data)));
        Assert.Equal(reading.Records[1].TimeToLive, reading.TimeToLive);
    }

    [Fact]
    public async Task Several_names_are_asked_for_at_once()
    {
        await using var dns = await StartAsync();
        var readings = await new NetworkLab().AskAsync<DnsReading>("dns_test", new { name = new[] { "gitea.home.arpa", "git.home.arpa", "nothing.home.arpa" }, server = dns.Endpoint.ToString() });
        Assert.Equal([("git.home.arpa", ProbeStatus.Up), ("gitea.home.arpa", ProbeStatus.Up), ("nothing.home.arpa", ProbeStatus.Down)], readings.OrderBy(static r => r.Name, StringComparer.Ordinal).Select(static r => (r.Name, r.Status)));
    }

    [Fact]
    public async Task Without_a_name_those_of_the_lab_file_are_asked_for_at_its_own_server()
    {
        await using var dns = await StartAsync();
        var lab = new NetworkLab { Settings = new NetworkSettings { Dns = new DnsSettings { Server = dns.Endpoint.ToString(), External = ["home.arpa"], Internal = ["gitea.home.arpa", "git.home.arpa"] } } };
        Assert.Equal(["external home.arpa", "internal git.home.arpa", "internal gitea.home.arpa"], await NamesAsync(new { }));
        Assert.Equal(["external home.arpa"], await NamesAsync(new { external = true }));
        Assert.Equal(["internal git.home.arpa", "internal gitea.home.arpa"], await NamesAsync(new { @internal = true }));
        Assert.Equal(3, (await NamesAsync(new { external = true, @internal = true })).Length);
        // The lab's server is the one for any other name too.
        Assert.Equal(dns.Endpoint.ToString(), Assert.Single(await lab.AskAsync<DnsReading>("dns_test", new { name = "a.home.arpa" })).Server);

        async Task<string[]> NamesAsync(object input) => [.. (await lab.AskAsync<DnsReading>("dns_test", input)).Select(static r => $"{r.Scope} {r.Name}").Order(StringComparer.Ordinal)];
    }

    [Fact]
    public async Task Without_a_name_and_without_names_in_the_lab_file_the_way_out_is_told()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(static () => NetworkLab.ResolveAsync(new { server = "127.0.0.1" }));
        Assert.Equal((ErrorKind.NotFound, "DnsNamesNotKnown"), (e.Kind, e.Id));
        Assert.Contains("providers.network.dns", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_and_a_choice_among_those_of_the_lab_file_do_not_go_together()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(static () => NetworkLab.ResolveAsync(new { name = "a", server = "127.0.0.1", external = true }));
        Assert.Equal((ErrorKind.Invalid, "NamesGivenTwice"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task Two_servers_that_say_the_same_in_another_order_agree()
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        one.Set("many.home.arpa", "A", "10.0.0.1", "10.0.0.2");
        other.Set("many.home.arpa", "A", "10.0.0.2", "10.0.0.1");
        var readings = await CompareAsync("many.home.arpa", one, other, new ManualTime());
        Assert.All(readings, static r => Assert.Equal((ProbeStatus.Up, true), (r.Status, r.Agrees)));
        Assert.Contains($"the same as {other.Endpoint}", readings.Single(r => r.Server == one.Endpoint.ToString()).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DnsFault.WrongAnswer, "192.0.2.66")]
    [InlineData(DnsFault.ServFail, "SERVFAIL")]
    [InlineData(DnsFault.Silence, "no answer within 300ms")]
    public async Task Two_servers_that_differ_are_both_told_and_neither_is_well(DnsFault fault, string says)
    {
        await using var one = await StartAsync();
        await using var other = await StartAsync();
        other.Fault = fault;
        var time = new ManualTime();
        var comparing = CompareAsync("gitea.home.arpa", one, other, time);
        if (fault == DnsFault.Silence)
        {
            // A question has two limits, one for this try and one for all.
            await Eventually.HoldsAsync("both are asked, and one has answered", () => Task.FromResult(one.Questions == 1 && other.Questions == 1 && time.Waiting == 2), NetworkLab.Token);
            await TryAsync(other, time, tries: 3);
        }

        var readings = await comparing;
        Assert.Equal(2, readings.Count);
        Assert.All(readings, static r => Assert.True(r.Agrees is false && !((IVerdict)r).IsGood));
        Assert.Contains($"differs from {other.Endpoint}, which says {says}", readings.Single(r => r.Server == one.Endpoint.ToString()).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("a\\b")]
    [InlineData("aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggg.arpa")]
    public async Task What_is_no_name_is_refused(string name)
    {
        var e = await Assert.ThrowsAsync<HomelabException>(() => NetworkLab.ResolveAsync(new { name, server = "127.0.0.1" }));
        Assert.Equal((ErrorKind.Invalid, "DnsNameInvalid"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task A_type_that_cannot_be_asked_for_is_refused()
    {
        var e = await Assert.ThrowsAsync<HomelabException>(static () => NetworkLab.ResolveAsync(new { name = "a", type = "AXFR", server = "127.0.0.1" }));
        Assert.Equal((ErrorKind.Invalid, "DnsTypeInvalid"), (e.Kind, e.Id));
    }

    private static Task<IReadOnlyList<DnsReading>> CompareAsync(string name, SimulatedDns one, SimulatedDns other, TimeProvider time) =>
        new NetworkLab { Time = time }.AskAsync<DnsReading>("dns_test", new { name, server = one.Endpoint.ToString(), against = other.Endpoint.ToString(), timeout = "300ms" });

    // Asks within 300 ms, of which so many tries pass.
    private static async Task<DnsReading> ResolveAsync(SimulatedDns dns, object input, int tries)
    {
        var time = new ManualTime();
        var asking = new NetworkLab { Time = time }.AskAsync<DnsReading>("dns_test", input);
        await TryAsync(dns, time, tries);
        return Assert.Single(await asking);
    }

    private static async Task TryAsync(SimulatedDns dns, ManualTime time, int tries)
    {
        for (var n = 1; n <= tries; n++)
        {
            await Eventually.HoldsAsync($"it is asked for the {n}. time", () => Task.FromResult(dns.Questions == n), NetworkLab.Token);
            time.Advance(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task<SimulatedDns> StartAsync()
    {
        var dns = await SimulatedDns.StartAsync();
        dns.Set("gitea.home.arpa", "A", "10.0.0.5");
        dns.Set("gitea.home.arpa", "AAAA", "fd00::5");
        dns.Set("git.home.arpa", "CNAME", "gitea.home.arpa");
        dns.Set("home.arpa", "MX", "10 mail.home.arpa");
        dns.Set("_ssh._tcp.home.arpa", "SRV", "0 5 22 gitea.home.arpa");
        dns.Set("home.arpa", "TXT", "v=spf1 -all");
        dns.Set("5.0.0.10.in-addr.arpa", "PTR", "gitea.home.arpa");
        dns.Set("5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.d.f.ip6.arpa", "PTR", "gitea.home.arpa");
        dns.Set("xn--bcher-kva.home.arpa", "A", "10.0.0.6");
        return dns;
    }
}
