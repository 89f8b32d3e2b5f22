using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.Lab;

namespace Homelab.Benchmarks;

/// <summary>What the program needs while nothing happens, and how soon it is there.</summary>
internal sealed class IdleBenchmark : IBenchmark
{
    private const int Starts = 5;
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(6);

    public string Name => "idle";

    public string Note =>
        $"`dotnet homelab.dll serve` as built for release, with the demo's lab file (5 hosts, 11 services, checks, Kuma, Telegram) and a new state file, {Starts} times: from the start of the process until its \"ready\" line was read, and the resident memory {s_idle.TotalSeconds} s later as the kernel counts it, shared libraries included, without a forced collection.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var lab = await SimulatedHomelab.StartAsync(cancellationToken);
        var ready = new List<double>();
        var cost = new List<double>();
        var memory = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            await using var homelab = await HomelabProcess.StartAsync(lab.LabFile(), cancellationToken, lab.Tokens.Environment.ToDictionary(StringComparer.Ordinal));
            ready.Add(homelab.ReadyAfter.TotalSeconds);
            cost.Add(homelab.ReadyCost.TotalSeconds);
            await Task.Delay(s_idle, cancellationToken);
            memory.Add(homelab.MegabytesResident);
        }

        var starts = new Samples(ready);
        return
        [
            Figure.Below("ready after start, median", starts.Percentile(50), 0.5, "s"),
            Figure.Plain("ready after start, fastest", starts.Min, "s"),
            Figure.Plain("ready after start, slowest", starts.Max, "s"),
            Figure.Plain("processor time until ready, median", new Samples(cost).Percentile(50), "s"),
            Figure.Below("resident memory when idle, median", new Samples(memory).Percentile(50), 90, "MB"),
        ];
    }
}
