using System.Diagnostics;
using System.Text;
using Homelab.Automation.Healing;
using Homelab.Automation.Tapes;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Tests;

namespace Homelab.Benchmarks;

/// <summary>How fast a long tape is played, and in how much memory.</summary>
internal sealed class TapeBenchmark : IBenchmark
{
    private const int Services = 1_000;
    private const int Machines = 25;
    private const int Entries = 100_000;
    private const int Rounds = 3;
    private const int Marks = 20;
    private const int Megabyte = 1 << 20;

    private readonly MadeTape _tape = new(Services, Machines, seed: 7);

    public string Name => "tape";

    public string Note =>
        $"`homelab backtest` without its output: a file of {Entries:N0} alerts about {Services:N0} services on {Machines} machines (single failures, and of twenty one is a machine with all {Services / Machines} that run there), read, and played with the shipped runbooks, on one thread; best of {Rounds} after one for warm-up. Memory is what is on the managed heap after a full collection, the most of {Marks} marks, the lab and the catalog included, in runs of their own; a tape of a tenth beside it.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        try
        {
            var (shorter, longer) = (Path.Combine(folder.FullName, "short.jsonl"), Path.Combine(folder.FullName, "long.jsonl"));
            await WriteAsync(shorter, Entries / 10, cancellationToken);
            await WriteAsync(longer, Entries, cancellationToken);
            await PlayAsync(shorter, null, cancellationToken);
            var (best, cheapest) = (TimeSpan.MaxValue, TimeSpan.MaxValue);
            var (incidents, allocated) = (0, 0L);
            for (var round = 0; round < Rounds; round++)
            {
                var bytes = GC.GetTotalAllocatedBytes();
                var (began, spent) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
                incidents = await PlayAsync(longer, null, cancellationToken);
                var took = Stopwatch.GetElapsedTime(began);
                allocated = GC.GetTotalAllocatedBytes() - bytes;
                var cost = Environment.CpuUsage.TotalTime - spent;
                if (took < best) best = took;
                if (cost < cheapest) cheapest = cost;
            }

            var little = await HeapAsync(shorter, Entries / 10, cancellationToken);
            var much = await HeapAsync(longer, Entries, cancellationToken);
            return
            [
                Figure.Plain($"alerts per second, a tape of {Entries:N0}", Entries / best.TotalSeconds, "/s"),
                Figure.AtLeast("alerts per second of processor time", Entries / cheapest.TotalSeconds, 20_000, "/s"),
                Figure.Plain("  incidents that it comes to", incidents, ""),
                Figure.Plain("  allocated per alert", (double)allocated / Entries, "B"),
                Figure.Plain($"most on the heap, a tape of {Entries / 10:N0}", little, "MB"),
                Figure.Below($"most on the heap, a tape of {Entries:N0}", much, Math.Ceiling(little) + 4, "MB"),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task WriteAsync(string path, int count, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path, append: false, Encoding.UTF8);
        foreach (var line in _tape.Lines(count)) await file.WriteLineAsync(TapeReading.Write(line, static t => t).AsMemory(), cancellationToken);
    }

    private async Task<double> HeapAsync(string path, int lines, CancellationToken cancellationToken)
    {
        var most = 0L;
        var read = 0;
        await PlayAsync(path, () => most = ++read % (lines / Marks) == 0 ? Math.Max(most, GC.GetTotalMemory(forceFullCollection: true)) : most, cancellationToken);
        return (double)most / Megabyte;
    }

    private async Task<int> PlayAsync(string path, Action? onLine, CancellationToken cancellationToken)
    {
        var context = new ProviderContext(_tape.Lab, Repository.Root, new SecretSource(Repository.Root, new SecretRedactor(), _ => null), TimeProvider.System);
        var catalog = new OperationCatalog(ProviderList.Create(context).SelectMany(p => p.Operations));
        var replay = new Replay(_tape.Lab, catalog, RunbookReader.Read(Path.Combine(Repository.Root, "runbooks")), new HealingTempo(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30)));
        var incidents = 0;
        await replay.PlayAsync(Lines(), Count, cancellationToken);
        return incidents;

        async IAsyncEnumerable<TapeReading> Lines()
        {
            await foreach (var line in TapeReader.ReadAsync(path, cancellationToken))
            {
                onLine?.Invoke();
                yield return line;
            }
        }

        ValueTask Count(HealingForecast incident)
        {
            incidents++;
            return ValueTask.CompletedTask;
        }
    }
}
