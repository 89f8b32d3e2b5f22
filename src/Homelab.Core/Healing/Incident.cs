namespace Homelab;

/// <summary>One thing that went wrong, from the alert until it is back or a person was told.</summary>
public sealed record Incident
{
    /// <summary>Time-ordered id.</summary>
    public required string Id { get; init; }

    /// <summary>The service, as the lab file names it.</summary>
    public required string Service { get; init; }

    /// <summary>Where it stands.</summary>
    public required IncidentStatus Status { get; init; }

    /// <summary>The alert that opened it.</summary>
    public required string Alert { get; init; }

    /// <summary>What the alert said.</summary>
    public string Message { get; init; } = "";

    /// <summary>The identity under which it acts: the hook by which the alert came.</summary>
    public required Caller Caller { get; init; }

    /// <summary>When it was opened.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When to act next: now for critical services, later for others, or after a cooldown.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>When it was closed.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>The runbook chosen for it.</summary>
    public string? Runbook { get; init; }

    /// <summary>The service whose failure is taken to be the cause, when it is another one.</summary>
    public string? Root { get; init; }

    /// <summary>The incident of its root, of which this one is a member: it acts by itself no more, and is verified after that one. Null for one that stands for itself.</summary>
    public string? Parent { get; init; }

    /// <summary>Why its root is taken to be the cause, or why it stands for itself: what was seen, and what else was considered. Null before anybody looked.</summary>
    public RootFinding? Finding { get; init; }

    /// <summary>What was found out last, one line.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The process that works on it; see <see cref="ILeaseStore"/>.</summary>
    public string? Owner { get; init; }

    /// <summary>True while it is not closed.</summary>
    public bool IsOpen => ClosedAt is null;
}

/// <summary>Where an incident stands.</summary>
public enum IncidentStatus
{
    /// <summary>It waits: for its time to act, for a cooldown, or for its root to be healed.</summary>
    Waiting,

    /// <summary>Steps are being taken.</summary>
    Healing,

    /// <summary>A person was asked and has not answered.</summary>
    AwaitingApproval,

    /// <summary>The steps are done, and it is being proved that the service is back.</summary>
    Verifying,

    /// <summary>It was proved that the service is back, and it is being proved that its members are.</summary>
    Following,

    /// <summary>It was proved that the service is back.</summary>
    Recovered,

    /// <summary>It was not, and a person was told. One of a machine stays open, and is looked at, until that is back.</summary>
    Escalated,
}
