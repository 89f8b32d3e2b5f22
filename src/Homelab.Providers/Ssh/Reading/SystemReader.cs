using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Reads what a host says of itself.</summary>
internal static class SystemReader
{
    private const int ShownLength = 200;

    // That of needrestart, by its README.batch: 1 is current, 2 and 3 are a kernel that waits.
    private const int KernelCurrent = 1;

    internal static HostScript Script { get; } = new("""
        s uname; uname -r; uname -m
        s name; cat /proc/sys/kernel/hostname
        s os; cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null
        s uptime; cat /proc/uptime
        s load; cat /proc/loadavg
        s memory; cat /proc/meminfo
        s stat; grep -E '^(btime|cpu[0-9]+) ' /proc/stat
        s boot; cat /proc/sys/kernel/random/boot_id; cut -d ')' -f 2- /proc/1/stat
        s model
        cat /sys/class/dmi/id/sys_vendor /sys/class/dmi/id/product_name 2>/dev/null || tr -d '\0' 2>/dev/null </proc/device-tree/model || cat /tmp/sysinfo/model 2>/dev/null
        s virtualization
        if has systemd-detect-virt; then systemd-detect-virt
        elif [ -r /run/systemd/container ]; then cat /run/systemd/container
        elif [ -e /.dockerenv ]; then echo docker
        elif [ -e /run/.containerenv ]; then echo podman
        fi
        if has who; then s sessions; who; fi
        if [ -d /run/systemd/system ]; then
          s state; systemctl is-system-running
          s failed; systemctl list-units --state=failed --all --plain --no-legend --no-pager && echo done
        fi
        s reboot
        for f in /run/reboot-required /var/run/reboot-required /run/reboot-needed; do
          if [ -e "$f" ]; then echo "file $f"; sed 's/^/package /' "$f.pkgs" 2>/dev/null; break; fi
        done
        if [ -e /usr/share/update-notifier/notify-reboot-required ] || [ -e /etc/kernel/postinst.d/unattended-upgrades ]; then echo watched; fi
        if has needrestart; then needrestart -b -k 2>/dev/null; fi
        if has needs-restarting && [ -e /etc/redhat-release ]; then needs-restarting -r >/dev/null 2>&1; echo "needs-restarting $?"; fi
        if [ -n "$(ls /lib/modules 2>/dev/null)" ] && [ -n "$(ls /boot/vmlinuz* 2>/dev/null)" ] && [ ! -d "/lib/modules/$(uname -r)" ]; then echo modules; fi
        """);

    internal static HostSystem Read(HostSections sections)
    {
        var uname = sections.Lines("uname");
        var os = OsRelease(sections.Lines("os"));
        var memory = MemoryReader.Table(sections.Find("memory") ?? "");
        var load = sections.Line("load").Split(' ');
        var stat = sections.Lines("stat");
        var reasons = Reasons(sections.Lines("reboot"), uname.FirstOrDefault("").Trim());
        return new HostSystem
        {
            Host = sections.Host,
            HostName = Shown(sections.Line("name")),
            Os = Shown(os.GetValueOrDefault("PRETTY_NAME") ?? os.GetValueOrDefault("NAME") ?? "Linux"),
            OsId = Shown(os.GetValueOrDefault("ID") ?? ""),
            OsVersion = Shown(os.GetValueOrDefault("VERSION_ID") ?? ""),
            Kernel = Shown(uname.FirstOrDefault("")),
            Architecture = Shown(uname.ElementAtOrDefault(1) ?? ""),
            Model = Shown(string.Join(' ', sections.Lines("model"))),
            Virtualization = Shown(sections.Line("virtualization")),
            Uptime = Number(sections.Line("uptime").Split(' ')[0]) is { } seconds ? TimeSpan.FromSeconds(Math.Floor(seconds)) : null,
            BootedAt = stat.FirstOrDefault(static l => l.StartsWith("btime ", StringComparison.Ordinal)) is { } line && EpochText.TryRead(line.AsSpan(6), out var booted) ? booted : null,
            BootId = Shown(sections.Line("boot")),
            Load1 = Number(load[0]),
            Load5 = Number(load.ElementAtOrDefault(1)),
            Load15 = Number(load.ElementAtOrDefault(2)),
            Cpus = stat.Count(static l => l.StartsWith("cpu", StringComparison.Ordinal)) is > 0 and var cpus ? cpus : null,
            MemoryTotal = memory.TryGetValue("MemTotal", out var total) ? total : null,
            MemoryAvailable = memory.ContainsKey("MemTotal") ? MemoryReader.Available(memory) : null,
            Sessions = sections.Find("sessions") is null ? null : sections.Lines("sessions").Count,
            State = Shown(sections.Line("state")),
            // The last line says that the list came to its end.
            FailedUnits = sections.Lines("failed") is { Count: > 0 } failed && failed[^1] == "done" ? failed.Count - 1 : null,
            RebootPending = reasons.Count > 0 ? true : IsTold(sections.Lines("reboot")) ? false : null,
            RebootReasons = reasons,
        };
    }

    /// <summary>
    /// What is another after each start: the kernel's boot id, and the start of the first process, which is all that changes in a container.
    /// </summary>
    internal static string? BootMark(HostSections sections)
    {
        // Without its name, the 22nd field of the first process is the 20th.
        const int Start = 19;
        return sections.Lines("boot") is [var id, var first] && first.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > Start } fields ? $"{id.Trim()} {fields[Start]}" : null;
    }

    private static List<string> Reasons(IReadOnlyList<string> lines, string kernel)
    {
        var reasons = new List<string>();
        foreach (var line in lines)
        {
            var words = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            switch (words)
            {
                case ["package", var package]:
                    reasons.Add(Shown(package));
                    break;
                case ["file", var file] when !lines.Any(static l => l.StartsWith("package ", StringComparison.Ordinal)):
                    reasons.Add(Shown(file));
                    break;
                case ["NEEDRESTART-KSTA:", var state] when Number(state) > KernelCurrent:
                    reasons.Add("a newer kernel is installed (needrestart)");
                    break;
                case ["needs-restarting", "1"]:
                    reasons.Add("core packages were updated (needs-restarting)");
                    break;
                case ["modules"]:
                    reasons.Add($"the modules of the running kernel {Shown(kernel)} are gone");
                    break;
            }
        }

        return [.. reasons.Distinct(StringComparer.Ordinal)];
    }

    // A file that nobody would write proves nothing by its absence.
    private static bool IsTold(IReadOnlyList<string> lines) => lines.Any(static l => l is "watched" or "NEEDRESTART-KSTA: 1" or "needs-restarting 0");

    // NAME="a value", in the quotes of a shell or without.
    private static Dictionary<string, string> OsRelease(IReadOnlyList<string> lines)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) values[line[..equals].Trim()] = line[(equals + 1)..].Trim().Trim('"', '\'');
        }

        return values;
    }

    private static double? Number(string? text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Shown(string text) => ForeignText.Clean(text, ShownLength);
}
