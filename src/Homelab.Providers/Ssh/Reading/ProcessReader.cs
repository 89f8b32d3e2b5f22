using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Reads the processes of a host: twice, because what they use of the processors now is the difference of two sums.</summary>
internal static class ProcessReader
{
    // What the kernel counts processor time in for programs, on every architecture that Linux runs on today.
    private const int TicksPerSecond = 100;

    private const int ShownLength = 64;
    private const int ShortId = 12;

    internal static HostScript Script { get; } = new("""
        s passwd; cat /etc/passwd
        s total; head -n 1 /proc/stat; grep -c '^cpu[0-9]' /proc/stat; grep '^btime ' /proc/stat
        s first; ls -d /proc/1
        s before; cat /proc/[0-9]*/stat 2>/dev/null
        sleep 1
        s totals; head -n 1 /proc/stat
        s after; cat /proc/[0-9]*/stat 2>/dev/null
        s status; grep -H -E '^(Uid|VmRSS|VmSwap|Threads):' /proc/[0-9]*/status 2>/dev/null
        s cgroup; grep -H -E '^(0:|[0-9]+:(name=systemd|pids):)' /proc/[0-9]*/cgroup 2>/dev/null
        """)
    { MaxOutput = 32 * 1024 * 1024 };

    /// <exception cref="HomelabException"><c>ProcessesHidden</c> (Denied): the account sees only its own.</exception>
    internal static IReadOnlyList<RunningProcess> Read(HostSections sections)
    {
        if (sections.Line("first") != "/proc/1")
        {
            throw HostErrors.Make(
                ErrorKind.Denied,
                "ProcessesHidden",
                $"{sections.Host} hides the processes of others from this account (hidepid), and a part of them is not told as the whole.",
                $"Add the account of hosts.{sections.Host}.ssh.user to the group that /proc is mounted with (gid=).",
                sections.Host);
        }

        var users = Users(sections.Lines("passwd"));
        var facts = Facts(sections.Lines("status"));
        var units = Units(sections.Lines("cgroup"));
        var before = sections.Lines("before").Select(ProcessLine.Read).OfType<ProcessLine>().GroupBy(static p => (p.Pid, p.Start)).ToDictionary(static g => g.Key, static g => g.First().Ticks);
        var total = sections.Lines("total");
        var cpus = int.TryParse(total.ElementAtOrDefault(1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : 1;
        var passed = (double)(Ticks(sections.Line("totals")) - Ticks(total.FirstOrDefault(""))) / cpus;
        DateTimeOffset? booted = EpochText.TryRead(total.ElementAtOrDefault(2)?.Replace("btime ", "", StringComparison.Ordinal), out var time) ? time : null;
        var processes = sections.Lines("after").Select(ProcessLine.Read).OfType<ProcessLine>().Select(p =>
        {
            var fact = facts.GetValueOrDefault(p.Pid) ?? [];
            // One that began between the two looks has used all it has used since.
            var used = p.Ticks - before.GetValueOrDefault((p.Pid, p.Start));
            var uid = fact.GetValueOrDefault("Uid", "");
            return new RunningProcess
            {
                Host = sections.Host,
                Pid = p.Pid,
                ParentPid = p.Parent,
                Name = ForeignText.Clean(p.Name, ShownLength),
                User = ForeignText.Clean(users.GetValueOrDefault(uid, uid), ShownLength),
                State = ForeignText.Clean(p.State, ShownLength),
                Cpu = passed > 0 ? Math.Round(Math.Max(0, used / passed), 3) : 0,
                CpuTime = TimeSpan.FromSeconds((double)p.Ticks / TicksPerSecond),
                Memory = Kibi(fact.GetValueOrDefault("VmRSS")),
                Swap = Kibi(fact.GetValueOrDefault("VmSwap")),
                Threads = int.TryParse(fact.GetValueOrDefault("Threads"), NumberStyles.None, CultureInfo.InvariantCulture, out var threads) ? threads : 0,
                StartedAt = booted?.AddSeconds(Math.Floor((double)p.Start / TicksPerSecond)),
                Unit = units.GetValueOrDefault(p.Pid, ""),
            };
        }).ToArray();
        return processes.Length > 0 ? processes : throw HostErrors.Unreadable(sections.Host, "there is no process in /proc");
    }

    private static Dictionary<string, string> Users(IReadOnlyList<string> lines)
    {
        var users = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            if (line.Split(':') is [var name, _, var uid, ..]) users.TryAdd(uid, name);
        }

        return users;
    }

    // "/proc/12/status:VmRSS:	    1048 kB"
    private static Dictionary<int, Dictionary<string, string>> Facts(IReadOnlyList<string> lines)
    {
        var facts = new Dictionary<int, Dictionary<string, string>>();
        foreach (var line in lines)
        {
            if (Split(line, "/status:") is not { } found || found.Text.Split(':', 2) is not [var name, var value]) continue;
            if (!facts.TryGetValue(found.Pid, out var of)) facts[found.Pid] = of = new Dictionary<string, string>(StringComparer.Ordinal);
            // Of the four user ids the first is who started it; of a size the number.
            of[name] = value.Split((char[])['\t', ' '], StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
        }

        return facts;
    }

    private static Dictionary<int, string> Units(IReadOnlyList<string> lines)
    {
        var units = new Dictionary<int, string>();
        foreach (var line in lines)
        {
            if (Split(line, "/cgroup:") is not { } found || found.Text.Split(':', 3) is not [_, _, var path]) continue;
            if (UnitOf(path) is { Length: > 0 } unit) units.TryAdd(found.Pid, unit);
        }

        return units;
    }

    /// <summary>The unit or container in a path of cgroups: <c>nginx.service</c> of <c>/system.slice/nginx.service</c>.</summary>
    internal static string UnitOf(string path)
    {
        var parts = path.Split('/');
        for (var i = parts.Length - 1; i > 0; i--)
        {
            if (parts[i].EndsWith(".service", StringComparison.Ordinal) || parts[i].EndsWith(".scope", StringComparison.Ordinal)) return ForeignText.Clean(parts[i], 4 * ShownLength);
            if (parts[i - 1] == "docker" && parts[i].Length > ShortId) return "docker-" + ForeignText.Clean(parts[i][..ShortId], ShortId);
        }

        return "";
    }

    private static (int Pid, string Text)? Split(string line, string after)
    {
        const int Folder = 6;
        var at = line.IndexOf(after, StringComparison.Ordinal);
        return at > Folder && int.TryParse(line.AsSpan(Folder, at - Folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? (pid, line[(at + after.Length)..]) : null;
    }

    // "cpu  1 2 3 …": user, nice, system, idle, iowait, irq, softirq, steal; guests are counted in user already.
    private static long Ticks(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Sum(static w => long.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0);

    private static long Kibi(string? text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * 1024 : 0;
}

/// <summary>A line of <c>/proc/{pid}/stat</c>.</summary>
internal sealed record ProcessLine(int Pid, string Name, string State, int Parent, long Ticks, long Start)
{
    // By proc(5), from 0 after the name: state, parent, …, utime, stime, …, starttime.
    private const int User = 11;
    private const int System = 12;
    private const int Began = 19;

    /// <summary>Null where the line is none: a process that ended while it was read.</summary>
    internal static ProcessLine? Read(string line)
    {
        // A name may hold blanks and brackets; nothing behind it does.
        var begin = line.IndexOf('(', StringComparison.Ordinal);
        var end = line.LastIndexOf(')');
        if (begin < 1 || end < begin || !int.TryParse(line.AsSpan(0, begin).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)) return null;
        var fields = line[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > Began
            && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var parent)
            && long.TryParse(fields[User], NumberStyles.None, CultureInfo.InvariantCulture, out var user)
            && long.TryParse(fields[System], NumberStyles.None, CultureInfo.InvariantCulture, out var system)
            && long.TryParse(fields[Began], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
                ? new ProcessLine(pid, line[(begin + 1)..end], fields[0], parent, user + system, start)
                : null;
    }
}
