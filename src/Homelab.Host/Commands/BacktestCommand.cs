using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Homelab.Automation.Tapes;
using Homelab.Composition;

namespace Homelab.Host.Commands;

/// <summary><c>homelab backtest</c>: what healing would have done about the alerts of a tape. Touches no system.</summary>
internal static class BacktestCommand
{
    private const string When = "yyyy-MM-dd HH:mm:ss'Z'";
    private const int LongestText = 200;

    internal static Command Create()
    {
        var tape = new Argument<FileInfo>("tape") { Description = "The tape: JSONL, as server.tape of the lab file writes it." };
        var lab = LabOption.Create();
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("backtest", "Play a tape of recorded alerts through rules, runbooks and policy in its own time, and say what would have been done. No system is touched.") { tape, lab, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var runtime = await HomelabRuntime.OpenAsync(LabOption.Read(parsed, lab), new RuntimeOptions(), cancellationToken);
            var lines = TapeReader.ReadAsync(parsed.GetRequiredValue(tape).FullName, cancellationToken);
            HealingBacktest result;
            if (parsed.GetValue(json))
            {
                result = await runtime.NewReplay().PlayAsync(lines, cancellationToken);
                Console.WriteLine(JsonSerializer.Serialize(result, HomelabJson.Options));
            }
            else
            {
                var count = 0;
                result = await runtime.NewReplay().PlayAsync(lines, TellAsync, cancellationToken);
                Print(result, count);

                ValueTask TellAsync(HealingForecast incident)
                {
                    count++;
                    Print(incident);
                    return ValueTask.CompletedTask;
                }
            }

            return result.Unreadable.Count == 0 ? HomelabProgram.Ok : HomelabProgram.Failed;
        });
        return command;
    }

    private static void Print(HealingForecast incident)
    {
        var root = incident.Roots.Count > 0 ? $", member of {string.Join(" and ", incident.Roots)}" : incident.Members.Count > 0 ? $", root of {string.Join(", ", incident.Members)}" : "";
        Console.WriteLine($"{At(incident.OpenedAt)}  {incident.Service}  {HomelabNames.Of(incident.Status)} ({incident.Source}, {incident.Alerts} alerts){root}");
        Console.WriteLine($"    runbook   {incident.Runbook ?? "none fits"}{(incident.ActedAt is { } acted ? $", {incident.Attempts} times from {At(acted)}" : "")}");
        foreach (var step in incident.Steps) Console.WriteLine($"    step      {step}{(step.Reason.Length > 0 ? $" ({ForeignText.Clean(step.Reason, LongestText)})" : "")}");
        foreach (var held in incident.HeldBack) Console.WriteLine($"    held back {held}");
        Console.WriteLine($"    end       {HomelabNames.Of(incident.Outcome)} at {At(incident.ClosedAt)}: {ForeignText.Clean(incident.Why, LongestText)}");
    }

    private static void Print(HealingBacktest result, int incidents)
    {
        Console.WriteLine($"{result.Alerts} alerts, {result.Duplicates} of them repeated, {result.Unmatched.Values.Sum()} about nothing that the lab file names; {incidents} incidents.");
        foreach (var line in result.Unreadable.Take(10)) Console.WriteLine($"    not read: {line}");
        foreach (var (subject, count) in result.Unmatched.OrderByDescending(static u => u.Value).Take(10)) Console.WriteLine($"    {count} x '{ForeignText.Clean(subject, 80)}'");
    }

    private static string At(DateTimeOffset moment) => moment.UtcDateTime.ToString(When, CultureInfo.InvariantCulture);
}
