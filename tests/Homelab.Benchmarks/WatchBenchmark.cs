using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>From Docker's own "unhealthy" to the restart request.</summary>
internal sealed class WatchBenchmark : IBenchmark
{
    private const int WarmUp = 100;
    private const int Incidents = 300;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(25);

    public string Name => "watch";

    public string Note =>
        $"providers.docker.watch: a container of the simulated engine becomes unhealthy, its event goes out, and the restart comes back; both read in the engine's process. Shipped runbook. {Incidents} containers one after another, after {WarmUp} for warm-up.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var engine = await EngineProcess.StartAsync(WarmUp + Incidents, healthy: true, cancellationToken);
        await using var homelab = await HomelabProcess.StartAsync(LabText.Lab(WarmUp + Incidents, ServiceTier.Critical, engine.Endpoint, watch: true), cancellationToken);
        await engine.WatchedAsync(cancellationToken);
        // The request has come; the engine begins to tell a little later.
        await Task.Delay(s_warmUp, cancellationToken);
        var times = new List<double>();
        for (var i = 0; i < WarmUp + Incidents; i++)
        {
            var ill = await engine.MakeUnhealthyAsync(LabText.Service(i), cancellationToken);
            var seen = await engine.FirstRestartAsync(LabText.Service(i)).WaitAsync(cancellationToken);
            times.Add(Samples.Milliseconds(ill, seen));
            await Task.Delay(s_pause, cancellationToken);
        }

        var measured = new Samples(times.Skip(WarmUp));
        return
        [
            Figure.Below("unhealthy event to restart request, p50", measured.Percentile(50), 15, "ms"),
            Figure.Plain("unhealthy event to restart request, p95", measured.Percentile(95), "ms"),
            Figure.Plain("unhealthy event to restart request, p99", measured.Percentile(99), "ms"),
            Figure.Plain($"unhealthy event to restart request, max of {measured.Count}", measured.Max, "ms"),
        ];
    }
}
