using System.Diagnostics;

namespace Homelab.Benchmarks.Measuring;

/// <summary>Single measurements, none left out, and where they lie.</summary>
internal sealed class Samples(IEnumerable<double> values)
{
    private readonly double[] _sorted = [.. values.Order()];

    internal int Count => _sorted.Length;

    internal double Min => _sorted[0];

    internal double Max => _sorted[^1];

    /// <summary>The same in another unit.</summary>
    internal Samples Scaled(double factor) => new(_sorted.Select(v => v * factor));

    /// <summary>The nearest rank: a value that was measured, not one computed between two.</summary>
    internal double Percentile(double percent) => _sorted[Math.Clamp((int)Math.Ceiling(percent / 100 * _sorted.Length) - 1, 0, _sorted.Length - 1)];

    /// <summary>Milliseconds between two readings of <see cref="Stopwatch.GetTimestamp"/>; the clock is the machine's, so they may come from two processes.</summary>
    internal static double Milliseconds(long from, long to) => Stopwatch.GetElapsedTime(from, to).TotalMilliseconds;
}
