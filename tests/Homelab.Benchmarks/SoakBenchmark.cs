using Homelab.Benchmarks.Measuring;
using Homelab.UnitTests.Automation.Soaking;

namespace Homelab.Benchmarks;

/// <summary>What is left of a day: memory, waits, and how large the state becomes.</summary>
internal sealed class SoakBenchmark : IBenchmark
{
    private static readonly TimeSpan s_length = TimeSpan.FromHours(24);

    public string Name => "soak";

    public string Note =>
        $"{s_length.TotalHours} hours in time that is moved by hand, over the real store in the temp folder: 200 services on 8 machines, each looked at once a minute; six failures in ten minutes, each told by two monitoring systems, again each minute until it is over, and each tenth alert twice; in each hour a storm of 31 services with one root, told twenty times; one restart in eight helps nobody, each tenth message is not taken; the clock sets a runbook off every five minutes. The heap is what is on it after a full collection, the least and the most of 144 marks.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var soak = await Soak.StartAsync(cancellationToken);
        var marks = await soak.PassAsync(s_length, cancellationToken);
        foreach (var mark in marks.Where(static (_, i) => i % 6 == 5)) await Console.Error.WriteLineAsync(mark.ToString());
        var calm = await soak.CalmAsync(cancellationToken);
        var (first, last) = (marks[5], marks[^1]);
        var before = marks[^7].Processor - marks[^13].Processor;
        return
        [
            Figure.Plain("alerts", calm.Alerts, ""),
            Figure.Plain("heap after the first hour", first.Heap, "MB"),
            Figure.Below("heap after the last", last.Heap, Math.Ceiling(first.Heap) + 1, "MB"),
            Figure.Plain("  least of all marks", marks.Min(static m => m.Heap), "MB"),
            Figure.Plain("  most of all marks", marks.Max(static m => m.Heap), "MB"),
            Figure.Plain("threads of the pool, at most", marks.Max(static m => m.Threads), ""),
            Figure.Holds("incidents open, and worked on, when all is well", $"{calm.Open}, {calm.Active}", "0, 0", calm is { Open: 0, Active: 0 }),
            Figure.Plain("processor time of the second hour", (marks[11].Processor - first.Processor).TotalSeconds, "s"),
            Figure.Plain("processor time of the last but one", before.TotalSeconds, "s"),
            Figure.Plain("the state after the first hour", first.State, "MB"),
            Figure.Plain("the state after the last", last.State, "MB"),
            Figure.Plain("  lines of audit in it, which are kept for ever", await soak.CountAuditAsync(cancellationToken), ""),
        ];
    }
}
