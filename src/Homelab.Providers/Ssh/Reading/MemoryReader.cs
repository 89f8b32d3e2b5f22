using System.Globalization;

namespace Homelab.Providers.Ssh;

/// <summary>Reads <c>/proc/meminfo</c>.</summary>
internal static class MemoryReader
{
    private const long Kibi = 1024;

    internal static HostScript Script { get; } = new("s memory; cat /proc/meminfo");

    internal static HostMemory Read(HostSections sections)
    {
        var table = Table(sections.Text("memory"));
        if (!table.TryGetValue("MemTotal", out var total)) throw HostErrors.Unreadable(sections.Host, "/proc/meminfo has no MemTotal");
        var free = table.GetValueOrDefault("MemFree");
        var cached = table.GetValueOrDefault("Cached") + table.GetValueOrDefault("SReclaimable");
        var buffers = table.GetValueOrDefault("Buffers");
        var available = Available(table);
        var used = Math.Max(0, total - available);
        var swap = table.GetValueOrDefault("SwapTotal");
        return new HostMemory
        {
            Host = sections.Host,
            Total = total,
            Available = available,
            Used = used,
            Free = free,
            Cached = cached,
            Buffers = buffers,
            Fraction = total > 0 ? (double)used / total : 0,
            SwapTotal = swap,
            SwapUsed = Math.Max(0, swap - table.GetValueOrDefault("SwapFree")),
        };
    }

    /// <summary>Names and bytes.</summary>
    internal static Dictionary<string, long> Table(string text)
    {
        var table = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 0) continue;
            var value = line.AsSpan(colon + 1).Trim();
            var isKibi = value.EndsWith("kB", StringComparison.Ordinal);
            if (isKibi) value = value[..^2].TrimEnd();
            if (long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) table[line[..colon]] = number * (isKibi ? Kibi : 1);
        }

        return table;
    }

    /// <summary>What new programs can have. Kernels before 3.14 do not say it: then what is free, and what the kernel keeps of files.</summary>
    internal static long Available(Dictionary<string, long> table) =>
        table.TryGetValue("MemAvailable", out var available)
            ? available
            : Math.Max(0, table.GetValueOrDefault("MemFree") + table.GetValueOrDefault("Buffers") + table.GetValueOrDefault("Cached") - table.GetValueOrDefault("Shmem"));
}
