using System.CommandLine;

namespace Homelab.Host.Commands;

/// <summary><c>homelab incidents</c>: what went wrong, and why what was taken for its cause was.</summary>
internal static class IncidentsCommand
{
    private const int Most = 50;

    internal static Command Create()
    {
        var lab = LabOption.Create();
        var open = new Option<bool>("--open") { Description = "Only those that are not closed." };
        var members = new Option<bool>("--members") { Description = "Also those that are members of another." };
        var list = new Command("list", "List the newest incidents.") { open, members, lab };
        list.SetAction((parsed, cancellationToken) => ListAsync(parsed, lab, new IncidentFilter { OnlyOpen = parsed.GetValue(open), OnlyRoots = !parsed.GetValue(members), Most = Most }, cancellationToken));

        var id = new Argument<string>("id") { Description = "The incident, as the list names it." };
        var explain = new Command("explain", "Tell where a failure comes from: what was considered, what was seen of it, and why it was or was not taken.") { id, lab };
        explain.SetAction((parsed, cancellationToken) => ExplainAsync(parsed, lab, parsed.GetRequiredValue(id), cancellationToken));
        return new Command("incidents", "See what went wrong, and why.") { list, explain };
    }

    private static async Task<int> ListAsync(ParseResult parsed, Option<FileInfo?> lab, IncidentFilter filter, CancellationToken cancellationToken)
    {
        await using var runtime = await LabOption.OpenStateAsync(parsed, lab, cancellationToken);
        var found = await runtime.Store.ListIncidentsAsync(filter, cancellationToken);
        foreach (var incident in found) Console.WriteLine(Line(incident));
        if (found.Count == 0) Console.WriteLine("There is none.");
        return HomelabProgram.Ok;
    }

    private static async Task<int> ExplainAsync(ParseResult parsed, Option<FileInfo?> lab, string id, CancellationToken cancellationToken)
    {
        await using var runtime = await LabOption.OpenStateAsync(parsed, lab, cancellationToken);
        var report = await runtime.Store.FindIncidentReportAsync(id, cancellationToken)
            ?? throw new HomelabException(ErrorKind.NotFound, "IncidentNotFound", $"There is no incident '{id}'. 'homelab incidents list --members' lists them.", id);
        Console.WriteLine(Line(report.Incident));
        foreach (var line in report.Incident.Finding?.Lines() ?? ["nobody has looked yet where it comes from"]) Console.WriteLine(line);
        if (report.Incident.Parent is { } parent) Console.WriteLine($"It is a member of {parent}.");
        if (report.Members.Count > 0) Console.WriteLine("Its members:");
        foreach (var member in report.Members) Console.WriteLine($"  {Line(member)}");
        return HomelabProgram.Ok;
    }

    private static string Line(Incident incident) => $"{incident.Id}  {incident.Service}  {HomelabNames.Of(incident.Status)}  {incident.OpenedAt:u}  {incident.Summary}".TrimEnd();
}
