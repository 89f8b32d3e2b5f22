using System.Text;
using System.Text.Json.Nodes;
using Homelab.Lab.Services;
using Homelab.Providers.Netdata;
using Homelab.Tests;

namespace Homelab.UnitTests.Providers.Netdata;

/// <summary>Alarms as the shipped sender sends them, and as a real agent 1.37 lists them.</summary>
public sealed class NetdataTests
{
    private const string Good = """
        {"host":"dev","unique_id":"1795219773","alarm_id":"1795219760","event_id":"2","when":"1795219708","chart":"disk_space._","family":"/","status":"CRITICAL","old_status":"CLEAR","value":"97.5","old_value":"50",
        "units":"%","info":"disk / space utilization","value_string":"97.5%","duration":"60","src":"1@/etc/netdata/health.d/disks.conf","alarm":"disk_space_usage","class":"Utilization","recipients":"homelab"}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void An_alarm_about_a_machine_names_the_machine_and_what_runs_short()
    {
        var alert = Read();
        Assert.Equal(("netdata", AlertStatus.Pressure, "dev", "dev", "disk", 97.5), (alert.Source, alert.Status, alert.Subject, alert.Host, alert.Resource, alert.Value!.Value));
        Assert.Equal("disk_space_usage on disk_space._ is critical: 97.5% (disk / space utilization)", alert.Message);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795219708), alert.At);
        Assert.Equal("critical", alert.Severity);
    }

    [Theory]
    [InlineData("cgroup_gitea.mem_usage", "cgroup_ram_in_use", "gitea", "memory")]
    [InlineData("cgroup_qemu_dev.cpu", "cgroup_10min_cpu_usage", "dev", "cpu")]
    [InlineData("system.ram", "used_up", "dev", "memory")]
    [InlineData("httpcheck_local.request_status", "httpcheck_web_service_up", "dev", null)]
    public void Its_chart_tells_what_it_is_about(string chart, string alarm, string subject, string? resource)
    {
        var alert = Read(("chart", chart), ("alarm", alarm));
        Assert.Equal((subject, resource, resource is null ? AlertStatus.Down : AlertStatus.Pressure), (alert.Subject, alert.Resource, alert.Status));
    }

    [Theory]
    [InlineData("WARNING", AlertStatus.Pressure)]
    [InlineData("CLEAR", AlertStatus.Up)]
    [InlineData("REMOVED", AlertStatus.Pending)]
    [InlineData("UNDEFINED", AlertStatus.Pending)]
    public void Each_status_has_its_meaning(string status, AlertStatus expected) => Assert.Equal(expected, Read(("status", status)).Status);

    [Fact]
    public void A_warning_about_nothing_that_runs_short_asks_nobody_to_act() => Assert.Equal(AlertStatus.Pending, Read(("status", "WARNING"), ("alarm", "httpcheck_slow"), ("chart", "httpcheck.x")).Status);

    [Theory]
    [InlineData("status", "ODD", "status is \"ODD\"")]
    [InlineData("when", "soon", "when is \"soon\"")]
    [InlineData("host", "", "host is empty")]
    public void What_is_odd_is_refused_with_its_place(string field, string value, string says) =>
        Assert.Contains(says, Assert.Throws<HomelabException>(() => Read((field, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void Anything_is_read_or_refused()
    {
        AnyBody.IsReadOrRefused(new NetdataAlertSource(), Encoding.UTF8.GetBytes(Good));
        AnyBody.WithAnyFieldOddIsReadOrRefused(new NetdataAlertSource(), Good);
    }

    [Fact]
    public async Task Alarms_are_listed_as_the_agent_has_them()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, Recorded.Text("netdata/netdata-alarms.json")) { ContentType = "application/json; charset=utf-8" });
        var alarm = Assert.Single(await AskAsync(service.Url));
        Assert.Equal(("hl_always", "system.load", NetdataStatus.Warning, "8.29 load", "vm"), (alarm.Name, alarm.Chart, alarm.Status, alarm.Value, alarm.Host));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795219708), alarm.Since);
    }

    [Fact]
    public async Task What_is_no_list_of_alarms_is_an_error()
    {
        await using var service = await SimulatedService.StartAsync(static _ => new ServiceAnswer(200, "{\"alarms\":[]}") { ContentType = "application/json" });
        Assert.Equal("NetdataAnswerOdd", (await Assert.ThrowsAsync<HomelabException>(() => AskAsync(service.Url))).Id);
    }

    private static async Task<IReadOnlyList<NetdataAlarm>> AskAsync(Uri url)
    {
        var lab = new LabDefinition { Providers = new Dictionary<string, object>(StringComparer.Ordinal) { ["netdata"] = new NetdataSettings { Url = url } } };
        await using var provider = new NetdataProvider(new ProviderContext(lab, "/", new Secrets(), new PatientTime()));
        return await new QueryDesk().AskAsync<NetdataAlarm>(provider.Operations, "netdata_alarms", new { }, Cancellation);
    }

    private static Alert Read(params (string Field, string Value)[] changes)
    {
        var body = JsonNode.Parse(Good)!;
        foreach (var (field, value) in changes) body[field] = value;
        return Assert.Single(new NetdataAlertSource().Read(new AlertDelivery("POST", "application/json", "", Encoding.UTF8.GetBytes(body.ToJsonString()), DateTimeOffset.UnixEpoch)));
    }
}
