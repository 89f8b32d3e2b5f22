namespace Homelab;

/// <summary>
/// One pass through a runbook: for an incident, or on request. A run on request belongs to no incident, because an incident is something that went wrong, and
/// a service has one at a time.
/// </summary>
public sealed record RunbookRun
{
    /// <summary>Time-ordered id.</summary>
    public required string Id { get; init; }

    /// <summary>The incident; null for a run on request.</summary>
    public string? Incident { get; init; }

    /// <summary>The service; null for a run on request that concerns none.</summary>
    public string? Service { get; init; }

    /// <summary>The runbook's name.</summary>
    public required string Runbook { get; init; }

    /// <summary>Which pass it is for this incident, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Who asked for it: the incident's caller, or whoever made the request.</summary>
    public required Caller Caller { get; init; }

    /// <summary>What a request gave for <c>values</c>, as a JSON record.</summary>
    public string Values { get; init; } = "{}";

    /// <summary>Where it stands.</summary>
    public required RunStatus Status { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When its last step ended and verification began.</summary>
    public DateTimeOffset? VerifyingSince { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended or what it waits for, one line; of a run on request, since an incident has its own.</summary>
    public string Summary { get; init; } = "";

    /// <summary>The process that works on a run on request; null while it waits for a person, and for the runs of incidents, which have their own owner.</summary>
    public string? Owner { get; init; }

    /// <summary>What was seen, one line each: the evidence of a recovery or an escalation.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
}

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>Steps are being taken.</summary>
    Running,

    /// <summary>The steps are done.</summary>
    Verifying,

    /// <summary>The service was proved to be back, or to be well.</summary>
    Recovered,

    /// <summary>It was not, or a step failed.</summary>
    Failed,

    /// <summary>A person was asked and has not answered; of a run on request.</summary>
    Waiting,

    /// <summary>The steps are done, and there was no service to be proved; of a run on request.</summary>
    Done,

    /// <summary>A person said no to a step.</summary>
    Declined,
}

/// <summary>One step of a run, or one item of a step that runs for each.</summary>
public sealed record StepRecord
{
    /// <summary>The run.</summary>
    public required string Run { get; init; }

    /// <summary>The step's id.</summary>
    public required string Step { get; init; }

    /// <summary>Which item, from 0; 0 for steps without <c>forEach</c>.</summary>
    public int Item { get; init; }

    /// <summary>How many times it was set out on and found not to have happened; part of the journal's key.</summary>
    public int Try { get; init; }

    /// <summary>How it ended.</summary>
    public required StepStatus Status { get; init; }

    /// <summary>What it returned, as JSON.</summary>
    public string? Result { get; init; }

    /// <summary>The error's id and message.</summary>
    public string? Error { get; init; }

    /// <summary>The approval it waits for, or used.</summary>
    public string? Approval { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset At { get; init; }
}

/// <summary>How a step ended.</summary>
public enum StepStatus
{
    /// <summary>Its condition did not hold.</summary>
    Skipped,

    /// <summary>A person was asked.</summary>
    Waiting,

    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It was done, and undone again after a later failure.</summary>
    RolledBack,
}

/// <summary>A message to people that must not get lost: written down first, then sent.</summary>
public sealed record Notice
{
    /// <summary>The same message always has the same id, so that it is written down once.</summary>
    public required string Id { get; init; }

    /// <summary>The incident, or the run on request, that it is about.</summary>
    public required string Incident { get; init; }

    /// <summary>The text.</summary>
    public required string Text { get; init; }

    /// <summary>The one channel it is for; null for all.</summary>
    public string? Channel { get; init; }

    /// <summary>When it was written down.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was sent; null while it was not.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>How often sending it has failed.</summary>
    public int Failures { get; init; }
}
