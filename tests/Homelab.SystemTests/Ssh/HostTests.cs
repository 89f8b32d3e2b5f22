using System.Diagnostics;
using System.Globalization;
using Homelab.Tests;

namespace Homelab.SystemTests.Ssh;

/// <summary>This machine behind a real sshd, asked by its own tools, by busybox, and by hardly any: each must tell the same.</summary>
public sealed class HostTests
{
    // What is well answers; on a busy machine not at once.
    private const string Patient = "20s";

    public static TheoryData<string> Kinds => ["gnu", "busybox", "without stat"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_host_tells_its_kernel_its_memory_and_its_processors(string kind)
    {
        await using var machine = await MachineAsync(kind);
        var host = Assert.Single(await machine.AskAsync<HostSystem>("system_info", new { }));
        Assert.Equal((await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", Cancellation)).Trim(), host.Kernel);
        Assert.Equal((await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", Cancellation)).Trim(), host.BootId);
        Assert.Equal(File.ReadLines("/proc/stat").Count(static l => l.StartsWith("cpu", StringComparison.Ordinal) && char.IsAsciiDigit(l[3])), host.Cpus);
        Assert.Contains($"{host.MemoryTotal / 1024} kB", File.ReadLines("/proc/meminfo").First(), StringComparison.Ordinal);
        Assert.InRange(host.MemoryAvailable!.Value, 1, host.MemoryTotal!.Value);
        Assert.True(host.Uptime > TimeSpan.Zero && host.Load1 >= 0);
        Assert.NotEmpty(host.Os);
        // A machine's clock may be set after its start: then the two differ by as much.
        Assert.True((DateTimeOffset.UtcNow - host.Uptime.Value - host.BootedAt!.Value).Duration() < TimeSpan.FromMinutes(10));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Memory_is_told_in_bytes(string kind)
    {
        await using var machine = await MachineAsync(kind);
        var memory = Assert.Single(await machine.AskAsync<HostMemory>("host_memory", new { }));
        Assert.Equal(memory.Total, memory.Used + memory.Available);
        Assert.InRange(memory.Fraction, 0.0001, 1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task The_root_is_as_large_as_it_is(string kind)
    {
        await using var machine = await MachineAsync(kind);
        var disks = await machine.AskAsync<HostDisk>("host_disk_usage", new { patience = Patient });
        var root = disks.Single(static d => d.Mount == "/");
        Assert.Equal(new DriveInfo("/").TotalSize, root.Size);
        Assert.InRange(root.Fraction!.Value, 0.0001, 1);
        Assert.DoesNotContain(disks, static d => d.Type is "proc" or "sysfs" or "cgroup");
        Assert.True((await machine.AskAsync<HostDisk>("host_disk_usage", new { all = true, patience = Patient })).Count >= disks.Count);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task What_is_mounted_is_told(string kind)
    {
        await using var machine = await MachineAsync(kind);
        var mounts = await machine.AskAsync<HostMount>("host_mounts", new { patience = Patient });
        Assert.Equal(MountState.Mounted, mounts.Single(static m => m.Mount == "/").State);
        Assert.DoesNotContain(mounts, static m => m.Type == "proc");
        Assert.Contains(await machine.AskAsync<HostMount>("host_mounts", new { all = true, patience = Patient }), static m => m is { Mount: "/proc", Type: "proc" });
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_process_that_is_busy_is_seen_to_be(string kind)
    {
        await using var machine = await MachineAsync(kind);
        using var busy = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "while :; do :; done"]))!;
        try
        {
            var seen = (await machine.AskAsync<RunningProcess>("host_processes", new { first = 100_000 })).Single(p => p.Pid == busy.Id);
            Assert.Equal(("sh", Environment.ProcessId, Environment.UserName), (seen.Name.Replace("dash", "sh", StringComparison.Ordinal), seen.ParentPid, seen.User));
            Assert.True(seen.Cpu > 0.01 && seen.CpuTime > TimeSpan.Zero, $"It used {seen.Cpu} of a processor.");
            Assert.True(seen.Memory > 0 && seen.Threads == 1);
            Assert.True((DateTimeOffset.UtcNow - seen.StartedAt!.Value).Duration() < TimeSpan.FromMinutes(10));
        }
        finally
        {
            busy.Kill();
            await busy.WaitForExitAsync(Cancellation);
        }

        var largest = await machine.AskAsync<RunningProcess>("host_processes", new { by = "memory", first = 3 });
        Assert.Equal(largest.OrderByDescending(static p => p.Memory).Select(static p => p.Pid), largest.Select(static p => p.Pid));
        Assert.Equal(3, largest.Count);
    }

    [Fact]
    public async Task A_share_whose_server_hangs_is_stale_and_holds_nobody()
    {
        Peer.Require("sshfs", Share.WhyNot());
        await using var machine = await HostMachine.StartAsync(tools: null, hasOwnMounts: true);
        await using var share = await Share.MountAsync(machine.Sshd);
        Assert.Equal((MountState.Answers, "nas", "fuse.sshfs"), await LookAsync(Patient));

        share.Signal("-STOP");
        Assert.Equal((MountState.Stale, "nas", "fuse.sshfs"), await LookAsync("3s"));
        var told = new List<HostDisk>();
        var e = await Assert.ThrowsAsync<HomelabException>(() => machine.AskAsync("host_disk_usage", new { patience = "3s" }, told));
        Assert.Equal("DiskNotMeasured", e.Id);
        Assert.Contains($"{share.Folder} (nas:", e.Message, StringComparison.Ordinal);
        Assert.Contains(told, static d => d.Mount == "/");

        share.Signal("-CONT");
        Assert.Contains(await machine.AskAsync<HostDisk>("host_disk_usage", new { patience = Patient }), d => d.Mount == share.Folder);
        share.Signal("-KILL");
        await Eventually.HoldsAsync("the share is cut off", async () => await LookAsync(Patient) is (MountState.Stale, _, _), Cancellation);

        // The share hangs until it is let go on: a look that ends was not held by it.
        async Task<(MountState State, string Server, string Type)> LookAsync(string patience)
        {
            var mount = (await machine.AskAsync<HostMount>("host_mounts", new { patience })).Single(m => m.Mount == share.Folder);
            return (mount.State, mount.Server, mount.Type);
        }
    }

    [Fact]
    public async Task Debian_tells_its_updates_and_how_old_its_lists_are()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/apt-get"), "This machine has no apt.");
        Assert.SkipUnless(Directory.EnumerateFiles("/var/lib/apt/lists", "*Release").Any(), "This machine never fetched its lists: apt-get update.");
        await using var machine = await MachineAsync("gnu");
        var updates = await machine.AskAsync<HostUpdate>("host_updates", new { maxAge = "3650d" });
        Assert.All(updates, static u => Assert.True(u is { Tool: "apt", Available.Length: > 0, Security: not null } && u.ListsAt > DateTimeOffset.UnixEpoch));
        var counted = await CountAsync();
        Assert.Equal(counted, updates.Count);
    }

    [Theory]
    [InlineData("host_list_units")]
    [InlineData("host_journal")]
    public async Task A_host_without_systemd_says_so(string operation)
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "This machine runs systemd.");
        await using var machine = await MachineAsync("busybox");
        var e = await Assert.ThrowsAsync<HomelabException>(() => machine.AskAsync<object>(operation, new { }));
        Assert.Equal((ErrorKind.NotFound, "SystemdNotFound"), (e.Kind, e.Id));
    }

    [Fact]
    public async Task Without_a_tool_for_packages_there_are_no_updates_to_tell()
    {
        await using var machine = await MachineAsync("busybox");
        Assert.Equal("PackageToolNotFound", (await Assert.ThrowsAsync<HomelabException>(() => machine.AskAsync<HostUpdate>("host_updates", new { }))).Id);
    }

    // What apt-get itself counts: "3 upgraded, 1 newly installed, 0 to remove and 0 not upgraded."
    private static async Task<int> CountAsync()
    {
        var start = new ProcessStartInfo("apt-get", ["-s", "dist-upgrade"]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["LC_ALL"] = "C";
        using var apt = Process.Start(start)!;
        var words = (await apt.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n').Single(static l => l.Contains(" newly installed", StringComparison.Ordinal)).Split(' ');
        await apt.WaitForExitAsync(Cancellation);
        return int.Parse(words[0], CultureInfo.InvariantCulture) + int.Parse(words[2], CultureInfo.InvariantCulture);
    }

    private static Task<HostMachine> MachineAsync(string kind)
    {
        Peer.Require("busybox", ToolFolder.WhyNot());
        return HostMachine.StartAsync(kind switch { "busybox" => ToolFolder.OfBusybox(), "without stat" => ToolFolder.WithoutStat(), _ => null });
    }
}
