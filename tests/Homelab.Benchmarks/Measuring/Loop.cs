using System.Diagnostics;

namespace Homelab.Benchmarks.Measuring;

/// <summary>Runs something small very often on one thread.</summary>
internal static class Loop
{
    private const int Rounds = 5;

    private static object? s_kept;

    /// <summary>Nanoseconds of one run, of the best round (the others were disturbed by somebody), and bytes that it allocates.</summary>
    internal static (double Nanoseconds, double Bytes) Measure(int runs, Func<object?> run)
    {
        Round(runs, run);
        var best = double.MaxValue;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Rounds; i++) best = Math.Min(best, Round(runs, run));
        return (best, (GC.GetAllocatedBytesForCurrentThread() - allocated) / ((double)runs * Rounds));
    }

    private static double Round(int runs, Func<object?> run)
    {
        var began = Stopwatch.GetTimestamp();
        // What is computed for nobody may not be computed at all.
        for (var i = 0; i < runs; i++) s_kept = run();
        return Stopwatch.GetElapsedTime(began).TotalNanoseconds / runs;
    }
}
