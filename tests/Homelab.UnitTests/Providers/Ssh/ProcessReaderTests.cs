using Homelab.Providers.Ssh;

namespace Homelab.UnitTests.Providers.Ssh;

public sealed class ProcessReaderTests
{
    private static readonly (string Name, string Text)[] s_told =
    [
        ("passwd", "root:x:0:0:root:/root:/bin/bash\nanna:x:1000:1000::/home/anna:/bin/sh\n"),
        ("total", "cpu  1000 0 0 1000 0 0 0 0 0 0\n2\nbtime 1795224916\n"),
        ("first", "/proc/1\n"),
        ("before", Stat(1, "systemd", 10, 10, 1) + Stat(20, "java (x) y", 100, 0, 500) + Stat(30, "old", 900, 0, 7)),
        ("totals", "cpu  1100 0 0 1100 0 0 0 0 7 0\n"),
        ("after", Stat(1, "systemd", 10, 10, 1) + Stat(20, "java (x) y", 190, 10, 500) + Stat(30, "new", 5, 0, 90000) + "garbage\n"),
        ("status", "/proc/1/status:Uid:\t0\t0\t0\t0\n/proc/1/status:VmRSS:\t   12000 kB\n/proc/1/status:Threads:\t1\n/proc/20/status:Uid:\t1000\t0\t0\t0\n/proc/20/status:VmRSS:\t  900000 kB\n/proc/20/status:VmSwap:\t     100 kB\n/proc/20/status:Threads:\t44\n/proc/30/status:Uid:\t77\t77\t77\t77\n"),
        ("cgroup", "/proc/1/cgroup:0::/init.scope\n/proc/20/cgroup:0::/system.slice/jellyfin.service\n"),
    ];

    [Fact]
    public void What_a_process_uses_now_is_the_difference_of_two_looks()
    {
        var all = ProcessReader.Read(ToldHosts.Sections(s_told)).ToDictionary(static p => p.Pid);
        // 200 ticks passed on two processors, so 100 are one processor's second.
        Assert.Equal([0.0, 1.0, 0.05], new[] { 1, 20, 30 }.Select(p => all[p].Cpu));
        var java = all[20];
        Assert.Equal(("java (x) y", "anna", "S", "jellyfin.service", 44), (java.Name, java.User, java.State, java.Unit, java.Threads));
        Assert.Equal((900000L * 1024, 100L * 1024, TimeSpan.FromSeconds(2)), (java.Memory, java.Swap, java.CpuTime));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1795224921), java.StartedAt);
        // A number that was given to another process since is another process; a user without a name has its number.
        Assert.Equal(("new", "77"), (all[30].Name, all[30].User));
    }

    [Fact]
    public void Hidden_processes_are_an_error_and_no_short_list()
    {
        var e = Assert.Throws<HomelabException>(() => ProcessReader.Read(ToldHosts.Sections([.. s_told.Where(static s => s.Name != "first"), ("first", "")])));
        Assert.Equal((ErrorKind.Denied, "ProcessesHidden"), (e.Kind, e.Id));
        Assert.Contains("hidepid", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/system.slice/nginx.service", "nginx.service")]
    [InlineData("/user.slice/user-1000.slice/user@1000.service/app.slice/x.service", "x.service")]
    [InlineData("/system.slice/docker-2f1a.scope", "docker-2f1a.scope")]
    [InlineData("/docker/2f1a2f1a2f1a2f1a2f1a", "docker-2f1a2f1a2f1a")]
    [InlineData("/system.slice/x.service/payload", "x.service")]
    [InlineData("/", "")]
    public void The_unit_is_in_the_path_of_cgroups(string path, string unit) => Assert.Equal(unit, ProcessReader.UnitOf(path));

    // pid (name) state ppid … utime(14) stime(15) … starttime(22) and more.
    private static string Stat(int pid, string name, int user, int system, int start) =>
        $"{pid} ({name}) S 1 1 1 0 -1 0 0 0 0 0 {user} {system} 0 0 20 0 1 0 {start} 44732416 3605 18446744073709551615\n";
}
