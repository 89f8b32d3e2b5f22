using System.Diagnostics;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>Ten thousand alerts while fifty containers are down.</summary>
internal sealed class StormBenchmark : IBenchmark
{
    private const int Services = 50;
    private const int Alerts = 10_000;
    private const int Connections = 64;
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(200);

    public string Name => "storm";

    public string Note =>
        $"{Alerts:N0} alerts in turn on {Services} critical services as fast as {Connections} connections go, at a process that has just started, with the shipped runbook, which settles for 30 s before it looks. Restart requests are counted at the engine, until every incident is closed.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        await using var engine = await EngineProcess.StartAsync(Services, healthy: false, cancellationToken);
        await using var homelab = await HomelabProcess.StartAsync(LabText.Lab(Services, ServiceTier.Critical, engine.Endpoint), cancellationToken);
        var number = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(SendAsync, cancellationToken)));
        var accepted = Stopwatch.GetElapsedTime(began);
        var last = (await Task.WhenAll(Enumerable.Range(0, Services).Select(i => engine.FirstRestartAsync(LabText.Service(i)).WaitAsync(cancellationToken)))).Max();
        while (await homelab.OpenIncidentsAsync(cancellationToken) > 0) await Task.Delay(s_look, cancellationToken);
        var closed = Stopwatch.GetElapsedTime(began);

        var restarts = engine.Restarts;
        var most = restarts.CountBy(name => name).Max(n => n.Value);
        var (kept, incidents) = await homelab.KillAndReadAsync(async store => (
            (await store.ListAlertsAsync(int.MaxValue, CancellationToken.None)).Count,
            await store.ListIncidentsAsync(int.MaxValue, CancellationToken.None)));
        return
        [
            Figure.Holds($"restart requests for {Services} containers", $"{restarts.Count} (at most {most} each)", "<= 1 each", most == 1 && restarts.Count == Services),
            Figure.Plain($"until all {Alerts:N0} alerts were on disk and answered", accepted.TotalSeconds, "s"),
            Figure.Plain($"until all {Services} restarts were asked for", Samples.Milliseconds(began, last) / 1000, "s"),
            Figure.Plain("until every service was proved to be back (30 s of it settling)", closed.TotalSeconds, "s"),
            Figure.Holds("alerts on disk after SIGKILL", $"{kept:N0} of {Alerts:N0}", "all", kept == Alerts),
            Figure.Holds("incidents, all of them recovered", $"{incidents.Count(i => i.Status == IncidentStatus.Recovered)} of {incidents.Count}", $"{Services} of {Services}", incidents.Count == Services && incidents.All(i => i.Status == IncidentStatus.Recovered)),
        ];

        async Task SendAsync()
        {
            while (Interlocked.Increment(ref number) is <= Alerts and var next) await homelab.PostAsync(LabText.Monitor(next % Services), next, cancellationToken);
        }
    }
}
