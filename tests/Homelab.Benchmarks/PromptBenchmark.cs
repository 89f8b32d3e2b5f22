using Homelab.Benchmarks.Measuring;
using Homelab.Benchmarks.Peers;

namespace Homelab.Benchmarks;

/// <summary>What the cmdlets cost at a prompt and in a script.</summary>
internal sealed class PromptBenchmark : IBenchmark
{
    private const int Containers = 500;
    private const int Hosts = 10;
    private const int Many = 10_000;
    private const int Few = 1_000;
    private const int Runs = 15;
    private const int MemoryRuns = 5;
    private const int WarmUp = 5;
    private const int WarmRuns = 30;
    private const int PipelineRuns = 5;

    private static readonly string s_listing = $"if (@(Get-HlContainer).Count -lt {Containers}) {{ throw 'some are missing' }}";

    public string Name => "prompt";

    public string Note =>
        $"One-shot: `pwsh -NoProfile -Command '…'` from the start of the process to its end, {Runs} of each in turn after one for warm-up, everything printed read through a pipe. One host is a simulated engine of {Containers} containers in a process of its own; Invoke-RestMethod asks it for the same list. {Hosts} hosts are `homelab lab --containers {Containers} --hosts {Hosts}`, whose other five hosts answer too. The first in a session: of {Runs} sessions, the module imported before. Warm: in one session, {WarmRuns} times after {WarmUp}. Pipelines: {PipelineRuns} times in one session, after once for warm-up; each piped name is a request of its own, or a decision of the gate under -WhatIf.";

    public async Task<IReadOnlyList<Figure>> RunAsync(CancellationToken cancellationToken)
    {
        if (Pwsh.Program is null) return [new Figure("not measured", "there is no pwsh on the PATH")];
        using var module = await InstalledModule.InstallAsync(cancellationToken);
        return [.. await OneHostAsync(module, cancellationToken), .. await ManyHostsAsync(module, cancellationToken)];
    }

    private static async Task<Figure[]> OneHostAsync(InstalledModule module, CancellationToken cancellationToken)
    {
        await using var engine = await EngineProcess.StartAsync(Containers, healthy: true, cancellationToken, logLines: Many);
        var folder = Directory.CreateTempSubdirectory("homelab-bench-");
        try
        {
            var lab = Path.Combine(folder.FullName, "homelab.yaml");
            await File.WriteAllTextAsync(lab, $"apiVersion: homelab/v1\nkind: Lab\nmetadata: {{ name: one }}\naccess: {{ interactive: manage }}\nhosts:\n  one: {{ address: 127.0.0.1, docker: \"{engine.Endpoint}\" }}\n", cancellationToken);
            var pwsh = On(lab);
            var url = engine.Endpoint.Replace("tcp:", "http:", StringComparison.Ordinal) + "/containers/json?all=1";
            string[] scripts =
            [
                ImportBenchmark.Nothing,
                $"{module.Import}; Get-HlContainer",
                $"Invoke-RestMethod '{url}'",
                $"{module.Import}; (Get-HlContainer).Count",
                $"(Invoke-RestMethod '{url}').Count",
            ];
            var times = await ImportBenchmark.InTurnAsync(scripts, 1 + Runs, pwsh.TimeAsync, cancellationToken);
            string[] remembered = [ImportBenchmark.Nothing, $"{module.Import}; $all = Get-HlContainer", $"$all = Invoke-RestMethod '{url}'"];
            var held = await ImportBenchmark.InTurnAsync(remembered, 1 + MemoryRuns, pwsh.MemoryAsync, cancellationToken);
            var name = $"{LabText.Service(0)}@one";
            return
            [
                Figure.Spread("pwsh alone", Seconds(times[0]), "s"),
                Figure.Spread($"one-shot, {Containers} of one host, printed", Seconds(times[1]), "s", 0.6),
                Figure.Spread($"one-shot, {Containers} by Invoke-RestMethod, printed", Seconds(times[2]), "s"),
                Figure.Spread($"one-shot, {Containers} of one host, counted", Seconds(times[3]), "s", 0.6),
                Figure.Spread($"one-shot, {Containers} by Invoke-RestMethod, counted", Seconds(times[4]), "s"),
                Figure.Plain("private memory over pwsh alone, with the list", held[1].Percentile(50) - held[0].Percentile(50), "MB"),
                Figure.Plain("private memory over pwsh alone, Invoke-RestMethod", held[2].Percentile(50) - held[0].Percentile(50), "MB"),
                await ThroughputAsync(pwsh, module, $"{Many:N0} log lines of one container", $"Get-HlContainerLog {name} -Tail {Many}", Many, cancellationToken),
                await ThroughputAsync(pwsh, module, $"{Many:N0} containers, in {Many / Containers} lists", $"1..{Many / Containers} | ForEach-Object {{ Get-HlContainer }}", Many, cancellationToken),
                await ThroughputAsync(pwsh, module, $"{Many:N0} names piped into Test-HlContainer", $"1..{Many} | ForEach-Object {{ '{name}' }} | Test-HlContainer", Many, cancellationToken),
                await ThroughputAsync(pwsh, module, $"{Few:N0} names piped into Restart-HlContainer -WhatIf", $"1..{Few} | ForEach-Object {{ '{name}' }} | Restart-HlContainer -WhatIf", 0, cancellationToken),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Figure[]> ManyHostsAsync(InstalledModule module, CancellationToken cancellationToken)
    {
        await using var lab = await LabProcess.StartAsync(Containers, Hosts, cancellationToken);
        var pwsh = On(lab.LabFile);
        var cold = await ImportBenchmark.InTurnAsync([$"{module.Import}; (Get-HlContainer).Count"], 1 + Runs, pwsh.TimeAsync, cancellationToken);
        var first = new List<double>();
        for (var i = 0; i < Runs; i++) first.AddRange(await pwsh.TimesAsync(module.Import, s_listing, runs: 1, cancellationToken));
        var warm = await pwsh.TimesAsync(module.Import, s_listing, WarmUp + WarmRuns, cancellationToken);
        return
        [
            Figure.Spread($"one-shot, {Containers} on {Hosts} hosts, counted", Seconds(cold[0]), "s"),
            Figure.Spread($"warm, {Containers} on {Hosts} hosts", new Samples(warm.Skip(WarmUp)), "ms"),
            Figure.Spread($"the first in a session, {Containers} on {Hosts} hosts", new Samples(first), "ms"),
        ];
    }

    private static async Task<Figure> ThroughputAsync(Pwsh pwsh, InstalledModule module, string what, string pipeline, int objects, CancellationToken cancellationToken)
    {
        var times = await pwsh.TimesAsync(module.Import, $"if (($count = ({pipeline} | Measure-Object).Count) -ne {objects}) {{ throw \"$count objects, not {objects}\" }}", 1 + PipelineRuns, cancellationToken);
        return Figure.Spread(what, Seconds(new Samples(times.Skip(1))), "s");
    }

    private static Samples Seconds(Samples milliseconds) => milliseconds.Scaled(1e-3);

    private static Pwsh On(string labFile) => new(new Dictionary<string, string>(StringComparer.Ordinal) { ["HOMELAB_LAB"] = labFile });
}
