using System.Globalization;

namespace Homelab.Lab.Hosts;

/// <summary>What <c>/proc</c>, <c>/etc/os-release</c>, systemd and the package tools tell of a simulated host as a whole.</summary>
internal sealed class SystemSections(SimulatedHost host)
{
    private const long Kibi = 1024;

    internal IEnumerable<(string Name, string Told)> All()
    {
        var spec = host.Spec;
        var up = (host.Time.GetUtcNow() - host.BootedAt).TotalSeconds;
        var load = host.Load.ToString("F2", CultureInfo.InvariantCulture);
        yield return ("uname", $"{spec.Kernel}\nx86_64\n");
        yield return ("name", host.Name + "\n");
        yield return ("os", $"PRETTY_NAME=\"{spec.Os.Pretty}\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"{spec.Os.Version}\"\nID={spec.Os.Id}\nHOME_URL=\"https://www.debian.org/\"\n");
        yield return ("uptime", string.Create(CultureInfo.InvariantCulture, $"{up:F2} {up * spec.Cpus * 0.9:F2}\n"));
        yield return ("load", $"{load} {load} {load} 2/312 4711\n");
        yield return ("memory", Memory());
        yield return ("stat", string.Concat(Enumerable.Range(0, spec.Cpus).Select(static n => string.Create(CultureInfo.InvariantCulture, $"cpu{n} 10132153 290696 3084719 46828483 16683 0 25195 0 175628 0\n"))) + ProcessSections.Booted(host));
        yield return ("boot", $"{host.BootId}\n{ProcessSections.First(host)}\n");
        yield return ("model", string.Concat(spec.Model.Select(static m => m + "\n")));
        yield return ("virtualization", spec.Virtualization + "\n");
        yield return ("sessions", $"{SimulatedHost.User} pts/0        {host.BootedAt:yyyy-MM-dd HH:mm} (127.0.0.1)\n");
        var failed = host.Units.Where(static u => u.State == "failed").ToArray();
        yield return ("state", failed.Length == 0 ? "running\n" : "degraded\n");
        yield return ("failed", string.Concat(failed.Select(static u => $"{u.Name} loaded failed failed {u.Description}\n")) + "done\n");
        yield return ("reboot", Reboot());
    }

    internal string Memory()
    {
        var (total, used) = (host.Spec.Memory / Kibi, host.MemoryUsed / Kibi);
        // Of what is not used, the kernel keeps the larger part filled with files.
        var free = (total - used) / 4;
        var swap = host.Spec.Swap / Kibi;
        return string.Concat(
            Line("MemTotal", total),
            Line("MemFree", free),
            Line("MemAvailable", total - used),
            Line("Buffers", (total - used) / 20),
            Line("Cached", (total - used) / 2),
            Line("SwapCached", 0),
            Line("Shmem", 2048),
            Line("SReclaimable", (total - used) / 10),
            Line("SwapTotal", swap),
            Line("SwapFree", swap - (host.SwapUsed / Kibi)));

        static string Line(string name, long kibi) => string.Create(CultureInfo.InvariantCulture, $"{name + ":",-16}{kibi,8} kB\n");
    }

    private string Reboot() => (host.RebootPackages.Count == 0 ? "" : "file /run/reboot-required\n" + string.Concat(host.RebootPackages.Select(static p => $"package {p}\n"))) + "watched\n";
}
