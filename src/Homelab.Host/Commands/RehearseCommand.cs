using System.CommandLine;
using Homelab.Configuration;
using Homelab.Host.Rehearsals;
using Spectre.Console;

namespace Homelab.Host.Commands;

/// <summary><c>homelab rehearse</c>: each shipped runbook against a simulated homelab, with each fault that makes sense. Exit code 0 only when nothing was wrong.</summary>
internal static class RehearseCommand
{
    private const int PlainWidth = 200;

    internal static Command Create()
    {
        var runbook = new Option<string?>("--runbook") { Description = "Only this runbook; * and ? stand for any text and any character." };
        var json = new Option<bool>("--json") { Description = "Print the results as JSON." };
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the results as a JUnit report." };
        var command = new Command("rehearse", "Try every shipped runbook on a simulated homelab with faults, and judge it by what is really so there. Exit code 0 only if nothing was wrong and each healed its own case.") { runbook, json, junit };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(runbook) ?? "*", parsed.GetValue(json), parsed.GetValue(junit), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string pattern, bool json, FileInfo? junit, CancellationToken cancellationToken)
    {
        var card = await PlayAsync(pattern, cancellationToken);
        if (json) Console.WriteLine(card.ToJson());
        else card.Print(Terminal());
        if (junit is not null) Save(card, junit);
        return card.IsGood ? HomelabProgram.Ok : HomelabProgram.Failed;
    }

    internal static async Task<Scorecard> PlayAsync(string pattern, CancellationToken cancellationToken)
    {
        var shipped = RunbookReader.Read(Path.Combine(AppContext.BaseDirectory, "runbooks"));
        var (hasty, untroubled) = (shipped.Select(HastyRunbook.Of).ToList(), shipped.Select(HastyRunbook.Untroubled).ToList());
        var cases = (from scenario in Scenarios.All where Wildcard.Matches(pattern, scenario.Runbook) from fault in scenario.Faults select (scenario, fault)).ToList();
        if (cases.Count == 0) throw new HomelabException(ErrorKind.NotFound, "RunbookNotFound", $"There is no rehearsal for '{pattern}'. {NearestName.Hint(pattern, [.. Scenarios.All.Select(static s => s.Runbook)])}", pattern);
        var results = new RehearsalResult[cases.Count];
        // They mostly wait. More at once than this, and the simulated systems are slow by themselves.
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(4, Environment.ProcessorCount * 4), CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, cases.Count), options, async (i, token) => results[i] = await new Rehearsal(cases[i].scenario, cases[i].fault, IsUntroubled(cases[i].scenario, cases[i].fault) ? untroubled : hasty).PlayAsync(token));
        return new Scorecard(results);
    }

    // It is to heal by its own runbook at the first try, so that no limit is met on the way.
    private static bool IsUntroubled(RehearsalScenario scenario, RehearsalFault fault) => fault == RehearsalFault.None && scenario.Basic == RehearsalVerdict.Healed && scenario.First == scenario.Runbook;

    private static void Save(Scorecard card, FileInfo report)
    {
        try
        {
            report.Directory?.Create();
            card.ToJUnit().Save(report.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "ReportUnwritable", $"The report {report.FullName} cannot be written: {e.Message} Name another file after --junit.", report.FullName, e);
        }
    }

    // A file or a pipe gets plain text and whole lines; a screen gets colours and its own width.
    private static IAnsiConsole Terminal()
    {
        if (!Console.IsOutputRedirected) return AnsiConsole.Console;
        var plain = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
        plain.Profile.Width = PlainWidth;
        return plain;
    }
}
