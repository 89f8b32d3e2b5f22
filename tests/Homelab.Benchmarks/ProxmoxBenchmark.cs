using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;
using Homelab.Composition;
using Homelab.Configuration;

namespace Homelab.Benchmarks;

/// <summary>What it costs to list, to find and to change guests of Proxmox.</summary>
internal sealed class ProxmoxBenchmark : IBenchmark
{
    private const int WarmUp = 30;
    private const int Runs = 200;
    private const int Starts = 30;
    private const int Restarts = 50;
    private const int Nodes = 10;
    private const int FirstGuest = 10_001;

    // What a task of the simulated cluster takes, and a guest needs after a reboot's task to be back.
    private const double TaskMilliseconds = 20;

    public string Name => "proxmox";

    public string Note =>
        $"`homelab lab --guests n --nodes {Nodes}` in a process of its own, over TLS with a pinned certificate; the product in the benchmark's process, through the gate, its audit on disk. {Runs} of each in turn after {WarmUp} for warm-up; every allocation of the process counts. A start's overhead is its time to verified running less the {TaskMilliseconds} ms that the task itself takes there. {Restarts} restarts are asked for at once, with policy.limits.perHost 1 on {Nodes} nodes.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var guests in (int[])[500, 2000]) figures.AddRange(await ListAsync(guests, cancellationToken));
        figures.AddRange(await ChangeAsync(cancellationToken));
        return figures;
    }

    private static async Task<List<Figure>> ListAsync(int guests, CancellationToken cancellationToken)
    {
        await using var lab = await LabProcess.StartAsync(["--guests", Text(guests), "--nodes", Text(Nodes)], cancellationToken);
        await using var runtime = await OpenAsync(lab, static text => text, cancellationToken);
        var id = FirstGuest + (guests / 2);
        var name = $"vm-{(guests / 2) + 1:0000}";

        var before = await lab.RequestsAsync(cancellationToken);
        var count = await QueryAsync(runtime, "proxmox_list_vms", new { }, cancellationToken);
        var requests = await lab.RequestsAsync(cancellationToken) - before;

        var listed = await MeasureAsync(() => QueryAsync(runtime, "proxmox_list_vms", new { }, cancellationToken));
        var byId = await MeasureAsync(() => QueryAsync(runtime, "proxmox_vm_status", new { vm = Text(id) }, cancellationToken));
        before = await lab.RequestsAsync(cancellationToken);
        await QueryAsync(runtime, "proxmox_vm_status", new { vm = Text(id) }, cancellationToken);
        var requestsById = await lab.RequestsAsync(cancellationToken) - before;
        var byName = await MeasureAsync(() => QueryAsync(runtime, "proxmox_vm_status", new { vm = name }, cancellationToken));
        before = await lab.RequestsAsync(cancellationToken);
        await QueryAsync(runtime, "proxmox_vm_status", new { vm = name }, cancellationToken);
        var requestsByName = await lab.RequestsAsync(cancellationToken) - before;
        return
        [
            Figure.Holds($"requests for a list of {guests}", $"{requests} for {count} guests", "1", requests == 1 && count >= guests),
            Limited($"list of {guests}, p50", listed.Times.Percentile(50), guests == 500 ? 15 : null, "ms"),
            Figure.Plain($"list of {guests}, p99", listed.Times.Percentile(99), "ms"),
            Figure.Plain($"list of {guests}, allocated", listed.Kilobytes, "KB"),
            Limited($"one of {guests} by VMID, p50, {requestsById} request", byId.Times.Percentile(50), guests == 500 ? 2 : null, "ms"),
            Figure.Plain($"one of {guests} by name, p50, {requestsByName} requests", byName.Times.Percentile(50), "ms"),
        ];
    }

    private static async Task<List<Figure>> ChangeAsync(CancellationToken cancellationToken)
    {
        await using var lab = await LabProcess.StartAsync(["--guests", "500", "--nodes", Text(Nodes)], cancellationToken);
        await using var runtime = await OpenAsync(lab, static text => text.Replace("policy:\n", "policy:\n  limits: { perHost: 1 }\n", StringComparison.Ordinal), cancellationToken);
        var overheads = new List<double>();
        for (var i = 0; i < Starts + 5; i++)
        {
            await InvokeAsync(runtime, "proxmox_stop_vm", new { vm = Text(FirstGuest) }, cancellationToken);
            var began = Stopwatch.GetTimestamp();
            await InvokeAsync(runtime, "proxmox_start_vm", new { vm = Text(FirstGuest) }, cancellationToken);
            if (i >= 5) overheads.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds - TaskMilliseconds);
        }

        var all = Stopwatch.GetTimestamp();
        // Those that run: every tenth of the crowd does not.
        var running = Enumerable.Range(1, 500).Where(static n => n % 10 != 3).Take(Restarts).Select(static n => Text(FirstGuest - 1 + n));
        await Task.WhenAll(running.Select(vm => InvokeAsync(runtime, "proxmox_reboot_vm", new { vm }, cancellationToken)));
        var took = Stopwatch.GetElapsedTime(all).TotalSeconds;
        var start = new Samples(overheads);
        return
        [
            Figure.Plain("start to verified running, over the task itself, p50", start.Percentile(50), "ms"),
            Figure.Plain("start to verified running, over the task itself, max", start.Max, "ms"),
            Figure.Plain($"{Restarts} guests restarted and verified, one at a time on each of {Nodes} nodes", took, "s"),
        ];
    }

    private static async Task<(Samples Times, double Kilobytes)> MeasureAsync(Func<Task<int>> run)
    {
        for (var i = 0; i < WarmUp; i++) await run();
        var times = new List<double>(Runs);
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        for (var i = 0; i < Runs; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await run();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (new Samples(times), (GC.GetTotalAllocatedBytes(precise: true) - allocated) / 1000.0 / Runs);
    }

    private static async Task<HomelabRuntime> OpenAsync(LabProcess lab, Func<string, string> change, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(lab.LabFile, cancellationToken);
        await File.WriteAllTextAsync(lab.LabFile, change(text), cancellationToken);
        return await HomelabRuntime.OpenAsync(new LabReader(ProviderList.Settings, Environment.GetEnvironmentVariable).Read(lab.LabFile), new RuntimeOptions(), cancellationToken);
    }

    private static async Task<int> QueryAsync(HomelabRuntime runtime, string operation, object input, CancellationToken cancellationToken)
    {
        var count = 0;
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "benchmark") };
        await foreach (var _ in runtime.Gate.QueryAsync(request, cancellationToken)) count++;
        return count;
    }

    private static async Task InvokeAsync(HomelabRuntime runtime, string operation, object input, CancellationToken cancellationToken)
    {
        var request = new GateRequest { Operation = operation, Json = JsonSerializer.SerializeToElement(input), Caller = new Caller(Face.Interactive, "benchmark") };
        if (await runtime.Gate.InvokeAsync(request, cancellationToken) is not GateOutcome.Done) throw new InvalidOperationException($"{operation} was not done.");
    }

    private static Figure Limited(string what, double value, double? limit, string unit) => limit is { } most ? Figure.Below(what, value, most, unit) : Figure.Plain(what, value, unit);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
