using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class UnitReaderTests
{
    internal const string Ssh = """
        MainPID=37
        Result=success
        NRestarts=2
        ExecMainExitTimestampMonotonic=0
        ExecMainStatus=0
        MemoryCurrent=5242880
        TasksCurrent=[not set]
        Id=ssh.service
        TriggeredBy=ssh.socket other.timer
        Description=OpenBSD Secure Shell server
        LoadState=loaded
        ActiveState=active
        SubState=running
        FragmentPath=/lib/systemd/system/ssh.service
        SourcePath=
        DropInPaths=/etc/systemd/system/ssh.service.d/a.conf
        UnitFileState=enabled
        StateChangeTimestamp=Sat 2026-11-21 11:21:28 UTC
        ActiveEnterTimestamp=Sat 2026-11-21 11:21:28 UTC
        ActiveEnterTimestampMonotonic=35172417562
        NeedDaemonReload=yes
        InvocationID=c9bf07a9ac8e4f9f912c62b89ec17731

        """;

    private static readonly DateTimeOffset s_since = new(2026, 11, 21, 11, 21, 28, TimeSpan.Zero);

    [Fact]
    public void One_unit_tells_why_it_is_as_it_is()
    {
        var log = """{"__REALTIME_TIMESTAMP":"1795260088999761","MESSAGE":"Server listening on :: port 22.","SYSLOG_IDENTIFIER":"sshd","_SYSTEMD_UNIT":"ssh.service","_PID":"37","PRIORITY":"6"}""" + "\n";
        var unit = UnitReader.ReadOne(ToldHosts.Sections(("units", Ssh), ("log", log)));
        Assert.Equal(("ssh.service", "dev", "OpenBSD Secure Shell server", UnitState.Active, "running", "loaded", "enabled"), (unit.Name, unit.Host, unit.Description, unit.State, unit.SubState, unit.Load, unit.Enabled));
        Assert.Equal((s_since, s_since, "success", 37, null, 2), (unit.Since, unit.ActiveSince, unit.Result, unit.MainPid, unit.ExitCode, unit.Restarts));
        Assert.Equal((5242880L, null, true, "/lib/systemd/system/ssh.service"), (unit.Memory, unit.Tasks, unit.NeedsReload, unit.Path));
        Assert.Equal(["ssh.socket", "other.timer"], unit.TriggeredBy);
        Assert.Equal(["/etc/systemd/system/ssh.service.d/a.conf"], unit.DropIns);
        Assert.Equal("Server listening on :: port 22.", Assert.Single(unit.Log).Message);
        Assert.Equal("c9bf07a9ac8e4f9f912c62b89ec17731 35172417562", UnitReader.Mark(ToldHosts.Sections(("units", Ssh))));
    }

    [Fact]
    public void A_list_is_a_unit_for_each_block()
    {
        var units = UnitReader.ReadList(ToldHosts.Sections(("units", Ssh + "\nId=x.service\nActiveState=failed\nSubState=failed\nResult=exit-code\nStateChangeTimestamp=\n\nId=y.service\nActiveState=odd-new-state\n")));
        Assert.Equal(["ssh.service Active", "x.service Failed", "y.service Unknown"], units.Select(static u => $"{u.Name} {u.State}"));
        Assert.Equal(("exit-code", null), (units[1].Result, units[1].Since));
    }

    [Fact]
    public void No_units_is_an_empty_list_and_no_systemd_is_an_error()
    {
        Assert.Empty(UnitReader.ReadList(ToldHosts.Sections(("units", "\n"))));
        var e = Assert.Throws<HomelabException>(() => UnitReader.ReadList(ToldHosts.Sections()));
        Assert.Equal((ErrorKind.NotFound, "SystemdNotFound"), (e.Kind, e.Id));
    }

    [Fact]
    public void What_systemctl_says_in_place_of_a_unit_is_told()
    {
        var e = Assert.Throws<HomelabException>(() => UnitReader.ReadOne(ToldHosts.Sections(("units", "Failed to connect to bus: No such file or directory\n"))));
        Assert.Contains("Failed to connect to bus", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false, null, "ssh.service")]
    [InlineData("ss?", false, null, "ssh.service")]
    [InlineData("*.timer", false, null, "a.timer")]
    [InlineData("*", false, "*", "a.timer ssh.service x.socket")]
    [InlineData(null, true, null, "x.socket")]
    public async Task A_pattern_a_type_and_a_state_choose(string? unit, bool failed, string? type, string expected)
    {
        var hosts = new ToldHosts("dev")
        {
            Answer = static (h, c) =>
            {
                string[] all = ["Id=x.socket\nActiveState=failed\n", "Id=a.timer\nActiveState=active\n", "Id=ssh.service\nActiveState=active\n"];
                return ToldHosts.Told(h, c, ("units", string.Join('\n', all.Where(u => Wildcard.Matches(c.Words[5], u.AsSpan(3, u.IndexOf('\n', StringComparison.Ordinal) - 3))))));
            },
        };
        var gate = HostBench.Gate(new LabDefinition(), TimeProvider.System, new Support.MemoryGateStore(), new ListUnits(hosts));
        var names = new List<string>();
        await foreach (var item in gate.QueryAsync(new GateRequest { Operation = "host_list_units", Input = new ListUnits.Input { Unit = unit, Failed = failed, Type = type }, Caller = HostBench.Person }, TestContext.Current.CancellationToken)) names.Add(((HostUnit)item).Name);
        Assert.Equal(expected, string.Join(' ', names));
    }
}
