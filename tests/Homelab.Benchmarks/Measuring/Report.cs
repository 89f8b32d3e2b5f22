using Spectre.Console;

namespace Homelab.Benchmarks.Measuring;

/// <summary>Prints everything that was measured as one table, misses included.</summary>
internal sealed class Report(TextWriter output)
{
    private const int PlainWidth = 170;

    private readonly List<(IBenchmark Benchmark, string Load, IReadOnlyList<Figure> Figures)> _results = [];

    internal void Add(IBenchmark benchmark, string load, IReadOnlyList<Figure> figures) => _results.Add((benchmark, load, figures));

    internal void Print(IEnumerable<string> machine)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = PlainWidth;
        foreach (var line in machine) output.WriteLine(line);
        var table = new Table { Border = TableBorder.Markdown };
        table.AddColumns("benchmark", "figure", "measured", "aim", "met");
        foreach (var (benchmark, _, figures) in _results)
        {
            foreach (var figure in figures)
            {
                table.AddRow(Markup.Escape(benchmark.Name), Markup.Escape(figure.What), Markup.Escape(figure.Value), Markup.Escape(figure.Aim), figure.Met switch { true => "met", false => "NOT MET", null => "" });
            }
        }

        console.Write(table);
        foreach (var (benchmark, load, _) in _results) output.WriteLine($"{benchmark.Name} ({load}): {benchmark.Note}");
        var aims = _results.SelectMany(r => r.Figures).Where(f => f.Met is not null).ToArray();
        output.WriteLine($"{aims.Count(f => f.Met == true)} of {aims.Length} aims met.");
    }
}
