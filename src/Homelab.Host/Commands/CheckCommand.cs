using System.CommandLine;
using System.Xml.Linq;
using Homelab.Composition;
using Homelab.Configuration;
using Homelab.Host.Web;

namespace Homelab.Host.Commands;

/// <summary><c>homelab check</c>: the gate for CI: lab file, policy, runbooks, and one look at every service.</summary>
internal static class CheckCommand
{
    internal static Command Create()
    {
        var lab = LabOption.Create();
        var junit = new Option<FileInfo?>("--junit") { Description = "Write the results as a JUnit report." };
        var offline = new Option<bool>("--offline") { Description = "Check the files only; open no secret and look at no service." };
        var command = new Command("check", "Check the lab file, the runbooks and the services; exit code 1 when something is not well.") { lab, junit, offline };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, lab, junit, offline, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Option<FileInfo?> lab, Option<FileInfo?> junit, Option<bool> offline, CancellationToken cancellationToken)
    {
        var results = await CheckAsync(parsed, lab, parsed.GetValue(offline), cancellationToken);
        foreach (var result in results)
        {
            Console.WriteLine($"{(result.Problem is null ? "ok    " : "NOT OK")} {result.Group,-9} {result.Name}{(result.Detail.Length > 0 ? $": {result.Detail}" : "")}");
        }

        if (parsed.GetValue(junit) is { } report) WriteReport(report, results);
        var bad = results.Count(r => r.Problem is not null);
        Console.WriteLine($"{results.Count - bad} ok, {bad} not ok");
        return bad == 0 ? HomelabProgram.Ok : HomelabProgram.Failed;
    }

    private static async Task<List<CheckResult>> CheckAsync(ParseResult parsed, Option<FileInfo?> lab, bool offline, CancellationToken cancellationToken)
    {
        LabFile file;
        try
        {
            file = LabOption.Read(parsed, lab);
        }
        catch (ConfigurationException e)
        {
            return [.. e.Problems.Select(p => CheckResult.Bad("lab file", p.Position.ToString(), $"{p.Path} {p.Reason}. {p.WayOut}"))];
        }

        var results = new List<CheckResult> { CheckResult.Good("lab file", file.Lab.Name, $"{file.Lab.Hosts.Count} hosts, {file.Lab.Services.Count} services") };
        // A check leaves nothing behind: its state is a file of its own.
        var folder = Directory.CreateTempSubdirectory("homelab-check-");
        try
        {
            await using var runtime = await HomelabRuntime.OpenAsync(file, new RuntimeOptions { StatePath = Path.Combine(folder.FullName, "check.db") }, cancellationToken);
            results.AddRange(runtime.Check().Select(p => CheckResult.Bad("policy", p.Position.ToString(), $"{p.Path} {p.Reason}. {p.WayOut}")));
            results.AddRange(runtime.Runbooks.Where(r => runtime.Checker.Check(r).Count == 0).Select(r => CheckResult.Good("runbook", r.Name, r.Description)));
            if (!offline) await LookAsync(runtime, results, cancellationToken);
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        return results;
    }

    private static async Task LookAsync(HomelabRuntime runtime, List<CheckResult> results, CancellationToken cancellationToken)
    {
        results.AddRange((await HookTokens.CheckAsync(runtime, cancellationToken)).Select(p => CheckResult.Bad("hook", p.Position.ToString(), $"{p.Path} {p.Reason}. {p.WayOut}")));
        var request = new GateRequest { Operation = "network_check_services", Caller = new Caller(Face.Interactive, Environment.UserName) };
        await foreach (var item in runtime.Gate.QueryAsync(request, cancellationToken))
        {
            if (item is not ProbeResult probe) continue;
            var detail = $"{probe.Kind} {probe.Address}: {probe.Detail}";
            results.Add(probe.Status == ProbeStatus.Up ? CheckResult.Good("service", probe.Name, detail) : CheckResult.Bad("service", probe.Name, detail));
        }
    }

    private static void WriteReport(FileInfo report, List<CheckResult> results)
    {
        var suites = results.GroupBy(r => r.Group, StringComparer.Ordinal).Select(group => new XElement(
            "testsuite",
            new XAttribute("name", group.Key),
            new XAttribute("tests", group.Count()),
            new XAttribute("failures", group.Count(r => r.Problem is not null)),
            group.Select(r => new XElement(
                "testcase",
                new XAttribute("classname", group.Key),
                new XAttribute("name", r.Name),
                r.Problem is null ? null : new XElement("failure", new XAttribute("message", r.Problem), r.Detail)))));
        try
        {
            report.Directory?.Create();
            new XDocument(new XElement("testsuites", suites)).Save(report.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HomelabException(ErrorKind.Failed, "ReportUnwritable", $"The report {report.FullName} cannot be written: {e.Message} Name another file after --junit.", report.FullName, e);
        }
    }

    private sealed record CheckResult(string Group, string Name, string Detail, string? Problem)
    {
        internal static CheckResult Good(string group, string name, string detail) => new(group, name, detail, null);

        internal static CheckResult Bad(string group, string name, string detail) => new(group, name, detail, detail);
    }
}
