using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class SystemReaderTests
{
    private static readonly (string Name, string Text)[] s_debian =
    [
        ("uname", "6.1.0-18-amd64\nx86_64\n"),
        ("name", "dev\n"),
        ("os", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n"),
        ("uptime", "33062.49 34022.06\n"),
        ("load", "1.20 0.56 0.62 4/142 17197\n"),
        ("memory", "MemTotal: 24684096 kB\nMemFree: 22562036 kB\nMemAvailable: 23493836 kB\n"),
        ("stat", "cpu0 1 2\ncpu1 3 4\nbtime 1795224916\n"),
        ("boot", "477f9781-c8e6-4540-a548-190fdce10f76\n S 0 1 1 0 -1 4194560 255041 536654278 0 32398 1625 12501 2815911 252305 20 0 13 0 8 44732416\n"),
        ("model", "QEMU\nStandard PC (i440FX + PIIX, 1996)\n"),
        ("virtualization", "kvm\n"),
        ("sessions", "anna pts/0 2026-11-21 10:00 (10.0.0.2)\n"),
        ("state", "degraded\n"),
        ("failed", "nginx.service loaded failed failed A web server\ndone\n"),
        ("reboot", "file /run/reboot-required\npackage linux-image-6.1.0-20-amd64\npackage libc6\nwatched\n"),
    ];

    [Fact]
    public void A_Debian_tells_everything()
    {
        var host = SystemReader.Read(ToldHosts.Sections(s_debian));
        Assert.Equal(("dev", "dev", "Debian GNU/Linux 12 (bookworm)", "debian", "12"), (host.Host, host.HostName, host.Os, host.OsId, host.OsVersion));
        Assert.Equal(("6.1.0-18-amd64", "x86_64", "QEMU Standard PC (i440FX + PIIX, 1996)", "kvm"), (host.Kernel, host.Architecture, host.Model, host.Virtualization));
        Assert.Equal((TimeSpan.FromSeconds(33062), DateTimeOffset.FromUnixTimeSeconds(1795224916)), (host.Uptime, host.BootedAt));
        Assert.Equal((1.2, 0.56, 0.62, 2), (host.Load1, host.Load5, host.Load15, host.Cpus));
        Assert.Equal((24684096L * 1024, 23493836L * 1024), (host.MemoryTotal, host.MemoryAvailable));
        Assert.Equal((1, "degraded", 1), (host.Sessions, host.State, host.FailedUnits));
        Assert.True(host.RebootPending);
        Assert.Equal(["linux-image-6.1.0-20-amd64", "libc6"], host.RebootReasons);
    }

    [Fact]
    public void A_small_system_tells_what_it_can_and_the_rest_is_not_known()
    {
        var host = SystemReader.Read(ToldHosts.Sections(("uname", "5.15.150\nmips\n"), ("name", "router\n"), ("os", ""), ("uptime", "12.5 3.0\n"), ("load", "0.00 0.01 0.05 1/40 900\n"), ("memory", ""), ("stat", ""), ("boot", ""), ("reboot", "")));
        Assert.Equal(("Linux", "", "router", "5.15.150"), (host.Os, host.OsId, host.HostName, host.Kernel));
        Assert.Equal((null, null, null, ""), (host.Sessions, host.FailedUnits, host.Cpus, host.State));
        Assert.Null(host.MemoryTotal);
        Assert.Null(host.RebootPending);
    }

    [Theory]
    [InlineData("", null, "")]
    [InlineData("watched\n", false, "")]
    [InlineData("NEEDRESTART-VER: 3.6\nNEEDRESTART-KCUR: 6.1.0-18-amd64\nNEEDRESTART-KSTA: 1\n", false, "")]
    [InlineData("NEEDRESTART-VER: 3.6\nNEEDRESTART-KSTA: 0\n", null, "")]
    [InlineData("NEEDRESTART-VER: 3.6\nNEEDRESTART-KSTA: 3\n", true, "a newer kernel is installed (needrestart)")]
    [InlineData("needs-restarting 0\n", false, "")]
    [InlineData("needs-restarting 1\n", true, "core packages were updated (needs-restarting)")]
    [InlineData("needs-restarting 2\n", null, "")]
    [InlineData("watched\nmodules\n", true, "the modules of the running kernel 6.1.0-18-amd64 are gone")]
    [InlineData("file /run/reboot-needed\n", true, "/run/reboot-needed")]
    public void A_restart_is_pending_only_where_something_says_so(string told, bool? pending, string reason)
    {
        var host = SystemReader.Read(ToldHosts.Sections([.. s_debian.Where(static s => s.Name != "reboot"), ("reboot", told)]));
        Assert.Equal((pending, reason), (host.RebootPending, string.Join(", ", host.RebootReasons)));
    }

    [Fact]
    public void A_list_of_failed_units_without_its_end_is_not_known() =>
        Assert.Null(SystemReader.Read(ToldHosts.Sections(("uname", "6\nx\n"), ("failed", "nginx.service loaded failed failed x\n"))).FailedUnits);

    [Fact]
    public void What_would_command_a_terminal_is_taken_out() =>
        Assert.Equal("ev il", SystemReader.Read(ToldHosts.Sections(("uname", "6\nx\n"), ("name", "ev\u0007il\u202E\n"))).HostName);

    [Fact]
    public void The_start_is_marked_by_the_kernel_and_the_first_process() =>
        Assert.Equal("477f9781-c8e6-4540-a548-190fdce10f76 8", SystemReader.BootMark(ToldHosts.Sections(s_debian)));
}
