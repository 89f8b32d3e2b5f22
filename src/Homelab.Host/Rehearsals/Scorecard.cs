using System.Globalization;
using System.Text.Json;
using System.Xml.Linq;
using Spectre.Console;

namespace Homelab.Host.Rehearsals;

/// <summary>What all rehearsals together came to.</summary>
internal sealed record Scorecard(IReadOnlyList<RehearsalResult> Results)
{
    private const int LongestWhy = 110;

    internal int Healed => Results.Count(static r => r.Verdict == RehearsalVerdict.Healed);

    internal int Escalated => Results.Count(static r => r.Verdict == RehearsalVerdict.Escalated);

    internal int Wrong => Results.Count(static r => r.Verdict == RehearsalVerdict.Wrong);

    /// <summary>The scenarios in which a runbook did not do in its own case what it is for.</summary>
    internal IReadOnlyList<string> Missed =>
        [.. Results.Where(static r => r.IsBasic && r.Verdict != RehearsalVerdict.Healed && (Scenarios.All.First(s => s.Name == r.Scenario).Basic != r.Verdict || !r.Ran.Contains(r.Runbook, StringComparer.Ordinal))).Select(static r => r.Scenario)];

    internal bool IsGood => Wrong == 0 && Missed.Count == 0 && Results.Count > 0;

    internal void Print(IAnsiConsole console)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Runbook", "Fault", "Verdict", "Changes", "Time", "What was seen");
        foreach (var result in Results)
        {
            var colour = result.Verdict switch { RehearsalVerdict.Healed => "green", RehearsalVerdict.Escalated => "yellow", _ => "red" };
            table.AddRow(
                Markup.Escape(result.Scenario),
                HomelabNames.Of(result.Fault),
                $"[{colour}]{HomelabNames.Of(result.Verdict)}[/]",
                result.Changes.Count.ToString(CultureInfo.InvariantCulture),
                result.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + "s",
                Markup.Escape(ForeignText.Clean(result.Why, LongestWhy)));
        }

        console.Write(table);
        console.MarkupLine($"{Results.Count} rehearsals: [green]{Healed} healed[/], [yellow]{Escalated} escalated[/], [{(Wrong == 0 ? "green" : "red")}]{Wrong} wrong[/].");
        foreach (var scenario in Missed) console.MarkupLine($"[red]{Markup.Escape(scenario)} did not do in its own case what it is for.[/]");
    }

    internal string ToJson() => JsonSerializer.Serialize(new { Healed, Escalated, Wrong, Missed, Results }, HomelabJson.Options);

    internal XDocument ToJUnit() => new(new XElement(
        "testsuites",
        new XAttribute("name", "homelab rehearse"),
        Results.GroupBy(static r => r.Scenario, StringComparer.Ordinal).Select(group => new XElement(
            "testsuite",
            new XAttribute("name", group.Key),
            new XAttribute("tests", group.Count()),
            new XAttribute("failures", group.Count(IsFailure)),
            group.Select(r => new XElement(
                "testcase",
                new XAttribute("classname", group.Key),
                new XAttribute("name", HomelabNames.Of(r.Fault)),
                new XAttribute("time", r.Elapsed.TotalSeconds.ToString("F3", CultureInfo.InvariantCulture)),
                IsFailure(r) ? new XElement("failure", new XAttribute("message", ForeignText.Clean(r.Why, 2000))) : new XElement("system-out", ForeignText.Clean(r.Why, 2000))))))));

    private bool IsFailure(RehearsalResult result) => result.Verdict == RehearsalVerdict.Wrong || (result.IsBasic && Missed.Contains(result.Scenario, StringComparer.Ordinal));
}
