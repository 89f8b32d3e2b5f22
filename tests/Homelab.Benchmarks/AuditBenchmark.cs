using System.Diagnostics;
using Homelab.Benchmarks.Measuring;
using Homelab.State;

namespace Homelab.Benchmarks;

/// <summary>A durable line in the hash-chained audit.</summary>
internal sealed class AuditBenchmark : IBenchmark
{
    private const int WarmUp = 500;
    private const int Lines = 3000;
    private const int Callers = 64;
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(4);

    public string Name => "audit";

    public string Note => $"IGateStore.AppendAuditAsync(durable: true) on SQLite with synchronous=FULL in the temp folder: {Lines:N0} lines by one caller, then {Callers} callers for {s_length.TotalSeconds} s, who share commits. The chain is verified at the end.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        try
        {
            await using var store = await SqliteStore.OpenAsync(Path.Combine(folder.FullName, "homelab.db"), TimeProvider.System, cancellationToken);
            var times = new List<double>();
            for (var i = 0; i < WarmUp + Lines; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await store.AppendAuditAsync(Line(), durable: true, cancellationToken);
                times.Add(Samples.Milliseconds(began, Stopwatch.GetTimestamp()));
            }

            var single = new Samples(times.Skip(WarmUp));
            var start = Stopwatch.GetTimestamp();
            var written = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(WriteAsync, cancellationToken)));
            var rate = written.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
            var verdict = await AuditChain.VerifyAsync(store.ReadAuditAsync(1, cancellationToken), cancellationToken);
            var expected = WarmUp + Lines + written.Sum();
            return
            [
                Figure.Plain("append, one caller, p50", single.Percentile(50), "ms"),
                Figure.Plain("append, one caller, p99", single.Percentile(99), "ms"),
                Figure.Plain($"appends per second, {Callers} callers", rate, "/s"),
                Figure.Holds("lines in one unbroken chain", $"{verdict.Line:N0} of {expected:N0}", "all", verdict.Intact && verdict.Line == expected),
            ];

            async Task<int> WriteAsync()
            {
                var count = 0;
                for (; Stopwatch.GetElapsedTime(start) < s_length; count++) await store.AppendAuditAsync(Line(), durable: true, cancellationToken);
                return count;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static AuditEntry Line() => new()
    {
        Time = DateTimeOffset.UtcNow,
        Kind = AuditKind.Outcome,
        Operation = "docker_restart_container",
        Target = "container:gitea@dev",
        Trigger = "webhook",
        Identity = "uptime-alert",
        Decision = "Auto (access.level: the caller's level suffices; policy.matrix: the default matrix lets docker_restart_container run by itself)",
        Result = "succeeded",
        Incident = "0199e1b2c3d4e5f60718293a4b5c6d7e",
        Run = "0199e1b2c3d4e5f60718293a4b5c6d7f",
        Change = "0199e1b2c3d4e5f60718293a4b5c6d80",
    };
}
