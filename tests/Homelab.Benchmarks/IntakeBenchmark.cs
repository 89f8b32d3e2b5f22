using System.Diagnostics;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>How many alerts can be taken in for good in a second.</summary>
internal sealed class IntakeBenchmark : IBenchmark
{
    private const int Connections = 64;
    private static readonly TimeSpan s_warmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(6);

    public string Name => "intake";

    public string Note =>
        $"{Connections} connections, each sending the next alert when it has the 202 of the last; {s_length.TotalSeconds} s after {s_warmUp.TotalSeconds} s for warm-up; every alert is a new one. Then the process is killed with SIGKILL and the alerts in its file are counted. The sender runs on the same cores.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken) =>
        [.. await MeasureAsync("of a service with an open incident", LabText.Monitor(0), cancellationToken), .. await MeasureAsync("that fit no service", "Somebody else's", cancellationToken)];

    private static async Task<Figure[]> MeasureAsync(string what, string monitor, CancellationToken cancellationToken)
    {
        // A standard service is given half an hour: its incident stays open and no engine is needed.
        await using var homelab = await HomelabProcess.StartAsync(LabText.Lab(services: 1, ServiceTier.Standard, "tcp://127.0.0.1:1"), cancellationToken);
        var number = 0;
        var total = 0;
        var counted = 0;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(SendAsync, cancellationToken)));
        var memory = homelab.MegabytesResident;
        var kept = await homelab.KillAndReadAsync(async store => (await store.ListAlertsAsync(int.MaxValue, CancellationToken.None)).Count);
        return
        [
            Figure.AtLeast($"durable 202s per second, alerts {what}", counted / s_length.TotalSeconds, 3000, "/s"),
            Figure.Holds($"alerts on disk after SIGKILL, {what}", $"{kept:N0} of {total:N0}", "all", kept == total),
            Figure.Plain($"memory after {total:N0} alerts {what}", memory, "MB"),
        ];

        async Task SendAsync()
        {
            while (true)
            {
                var (_, accepted) = await homelab.PostAsync(monitor, Interlocked.Increment(ref number), cancellationToken);
                Interlocked.Increment(ref total);
                var at = Stopwatch.GetElapsedTime(began, accepted);
                if (at > s_warmUp + s_length) return;
                if (at > s_warmUp) Interlocked.Increment(ref counted);
            }
        }
    }
}
