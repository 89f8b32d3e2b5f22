namespace Homelab;

/// <summary>An incident on one level: what went wrong, where it stands, and, where it was asked for, what was seen and done.</summary>
public sealed record IncidentCase
{
    /// <summary>The incident's id.</summary>
    public required string Id { get; init; }

    /// <summary>The service.</summary>
    public required string Service { get; init; }

    /// <summary>Where it stands.</summary>
    public required IncidentStatus Status { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was closed; null while it is open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>What the alert said.</summary>
    public string Message { get; init; } = "";

    /// <summary>What was found out last.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The runbook chosen for it.</summary>
    public string? Runbook { get; init; }

    /// <summary>The service whose failure is taken to be the cause, when it is another one.</summary>
    public string? Root { get; init; }

    /// <summary>The services that failed because of it.</summary>
    public IReadOnlyList<string> Members { get; init; } = [];

    /// <summary>Why its root is taken to be the cause, line by line.</summary>
    public IReadOnlyList<string> Cause { get; init; } = [];

    /// <summary>The steps that were taken, one line each.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>What was seen, one line each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>The incident alone.</summary>
    public static IncidentCase Of(Incident incident)
    {
        ArgumentNullException.ThrowIfNull(incident);
        return new IncidentCase
        {
            Id = incident.Id,
            Service = incident.Service,
            Status = incident.Status,
            OpenedAt = incident.OpenedAt,
            ClosedAt = incident.ClosedAt,
            Message = incident.Message,
            Summary = incident.Summary,
            Runbook = incident.Runbook,
            Root = incident.Root,
        };
    }

    /// <summary>The incident with all that belongs to it.</summary>
    public static IncidentCase Of(IncidentReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Of(report.Incident) with
        {
            Members = [.. report.Members.Select(static m => m.Service)],
            Cause = [.. report.Incident.Finding?.Lines() ?? []],
            Steps = [.. report.Runs.SelectMany(StepLines)],
            Evidence = [.. report.Runs.SelectMany(static r => r.Run.Evidence)],
        };
    }

    /// <summary>The steps of a run, one line each.</summary>
    public static IEnumerable<string> StepLines(RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return report.Steps.Select(s => $"{report.Run.Runbook}/{s.Step}: {HomelabNames.Of(s.Status)}{(s.Error is null ? "" : $" ({s.Error})")}");
    }
}
