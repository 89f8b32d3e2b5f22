using System.Diagnostics;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>From an alert's POST to the restart request at the engine.</summary>
internal sealed class HealingBenchmark : IBenchmark
{
    private const int WarmUp = 150;
    private const int Incidents = 400;

    // Long enough for what follows a restart (its answer, a look, the journal) not to run into the next alert.
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    public string Name => "healing";

    public string Note =>
        $"recorded Kuma body by HTTP on loopback to a `homelab serve` process with its SQLite journal on disk; simulated Docker Engine by TCP in another process; both ends read the machine's monotonic clock. {Incidents} crashed containers of {Incidents} critical services one after another, after {WarmUp} for warm-up. \"shipped\" is container-crash-recovery, which first looks at the container; \"restart only\" is a runbook of that one step. After each incident one bare request to the engine's process and one bare 4 KiB write with fsync are timed: what the machine itself does just then, without the product. Before the restart request there are 3 commits that are waited for and one look at the engine; with the shipped runbook two looks, and the commit of an audit line that may come in between.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken) =>
        [.. await MeasureAsync("restart only", restartOnly: true, cancellationToken), .. await MeasureAsync("shipped", restartOnly: false, cancellationToken)];

    private static async Task<Figure[]> MeasureAsync(string runbook, bool restartOnly, CancellationToken cancellationToken)
    {
        await using var engine = await EngineProcess.StartAsync(WarmUp + Incidents, healthy: false, cancellationToken);
        await using var homelab = await HomelabProcess.StartAsync(LabText.Lab(WarmUp + Incidents, ServiceTier.Critical, engine.Endpoint, restartOnly: restartOnly), cancellationToken);
        var answers = new List<double>();
        var restarts = new List<double>();
        var pings = new List<double>();
        var syncs = new List<double>();
        using var disk = new BareDisk(homelab.Folder);
        using var control = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var ping = new Uri(engine.Endpoint.Replace("tcp:", "http:", StringComparison.Ordinal) + "/_ping");
        for (var i = 0; i < WarmUp + Incidents; i++)
        {
            var (sent, accepted) = await homelab.PostAsync(LabText.Monitor(i), i + 1, cancellationToken);
            var seen = await engine.FirstRestartAsync(LabText.Service(i)).WaitAsync(cancellationToken);
            answers.Add(Samples.Milliseconds(sent, accepted));
            restarts.Add(Samples.Milliseconds(sent, seen));
            await Task.Delay(s_pause, cancellationToken);
            var asked = Stopwatch.GetTimestamp();
            await control.GetStringAsync(ping, cancellationToken);
            pings.Add(Samples.Milliseconds(asked, Stopwatch.GetTimestamp()));
            syncs.Add(disk.Sync());
        }

        var healed = new Samples(restarts.Skip(WarmUp));
        var pinged = new Samples(pings.Skip(WarmUp));
        var synced = new Samples(syncs.Skip(WarmUp));
        var answered = new Samples(answers.Skip(WarmUp));
        return
        [
            Figure.Below($"POST to restart request, {runbook}, p50", healed.Percentile(50), 3, "ms"),
            Figure.Plain($"POST to restart request, {runbook}, p95", healed.Percentile(95), "ms"),
            Figure.Below($"POST to restart request, {runbook}, p99", healed.Percentile(99), 15, "ms"),
            Figure.Plain($"POST to restart request, {runbook}, max of {healed.Count}", healed.Max, "ms"),
            Figure.Plain($"POST to restart request, {runbook}, the very first after the start", restarts[0], "ms"),
            Figure.Plain($"POST to 202, {runbook}, p50", answered.Percentile(50), "ms"),
            Figure.Plain($"POST to 202, {runbook}, p99", answered.Percentile(99), "ms"),
            Figure.Plain("  the machine meanwhile: a bare HTTP request, p50", pinged.Percentile(50), "ms"),
            Figure.Plain("  the machine meanwhile: a bare HTTP request, p99", pinged.Percentile(99), "ms"),
            Figure.Plain("  the machine meanwhile: a bare fsync, p50", synced.Percentile(50), "ms"),
            Figure.Plain("  the machine meanwhile: a bare fsync, p99", synced.Percentile(99), "ms"),
        ];
    }
}
