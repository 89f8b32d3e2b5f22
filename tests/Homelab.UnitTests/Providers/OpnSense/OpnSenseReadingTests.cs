using System.Text.Json;
using Homelab.Providers.OpnSense;

namespace Homelab.UnitTests.Providers.OpnSense;

/// <summary>What OPNsense says of itself and its services.</summary>
public sealed class OpnSenseReadingTests
{
    [Fact]
    public async Task A_firewall_with_nothing_to_tell_is_well()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        var status = await bench.StatusAsync();
        Assert.Equal(FirewallHealth.Ok, status.Health);
        Assert.Empty(status.Notices);
        Assert.Equal(["GET /api/core/system/status"], bench.Firewall.Requests);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_it_warns_of_is_told_the_worst_first(bool isOld)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.IsOld = isOld;
        bench.Firewall.Warn("diskspace", 0, "Disk space is nearly full.");
        bench.Firewall.Warn("crashreporter", -1, "An issue\nwas \u202edetected.");
        var status = await bench.StatusAsync();
        Assert.Equal(FirewallHealth.Error, status.Health);
        Assert.Equal([("crashreporter", FirewallHealth.Error, "An issue was detected."), ("diskspace", FirewallHealth.Warning, "Disk space is nearly full.")], status.Notices.Select(static n => (n.Subsystem, n.Health, n.Message)));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1_763_000_000), status.Notices[0].At);
    }

    [Theory]
    [InlineData("""{"status":"failed"}""")]
    [InlineData("""[]""")]
    [InlineData("""{"metadata":{"system":{"status":"SPLENDID"}}}""")]
    [InlineData("""{"metadata":{}}""")]
    public async Task A_state_that_cannot_be_read_is_no_good_state(string body)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Instead = (200, body);
        var error = await bench.Desk.QueryFailsAsync("opnsense_status");
        Assert.Equal(("OpnSenseAnswerOdd", ErrorKind.Failed), (error.Id, error.Kind));
    }

    [Fact]
    public async Task Services_are_listed_with_what_runs_and_what_is_locked()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Service("ntpd").Running = false;
        var services = await bench.Desk.QueryAsync<FirewallService>("opnsense_list_services");
        Assert.Equal(["configd", "ntpd", "openssh", "openvpn/1", "openvpn/2", "pf", "unbound", "webgui"], services.Select(static s => s.Name));
        Assert.Equal("ntpd", Assert.Single(services, static s => !s.Running).Name);
        Assert.Equal(["configd", "pf", "webgui"], services.Where(static s => s.Locked).Select(static s => s.Name));
    }

    [Theory]
    [InlineData("openvpn/*", 2)]
    [InlineData("UNBOUND", 1)]
    [InlineData("nothing*", 0)]
    public async Task Services_are_found_by_name_and_by_pattern(string service, int count)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        Assert.Equal(count, (await bench.Desk.QueryAsync<FirewallService>("opnsense_list_services", new { service })).Count);
    }

    [Theory]
    [InlineData("unbuond", "Did you mean 'unbound'?")]
    [InlineData("openvpn", "There are openvpn/1, openvpn/2: name one of them.")]
    public async Task A_service_that_is_not_there_is_told_with_what_was_meant(string service, string hint)
    {
        await using var bench = await OpnSenseBench.StartAsync();
        var error = await bench.Desk.QueryFailsAsync("opnsense_list_services", new { service });
        Assert.Equal(("FirewallServiceNotFound", ErrorKind.NotFound), (error.Id, error.Kind));
        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.Equal("FirewallServiceNotFound", (await bench.RestartFailsAsync(service)).Id);
        Assert.DoesNotContain(bench.Firewall.Requests, static r => r.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_that_is_refused_is_told_by_its_reference_alone()
    {
        await using var bench = await OpnSenseBench.StartAsync(change: static s => s with { Secret = OpnSenseBench.Reference("WRONG") });
        var error = await bench.Desk.QueryFailsAsync("opnsense_status");
        Assert.Equal(("OpnSenseLoginRefused", ErrorKind.Denied), (error.Id, error.Kind));
        Assert.Contains("env:WRONG", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-secret", error + string.Join(' ', bench.Trace.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(OpnSenseBench.Key, error + string.Join(' ', bench.Trace.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_privilege_that_is_missing_is_not_taken_for_a_wrong_key()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        bench.Firewall.Forbidden.Add("core/service");
        var error = await bench.Desk.QueryFailsAsync("opnsense_list_services");
        Assert.Equal(("OpnSenseRightsMissing", ErrorKind.Denied), (error.Id, error.Kind));
        Assert.Contains("Status: Services", error.Message, StringComparison.Ordinal);
        var checks = await bench.Desk.CheckAsync();
        Assert.Equal([CheckStatus.Ok, CheckStatus.Failed], checks.Select(static c => c.Status));
    }

    [Fact]
    public async Task Its_own_certificate_is_taken_when_it_is_pinned_and_no_other_is()
    {
        await using var bench = await OpnSenseBench.StartAsync(tls: true);
        Assert.Equal(FirewallHealth.Ok, (await bench.StatusAsync()).Health);
        await using var unpinned = await OpnSenseBench.StartAsync(tls: true, static s => s with { Tls = null });
        var error = await unpinned.Desk.QueryFailsAsync("opnsense_status");
        Assert.Equal("OpnSenseUnreachable", error.Id);
        Assert.Empty(unpinned.Firewall.Requests);
        await using var wrong = await OpnSenseBench.StartAsync(tls: true, static s => s with { Tls = new TlsDefinition { Sha256 = new string('0', 64) } });
        Assert.Contains("not the pinned certificate", (await wrong.Desk.QueryFailsAsync("opnsense_status")).Message, StringComparison.Ordinal);
        Assert.Empty(wrong.Firewall.Requests);
    }

    [Fact]
    public async Task A_look_at_the_lab_says_when_restarts_cannot_be_seen()
    {
        await using var bench = await OpnSenseBench.StartAsync();
        Assert.All(await bench.Desk.CheckAsync(), static c => Assert.Equal(CheckStatus.Ok, c.Status));
        bench.Firewall.Forbidden.Add("diagnostics");
        Assert.Contains("System Activity", Assert.Single(await bench.Desk.CheckAsync(), static c => c.Status == CheckStatus.Warning).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_settings_the_way_to_them_is_told()
    {
        await using var desk = new ApplianceDesk(new OpnSenseProvider(new ProviderContext(new LabDefinition(), "/", new Secrets(), TimeProvider.System)), TimeProvider.System);
        Assert.Equal("OpnSenseNotConfigured", (await desk.QueryFailsAsync("opnsense_status")).Id);
        Assert.Empty(await desk.CheckAsync());
    }

    [Theory]
    [InlineData("/usr/local/sbin/unbound -c /var/unbound/unbound.conf{unbound}", "unbound")]
    [InlineData("/usr/local/bin/python3 /usr/local/opnsense/service/configd.py console (python3.11){python3.11}", "configd")]
    [InlineData("/usr/local/bin/python3.11 -u /usr/local/opnsense/scripts/unbound/logger.py", "logger")]
    [InlineData("sshd: /usr/local/sbin/sshd [listener] 0 of 10-100 startups", "sshd")]
    [InlineData("[kernel{swapper}]", "kernel")]
    [InlineData("/bin/sh /usr/local/etc/rc.d/thing.sh", "thing")]
    [InlineData("", "")]
    public void The_program_of_a_command_line_is_found(string command, string expected) => Assert.Equal(expected, ProcessReader.Program(command));

    [Fact]
    public void A_published_answer_of_a_release_before_25_1_is_read()
    {
        using var json = JsonDocument.Parse("""{"CrashReporter":{"statusCode":2,"message":"No problems were detected.","logLocation":"/crash_reporter.php","timestamp":"0","status":"OK"},"Firewall":{"statusCode":-1,"message":"There were error(s) loading the rules","logLocation":"/ui/diagnostics/log/core/firewall","timestamp":"1645716049","status":"Error","age":"3 hours ago"},"System":{"status":"Error"}}""");
        var status = StatusReader.Read(json.RootElement, "https://fw");
        Assert.Equal((FirewallHealth.Error, "Firewall"), (status.Health, Assert.Single(status.Notices).Subsystem));
    }
}
