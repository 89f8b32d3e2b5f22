using System.CommandLine;
using System.Xml.Linq;
using Homelab.Composition;

namespace Homelab.Host.Commands;

/// <summary><c>homelab check</c>: the gate for CI: lab file, policy, runbooks, secrets, connections, rights, and one look at every host, name, certificate and service.</summary>
internal static class CheckCommand
{
    private const int LongestText = 2000;

    internal static Command Create()
    {
        var lab = LabOption.Create();
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the results as a JUnit report." };
        var offline = new Option<bool>("--offline") { Description = "Check the files only; open no secret, ask no system and look at no service." };
        var strict = new Option<bool>("--strict") { Description = "Let warnings count as not well." };
        var command = new Command("check", "Check the lab file, the runbooks, the secrets, the connections, the network and the services; exit code 1 when something is not well.") { lab, junit, offline, strict };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lab, junit, new Rules(parsed.GetValue(offline), parsed.GetValue(strict)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<FileInfo?> lab, Option<FileInfo?> junit, Rules rules, CancellationToken cancellationToken)
    {
        var checks = new List<LabCheck>();
        await foreach (var check in LabInspection.InspectAsync(() => LabOption.Read(parsed, lab), new InspectionOptions { Offline = rules.Offline }, cancellationToken))
        {
            checks.Add(check);
            Console.WriteLine($"{Word(check.Status),-6} {check.Group,-11} {check.Name}{Said(": ", check.Detail)}{Said(" -> ", check.Fix)}");
        }

        if (parsed.GetValue(junit) is { } report) WriteReport(report, checks, rules);
        var bad = checks.Count(c => c.Status == CheckStatus.Failed);
        Console.WriteLine($"{checks.Count(c => c.Status == CheckStatus.Ok)} ok, {Count(checks, CheckStatus.Warning, "warned")}{Count(checks, CheckStatus.Skipped, "skipped")}{bad} not ok");
        return checks.Exists(rules.Fail) ? HomelabProgram.Failed : HomelabProgram.Ok;
    }

    private static string Word(CheckStatus status) => status switch
    {
        CheckStatus.Ok => "ok",
        CheckStatus.Warning => "WARN",
        CheckStatus.Skipped => "skip",
        _ => "NOT OK",
    };

    private static string Said(string before, string text) => text.Length > 0 ? before + ForeignText.Clean(text, LongestText) : "";

    private static string Count(List<LabCheck> checks, CheckStatus status, string what) => checks.Count(c => c.Status == status) is > 0 and var count ? $"{count} {what}, " : "";

    private static void WriteReport(FileInfo report, List<LabCheck> checks, Rules rules)
    {
        var suites = checks.GroupBy(c => c.Group, StringComparer.Ordinal).Select(group => new XElement(
            "testsuite",
            new XAttribute("name", group.Key),
            Counts([.. group], rules),
            group.Select(c => new XElement("testcase", new XAttribute("classname", group.Key), new XAttribute("name", ForeignText.Clean(c.Name, LongestText)), Outcome(c, rules)))));
        try
        {
            report.Directory?.Create();
            new XDocument(new XElement("testsuites", new XAttribute("name", "homelab check"), Counts(checks, rules), suites)).Save(report.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "ReportUnwritable", $"The report {report.FullName} cannot be written: {e.Message} Name another file after --junit.", report.FullName, e);
        }
    }

    // Those who read reports add these up: a check that could not be made is a failure here, so there are no errors.
    private static IEnumerable<XAttribute> Counts(List<LabCheck> checks, Rules rules) =>
    [
        new("tests", checks.Count),
        new("failures", checks.Count(rules.Fail)),
        new("errors", 0),
        new("skipped", checks.Count(c => c.Status == CheckStatus.Skipped)),
    ];

    private static XElement? Outcome(LabCheck check, Rules rules)
    {
        var detail = Said("", check.Detail);
        var whole = detail + Said(" -> ", check.Fix);
        if (rules.Fail(check)) return new XElement("failure", new XAttribute("message", detail), whole);
        return check.Status switch
        {
            CheckStatus.Warning => new XElement("system-out", whole),
            CheckStatus.Skipped => new XElement("skipped", new XAttribute("message", whole)),
            _ => null,
        };
    }

    private sealed record Rules(bool Offline, bool Strict)
    {
        internal bool Fail(LabCheck check) => check.Status == CheckStatus.Failed || (Strict && check.Status == CheckStatus.Warning);
    }
}
