using System.Globalization;
using System.Text.RegularExpressions;

namespace Homelab.Providers.Ssh;

/// <summary>Reads how full file systems are.</summary>
internal static partial class DiskReader
{
    private const long Kibi = 1024;

    // By stat where there is one: exact, and one line whatever the device is called. df is asked of one folder at a time, so that its names need not be read.
    internal static HostScript Script { get; } = new(MountTable.Looks + $$"""
        s sizes
        n=0
        each | while read -r source mount type rest; do
          n=$((n + 1))
          case $type in {{MountTable.Pseudo}}) continue ;; esac
          case $silent in *" $n "*) echo "$n silent"; continue ;; esac
          at=$(place "$mount")
          if said=$(stat -f -c '%S %b %f %a %c %d' -- "$at" 2>/dev/null </dev/null); then echo "$n stat $said"
          elif said=$(df -P -k -- "$at" 2>&1 </dev/null); then
            echo "$n df $(printf '%s\n' "$said" | tail -n 1)"
            echo "$n inodes $(df -P -i -- "$at" 2>/dev/null </dev/null | tail -n 1)"
          else echo "$n fails $(printf %s "$said" | tail -n 1)"
          fi
        done
        """);

    /// <summary>Those that could be measured, and those that could not, with the reason.</summary>
    internal static (IReadOnlyList<HostDisk> Disks, IReadOnlyList<string> Problems) Read(HostSections sections, TimeSpan patience, bool all)
    {
        var notes = MountTable.Notes(sections, "sizes");
        var disks = new List<HostDisk>();
        var problems = new List<string>();
        foreach (var line in MountTable.Read(sections))
        {
            if (!all && MountTable.IsPassing(line)) continue;
            var said = notes[line.Number].ToArray();
            if (said.Length == 0) continue;
            if (said is ["silent"]) problems.Add($"{HostErrors.Shown(line.Mount)} ({HostErrors.Shown(line.Source)}) did not answer within {Duration.Format(patience)}");
            else if (Measure(sections.Host, line, said) is not { } disk) problems.Add($"{HostErrors.Shown(line.Mount)}: {HostErrors.Shown(said[0])}");
            else if (all || disk.Size > 0) disks.Add(disk);
        }

        return (all ? disks : Once(disks), problems);
    }

    // One device may be mounted in many places; the shortest path is the one people know, as for df.
    private static List<HostDisk> Once(List<HostDisk> disks)
    {
        var first = disks.Where(static d => d.Source.StartsWith("/dev/", StringComparison.Ordinal))
            .GroupBy(static d => d.Source, StringComparer.Ordinal)
            .Select(static g => g.MinBy(static d => d.Mount.Length)!)
            .ToHashSet();
        return [.. disks.Where(d => first.Contains(d) || !d.Source.StartsWith("/dev/", StringComparison.Ordinal))];
    }

    private static HostDisk? Measure(string host, MountLine line, string[] said)
    {
        if (said[0].StartsWith("stat ", StringComparison.Ordinal))
        {
            var numbers = said[0].Split(' ').Skip(1).Select(Number).ToArray();
            if (numbers is not [{ } block, { } all, { } free, { } available, { } inodes, { } inodesFree]) return null;
            return Of(host, line, block * all, block * (all - free), block * available, inodes, inodes - inodesFree);
        }

        if (Match(said, "df ") is not [var size, var used, var rest]) return null;
        var counts = Match(said, "inodes ");
        return Of(host, line, size * Kibi, used * Kibi, rest * Kibi, counts?[0] ?? 0, counts?[1] ?? 0);
    }

    // The first three numbers before a share are all, used and left, whatever words stand before them.
    private static long[]? Match(string[] said, string word) =>
        said.FirstOrDefault(s => s.StartsWith(word, StringComparison.Ordinal)) is { } line && Numbers().Match(line) is { Success: true } match
            ? [.. match.Groups["n"].Captures.Select(static c => long.Parse(c.ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))]
            : null;

    private static HostDisk Of(string host, MountLine line, long size, long used, long available, long inodes, long inodesUsed) => new()
    {
        Host = host,
        Mount = line.Mount,
        Source = line.Source,
        Type = line.Type,
        Size = size,
        Used = used,
        Available = available,
        Fraction = size > 0 && used + Math.Max(0, available) > 0 ? (double)used / (used + Math.Max(0, available)) : null,
        Inodes = inodes,
        InodesUsed = inodesUsed,
        InodeFraction = inodes > 0 ? (double)inodesUsed / inodes : null,
        ReadOnly = line.IsReadOnly,
    };

    private static long? Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    [GeneratedRegex(@"\s(?<n>\d{1,18})\s+(?<n>\d{1,18})\s+(?<n>-?\d{1,18})\s+(\d+%|-)\s", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Numbers();
}
