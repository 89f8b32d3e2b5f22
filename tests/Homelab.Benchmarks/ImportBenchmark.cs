using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>What importing the PowerShell module costs.</summary>
internal sealed class ImportBenchmark : IBenchmark
{
    /// <summary>A script that does nothing, and prints nothing: the first thing that is printed costs something too.</summary>
    internal const string Nothing = "$null = 1";

    private const int Runs = 25;
    private const int FirstRuns = 5;
    private const int MemoryRuns = 5;

    public string Name => "import";

    public string Note =>
        $"`pwsh -NoProfile -Command 'Import-Module …'` from the start of the process to its end, on the module as `dotnet publish src/Homelab.PowerShell` lays it out, every cmdlet in it; beside it the same PowerShell without a module, and with a binary module of one cmdlet. {Runs} of each in turn, after one for warm-up. \"over\" is the difference of the medians. First import: {FirstRuns} copies of the module that were never imported, by name, with an empty module analysis cache; the files were just written, so they are in memory. Private memory: what the kernel counts for the process alone at the end of the script, without a forced collection, {MemoryRuns} times.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        if (Pwsh.Program is null) return [new Figure("not measured", "there is no pwsh on the PATH")];
        using var module = await InstalledModule.InstallAsync(cancellationToken);
        var pwsh = new Pwsh(new Dictionary<string, string>(StringComparer.Ordinal));
        string[] scripts = [Nothing, InstalledModule.ImportTrivial, module.Import];
        var times = await InTurnAsync(scripts, 1 + Runs, pwsh.TimeAsync, cancellationToken);
        var held = await InTurnAsync(scripts, 1 + MemoryRuns, pwsh.MemoryAsync, cancellationToken);
        var first = new List<double>();
        for (var i = 0; i < FirstRuns; i++)
        {
            var path = module.InstallAnew();
            var fresh = new Pwsh(new Dictionary<string, string>(StringComparer.Ordinal) { ["PSModulePath"] = path, ["PSModuleAnalysisCachePath"] = Path.Combine(path, "cache") });
            first.Add(await fresh.TimeAsync("Import-Module Homelab.PowerShell", cancellationToken));
        }

        return
        [
            Figure.Spread("pwsh alone", times[0], "ms"),
            Figure.Spread("with the trivial module", times[1], "ms"),
            Figure.Spread("with ours", times[2], "ms"),
            Figure.Below("ours over the trivial one", times[2].Percentile(50) - times[1].Percentile(50), 100, "ms"),
            Figure.Plain("ours over pwsh alone", times[2].Percentile(50) - times[0].Percentile(50), "ms"),
            Figure.Spread("first import after install, whole process", new Samples(first), "ms"),
            Figure.Spread("private memory, pwsh alone", held[0], "MB"),
            Figure.Spread("private memory, with the trivial module", held[1], "MB"),
            Figure.Spread("private memory, with ours", held[2], "MB"),
            Figure.Plain("private memory, ours over pwsh alone", held[2].Percentile(50) - held[0].Percentile(50), "MB"),
        ];
    }

    /// <summary>Measures scripts one after another, round after round: what disturbs the machine disturbs them all. The first round is for warm-up.</summary>
    internal static async Task<Samples[]> InTurnAsync(IReadOnlyList<string> scripts, int rounds, Func<string, CancellationToken, Task<double>> measure, CancellationToken cancellationToken)
    {
        var values = scripts.Select(static _ => new List<double>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < scripts.Count; i++) values[i].Add(await measure(scripts[i], cancellationToken));
        }

        return [.. values.Select(static v => new Samples(v.Skip(1)))];
    }
}
