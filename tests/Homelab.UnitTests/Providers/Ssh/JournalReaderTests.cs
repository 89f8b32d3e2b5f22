using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class JournalReaderTests
{
    [Fact]
    public void An_entry_is_read_whatever_form_its_text_has()
    {
        var entries = JournalReader.ReadLines("dev", """
            {"__REALTIME_TIMESTAMP":"1795260088999761","MESSAGE":"hello","SYSLOG_IDENTIFIER":"sshd","_SYSTEMD_UNIT":"ssh.service","_PID":"37","PRIORITY":"3","_BOOT_ID":"477f"}
            {"__REALTIME_TIMESTAMP":"1795260088999890","MESSAGE":[27,91,51,49,109,104,195,164],"_COMM":"cat","PRIORITY":"9"}
            {"__REALTIME_TIMESTAMP":"1795260088999890","MESSAGE":null,"UNIT":"nginx.service","_SYSTEMD_UNIT":"init.scope","SYSLOG_IDENTIFIER":"systemd","_PID":"1"}
            {"__REALTIME_TIMESTAMP":"1795260088999890","MESSAGE":["one","two"]}

            """);
        Assert.Equal(["hello", "\u001b[31mhä", "", "one\ntwo"], entries.Select(static e => e.Message));
        Assert.Equal((JournalPriority.Error, "ssh.service", "sshd", 37, "477f"), (entries[0].Priority, entries[0].Unit, entries[0].Identifier, entries[0].Pid, entries[0].BootId));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddTicks(17952600889997610), entries[0].At);
        Assert.Equal((JournalPriority.Info, "cat", null), (entries[1].Priority, entries[1].Identifier, entries[1].Pid));
        Assert.Equal("nginx.service", entries[2].Unit);
    }

    [Theory]
    [InlineData("Hint: You are currently not seeing messages from other users and the system.\n", "0", ErrorKind.Denied, "JournalDenied", "systemd-journal")]
    [InlineData("No journal files were opened due to insufficient permissions.\n", "1", ErrorKind.Denied, "JournalDenied", "usermod")]
    [InlineData("Compiled without pattern matching support\n", "1", ErrorKind.Failed, "JournalNotRead", "pattern matching")]
    public void What_journalctl_says_aside_is_not_passed_over(string error, string code, ErrorKind kind, string id, string says)
    {
        var e = Assert.Throws<HomelabException>(() => JournalReader.Read(Sections("", error, code), null));
        Assert.Equal((kind, id), (e.Kind, e.Id));
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_of_a_unit_that_is_not_there_is_an_error_and_of_one_that_is_none()
    {
        Assert.Equal("UnitNotFound", Assert.Throws<HomelabException>(() => JournalReader.Read(Sections("LoadState=not-found\n", "", "0"), "ngnix.service")).Id);
        Assert.Empty(JournalReader.Read(Sections("LoadState=loaded\n", "", "0"), "nginx.service"));
        Assert.Empty(JournalReader.Read(Sections("", "", "1"), null));
        Assert.Equal("SystemdNotFound", Assert.Throws<HomelabException>(() => JournalReader.Read(ToldHosts.Sections(), null)).Id);
    }

    [Fact]
    public async Task What_is_asked_for_goes_as_options_with_their_value_in_one_word()
    {
        var hosts = new ToldHosts("dev") { Answer = static (h, c) => ToldHosts.Told(h, c, ("log", ""), ("code", "0\n")) };
        var gate = HostBench.Gate(new LabDefinition(), TimeProvider.System, new Support.MemoryGateStore(), new ReadJournal(hosts));
        var input = new ReadJournal.Input { Unit = new UnitRef("nginx"), Tail = 5, Since = TimeSpan.FromMinutes(10), Until = TimeSpan.FromSeconds(30), Priority = JournalPriority.Warning, Grep = "--vacuum-size=1 $(id)", Boot = true };
        await foreach (var _ in gate.QueryAsync(new GateRequest { Operation = "host_journal", Input = input, Caller = HostBench.Person }, TestContext.Current.CancellationToken)) Assert.Fail("There is none.");
        Assert.Equal(["nginx.service", "--lines=5", "--since=-600s", "--until=-30s", "--priority=4", "--grep=--vacuum-size=1 $(id)", "--boot"], Assert.Single(hosts.Asked).Command.Words.Skip(5));
    }

    private static HostSections Sections(string load, string error, string code)
    {
        var command = RemoteCommand.Of("sh", "-c", "", "homelab", "mark");
        return HostSections.Split("dev", ToldHosts.Told("dev", command, ("load", load), ("log", ""), ("code", code + "\n")).Output, error, "mark");
    }
}
