using System.Globalization;
using System.Runtime.InteropServices;

namespace Homelab.Benchmarks.Measuring;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const int Syncs = 300;

    internal static IEnumerable<string> Describe()
    {
        yield return $"{Environment.ProcessorCount} cores ({Processor()}), {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1 << 30)} GiB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Load()}";
        yield return Disk();
    }

    /// <summary>How busy the machine was in the minute before; whatever else runs takes its share of the cores.</summary>
    internal static string Load() => File.Exists("/proc/loadavg") ? $"load before {File.ReadAllText("/proc/loadavg").Split(' ')[0]}" : "load unknown";

    private static string Processor()
    {
        const string Facts = "/proc/cpuinfo";
        var line = File.Exists(Facts) ? File.ReadLines(Facts).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string Disk()
    {
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        try
        {
            using var disk = new BareDisk(folder);
            var syncs = new Samples(Enumerable.Range(0, Syncs).Select(_ => disk.Sync()));
            return string.Create(CultureInfo.InvariantCulture, $"temp folder on {new DriveInfo(folder.FullName).DriveFormat}; a bare 4 KiB write and fsync there takes p50 {syncs.Percentile(50):F2}, p95 {syncs.Percentile(95):F2}, p99 {syncs.Percentile(99):F2} ms");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
