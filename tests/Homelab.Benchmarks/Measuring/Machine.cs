using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Homelab.Benchmarks.Measuring;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const int Page = 4096;
    private const int Syncs = 300;

    internal static IEnumerable<string> Describe()
    {
        yield return $"{Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Load()}";
        yield return Disk();
    }

    /// <summary>How busy the machine was in the last minute; the figures share the cores with whatever else ran.</summary>
    internal static string Load() => File.Exists("/proc/loadavg") ? $"load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "load unknown";

    private static string Processor()
    {
        const string Facts = "/proc/cpuinfo";
        var line = File.Exists(Facts) ? File.ReadLines(Facts).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    // The floor under everything that is durable: one page written in place, and a sync.
    private static string Disk()
    {
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        try
        {
            using var file = File.OpenHandle(Path.Combine(folder.FullName, "sync"), FileMode.Create, FileAccess.Write, FileShare.None, FileOptions.None, Page * Syncs);
            var page = new byte[Page];
            for (var i = 0; i < Syncs; i++) RandomAccess.Write(file, page, i * Page);
            RandomAccess.FlushToDisk(file);
            var syncs = new Samples(Enumerable.Range(0, Syncs).Select(i =>
            {
                RandomAccess.Write(file, page, i * Page);
                var from = Stopwatch.GetTimestamp();
                RandomAccess.FlushToDisk(file);
                return Samples.Milliseconds(from, Stopwatch.GetTimestamp());
            }));
            return string.Create(CultureInfo.InvariantCulture, $"temp folder on {new DriveInfo(folder.FullName).DriveFormat}; a bare 4 KiB fsync there takes p50 {syncs.Percentile(50):F2}, p95 {syncs.Percentile(95):F2}, p99 {syncs.Percentile(99):F2} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
