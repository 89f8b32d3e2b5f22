using System.Globalization;

namespace Homelab.Lab.Hosts;

/// <summary>What <c>/proc/*/stat</c>, <c>status</c> and <c>cgroup</c> tell of a simulated host, twice, a second apart.</summary>
internal sealed class ProcessSections(SimulatedHost host)
{
    private const int TicksPerSecond = 100;
    private const long Kibi = 1024;

    // A container's process gets one that those of units do not reach.
    private const int FirstOfContainers = 100_000;

    private static readonly TimeSpan s_apart = TimeSpan.FromSeconds(1);

    internal IEnumerable<(string Name, string Told)> All()
    {
        var now = host.Time.GetUtcNow();
        var processes = Processes().ToArray();
        yield return ("passwd", $"root:x:0:0:root:/root:/bin/bash\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n{SimulatedHost.User}:x:1000:1000::/home/{SimulatedHost.User}:/bin/sh\n");
        yield return ("total", $"{Total(now)}{host.Spec.Cpus}\n{Booted(host)}");
        yield return ("first", "/proc/1\n");
        yield return ("before", Stats(processes, now));
        yield return ("totals", Total(now + s_apart));
        yield return ("after", Stats(processes, now + s_apart));
        yield return ("status", string.Concat(processes.Select(static p => string.Create(CultureInfo.InvariantCulture, $"/proc/{p.Pid}/status:Uid:\t0\t0\t0\t0\n/proc/{p.Pid}/status:VmRSS:\t{p.Memory / Kibi,8} kB\n/proc/{p.Pid}/status:VmSwap:\t       0 kB\n/proc/{p.Pid}/status:Threads:\t1\n"))));
        yield return ("cgroup", string.Concat(processes.Select(static p => $"/proc/{p.Pid}/cgroup:0::{p.Cgroup}\n")));
    }

    /// <summary><c>btime</c>, as <c>/proc/stat</c> has it.</summary>
    internal static string Booted(SimulatedHost host) => string.Create(CultureInfo.InvariantCulture, $"btime {host.BootedAt.ToUnixTimeSeconds()}\n");

    /// <summary>The first process, as <c>/proc/1/stat</c> has it after its name.</summary>
    internal static string First(SimulatedHost host) => new ProcessSections(host).Stat(new Seen(1, 0, "systemd", host.BootedAt, 0.01, 12 << 20, "/init.scope"), host.Time.GetUtcNow()).Split(')')[1];

    private IEnumerable<Seen> Processes()
    {
        yield return new Seen(1, 0, "systemd", host.BootedAt, 0.01, 12 << 20, "/init.scope");
        foreach (var unit in host.Units.Where(static u => u.IsActive)) yield return new Seen(unit.MainPid, 1, unit.Name.Split('.')[0], unit.ActiveSince!.Value, unit.CpuPercent, unit.Memory, $"/system.slice/{unit.Name}");
        var number = FirstOfContainers;
        foreach (var container in host.Engine?.Containers ?? [])
        {
            number++;
            if (container.Running) yield return new Seen(number, 1, container.Name, container.StartedAt, container.Spec.CpuPercent, container.MemoryUsed, $"/system.slice/docker-{container.Id}.scope");
        }
    }

    private string Total(DateTimeOffset now)
    {
        var ticks = (long)((now - host.BootedAt).TotalSeconds * TicksPerSecond * host.Spec.Cpus);
        return string.Create(CultureInfo.InvariantCulture, $"cpu  {ticks / 10} 0 {ticks / 20} {ticks - (ticks / 10) - (ticks / 20)} 0 0 0 0 0 0\n");
    }

    private string Stats(Seen[] processes, DateTimeOffset now) => string.Concat(processes.Select(p => Stat(p, now) + "\n"));

    // By proc(5): 52 fields.
    private string Stat(Seen process, DateTimeOffset now)
    {
        var ran = Math.Max(0, (now - process.Began).TotalSeconds) * process.CpuPercent / 100 * TicksPerSecond;
        var began = Math.Max(0, (process.Began - host.BootedAt).TotalSeconds * TicksPerSecond);
        // Of a kernel that was started anew, the first process begins with it: only the boot id tells its runs apart.
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{process.Pid} ({process.Name}) S {process.Parent} {process.Pid} {process.Pid} 0 -1 4194560 0 0 0 0 {(long)ran} 0 0 0 20 0 1 0 {(long)began} {process.Memory * 2} {process.Memory / 4096} 18446744073709551615 1 1 0 0 0 0 0 4096 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0");
    }

    private sealed record Seen(int Pid, int Parent, string Name, DateTimeOffset Began, double CpuPercent, long Memory, string Cgroup);
}
