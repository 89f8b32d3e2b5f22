using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.Benchmarks;

/// <summary>What it takes to see which hosts are up, against the shell's loop over <c>ping</c>.</summary>
internal sealed class SweepBenchmark : IBenchmark
{
    private const int WarmUp = 5;
    private const int Runs = 30;
    private const int SilentRuns = 5;
    private const int Answering = 95;

    // Without ping, the loop asks by TCP, which the same shell can do by itself.
    private static readonly bool s_hasPing = File.Exists("/usr/bin/ping") || File.Exists("/bin/ping");

    private static readonly string s_look = s_hasPing ? "ping -c 1 -W 2 \"$ip\"" : "timeout 2 bash -c \"</dev/tcp/$ip/22\"";

    public string Name => "sweep";

    public string Note =>
        $"`network_ping` of every host of a lab file, in the benchmark's process, through the gate, its audit on disk; {Runs} times after {WarmUp} for warm-up ({SilentRuns} with silent hosts). The loop is bash's: `for ip in …; do {s_look} …; done`, once{(s_hasPing ? "" : ", by TCP because there is no ping here")}. Hosts that are up are 127.0.1.x, or a network namespace's where some are silent: behind those addresses there is nobody, and each look waits two seconds.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var count in (int[])[5, 100])
        {
            string[] hosts = [.. Enumerable.Range(1, count).Select(static n => string.Create(CultureInfo.InvariantCulture, $"127.0.1.{n}"))];
            figures.AddRange(await CompareAsync($"{count} hosts, all up", hosts, count, Runs, cancellationToken));
        }

        if (SilentNetwork.Missing is { } missing)
        {
            figures.Add(new Figure("hosts that are silent", "not measured: " + missing));
            return figures;
        }

        await using var network = await SilentNetwork.CreateAsync(Answering, cancellationToken);
        foreach (var (up, down) in ((int, int)[])[(3, 2), (90, 10)])
        {
            // Those behind the answering ones are silent.
            string[] hosts = [.. Enumerable.Range(1, up).Concat(Enumerable.Range(Answering + 1, down)).Select(SilentNetwork.Address)];
            figures.AddRange(await CompareAsync($"{up + down} hosts, {down} of them silent", hosts, up, SilentRuns, cancellationToken));
        }

        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> CompareAsync(string what, string[] hosts, int up, int runs, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("hl-sweep-");
        try
        {
            var file = Path.Combine(folder.FullName, "lab.yaml");
            var text = new StringBuilder("apiVersion: homelab/v1\nkind: Lab\nmetadata: { name: sweep }\nhosts:\n");
            for (var i = 0; i < hosts.Length; i++) text.Append(CultureInfo.InvariantCulture, $"  h{i}: {{ address: {hosts[i]} }}\n");
            await File.WriteAllTextAsync(file, text.ToString(), cancellationToken);
            await using var runtime = await HomelabRuntime.OpenAsync(new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(file), new RuntimeOptions(), cancellationToken);
            if (up == hosts.Length)
            {
                for (var i = 0; i < WarmUp; i++) await SweepAsync(runtime, up, cancellationToken);
            }

            var times = new List<double>();
            for (var i = 0; i < runs; i++)
            {
                var began = Stopwatch.GetTimestamp();
                await SweepAsync(runtime, up, cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            var ours = new Samples(times);
            var loop = await LoopAsync(hosts, up, cancellationToken);
            // What is silent has to be waited out once; nothing else may be noticed beside it.
            var aim = up == hosts.Length ? (hosts.Length <= 5 ? 5 : 25) : 2500;
            return
            [
                Figure.Spread(what, ours, "ms", aim),
                Figure.Plain($"{what}: the shell's loop", loop, "ms"),
                Figure.Plain($"{what}: times as fast", loop / ours.Percentile(50), ""),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task SweepAsync(HomelabRuntime runtime, int up, CancellationToken cancellationToken)
    {
        var seen = 0;
        var request = new GateRequest { Operation = "network_ping", Json = JsonSerializer.SerializeToElement(new { }), Caller = new Caller(Face.Interactive, "benchmark") };
        await foreach (var item in runtime.Gate.QueryAsync(request, cancellationToken))
        {
            if (item is HostReading { Status: ProbeStatus.Up }) seen++;
        }

        if (seen != up) throw new InvalidOperationException($"{seen} hosts were found up, and {up} are.");
    }

    private static async Task<double> LoopAsync(string[] hosts, int up, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", $"for ip in \"$@\"; do if {s_look} >/dev/null 2>&1; then echo \"$ip UP\"; else echo \"$ip DOWN\"; fi; done", "loop", .. hosts]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await shell.StandardOutput.ReadToEndAsync(cancellationToken);
        await shell.WaitForExitAsync(cancellationToken);
        var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        var seen = output.Split('\n').Count(static l => l.EndsWith(" UP", StringComparison.Ordinal));
        // By TCP a host that refuses looks like one that is gone: only echoes can be counted.
        return !s_hasPing || seen == up ? took : throw new InvalidOperationException($"The loop found {seen} hosts up, and {up} are.");
    }
}
