using Homelab.Benchmarks;
using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

if (args is [EngineRole.Argument, ..])
{
    await EngineRole.RunAsync(args);
    return 0;
}

IBenchmark[] all =
[
    new HealingBenchmark(),
    new WatchBenchmark(),
    new IntakeBenchmark(),
    new StormBenchmark(),
    new AuditBenchmark(),
    new DecisionBenchmark(),
    new ParsingBenchmark(),
    new IdleBenchmark(),
    new ImportBenchmark(),
    new PromptBenchmark(),
    new ProxmoxBenchmark(),
    new SshBenchmark(),
    new SweepBenchmark(),
    new PolicyBenchmark(),
    new CorrelationBenchmark(),
    new TapeBenchmark(),
    new SoakBenchmark(),
    new McpHttpBenchmark(),
    new McpStdioBenchmark(),
];
var chosen = args.Length == 0 ? all : [.. all.Where(b => args.Any(a => b.Name.Contains(a, StringComparison.OrdinalIgnoreCase)))];
if (chosen.Length == 0)
{
    await Console.Error.WriteLineAsync($"No benchmark has '{string.Join("' or '", args)}' in its name. There are: {string.Join(", ", all.Select(b => b.Name))}.");
    return 2;
}

if (Environment.GetEnvironmentVariable(InstalledModule.FolderVariable) is { } module) Console.WriteLine($"measured module: {module}");
if (Environment.GetEnvironmentVariable(HomelabProcess.ProgramVariable) is { } program) Console.WriteLine($"measured program: {program}");
using var stopping = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stopping.Cancel();
};
var machine = Machine.Describe().ToArray();
var report = new Report(Console.Out);
var broken = 0;
foreach (var benchmark in chosen)
{
    await Console.Error.WriteLineAsync($"measuring {benchmark.Name} …");
    // What waits for an answer that never comes must not wait for ever.
    using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
    patience.CancelAfter(TimeSpan.FromMinutes(4));
    var load = Machine.Load();
    try
    {
        report.Add(benchmark, load, await benchmark.RunAsync(patience.Token));
    }
    catch (Exception e) when (!stopping.IsCancellationRequested)
    {
        broken++;
        report.Add(benchmark, load, [Figure.Holds("could not be measured", e.Message, "to end", met: false)]);
        await Console.Error.WriteLineAsync(e.ToString());
    }
}

report.Print(machine);
return broken == 0 ? 0 : 1;
