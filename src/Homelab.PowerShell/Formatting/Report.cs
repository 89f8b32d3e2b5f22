namespace Homelab.PowerShell.Formatting;

/// <summary>Columns of the views of whole reports and plans: what is in them, and one line for each step.</summary>
public static class Report
{
    // A report that was put together by hand may lack a part; a view must not fail for that.

    /// <summary>The service of an incident.</summary>
    public static string Service(Incident? incident) => incident is null ? "" : Cell.Text(incident.Service);

    /// <summary>Where an incident stands.</summary>
    public static string Status(Incident? incident) => incident is null ? "" : Cell.State(incident.Status);

    /// <summary>An incident in one line; empty where there is none.</summary>
    public static string Incident(Incident? incident) =>
        incident is null ? "" : $"{Cell.Text(incident.Service)} {Cell.State(incident.Status)} ({Cell.Text(incident.Id)}): {Cell.Text(incident.Summary.Length > 0 ? incident.Summary : incident.Message)}";

    /// <summary>Where a failure comes from, as a tree of what was considered; empty before anybody looked.</summary>
    public static string Finding(RootFinding? finding) => finding is null ? "" : Lines(finding.Lines().Select(Cell.Line));

    /// <summary>Members, each in a line.</summary>
    public static string Members(IReadOnlyList<Incident>? members) => Lines((members ?? []).Select(Incident));

    /// <summary>How a wish to heal ended.</summary>
    public static string Result(HealReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.WasWell ? Tint.Good("was well") : Cell.State(report.Report?.Incident.Status);
    }

    /// <summary>Where a run stands.</summary>
    public static string Status(RunbookRun? run) => run is null ? "" : Cell.State(run.Status);

    /// <summary>A run in one line, and what was seen.</summary>
    public static string Run(RunbookRun? run) => run is null ? "" : Lines([$"{Cell.Text(run.Runbook)} {Cell.State(run.Status)} in {Row.Took(run)} ({Cell.Text(run.Id)}): {Cell.Text(run.Summary)}", .. run.Evidence.Select(Cell.Text)]);

    /// <summary>The runbook and the service of a run.</summary>
    public static string Name(RunbookRun? run) => run is null ? "" : Cell.Text(run.Service is null ? run.Runbook : $"{run.Runbook} {run.Service}");

    /// <summary>How a run ended, in words.</summary>
    public static string Summary(RunbookRun? run) => run is null ? "" : Cell.Text(run.Summary);

    /// <summary>Steps, each in a line.</summary>
    public static string Steps(IReadOnlyList<StepRecord>? steps) => Lines((steps ?? []).Select(static s => $"{Cell.Text(s.Step)} {Cell.State(s.Status)} {Row.Told(s)}".TrimEnd()));

    /// <summary>Alerts, each in a line.</summary>
    public static string Alerts(IReadOnlyList<AlertRecord>? alerts) => Lines((alerts ?? []).Select(static a => $"{Cell.Time(a.ReceivedAt)} {Cell.Text(a.Hook)}: {Cell.Text(a.Alert.Message)}"));

    /// <summary>Runs, each with its steps.</summary>
    public static string Runs(IReadOnlyList<RunReport>? runs) => Lines((runs ?? []).SelectMany(static r => new[] { Run(r.Run), Steps(r.Steps) }).Where(static l => l.Length > 0));

    /// <summary>An incident with its runs and their steps; empty where there is none.</summary>
    public static string Whole(IncidentReport? report) => report is null ? "" : Lines([Incident(report.Incident), Runs(report.Runs)]);

    /// <summary>The question that something waits for; empty where there is none.</summary>
    public static string Question(Approval? approval) => approval is null ? "" : Cell.Text($"{approval.Id}: {approval.Question}");

    /// <summary>The steps of a plan, each in a line; empty where there is none.</summary>
    public static string Plan(RunbookPlan? plan) =>
        Lines((plan?.Steps ?? []).Select(static s => $"{Cell.Text(s.Step)} {Cell.State(s.Forecast)}: {Cell.Text(s.Operation)} {Row.Target(s)} {Row.Because(s)}".TrimEnd()));

    private static string Lines(IEnumerable<string> lines) => string.Join(Environment.NewLine, lines);
}
