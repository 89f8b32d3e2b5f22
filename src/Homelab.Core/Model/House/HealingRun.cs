namespace Homelab;

/// <summary>How far healing, or a runbook, has come that was set off on request.</summary>
public sealed record HealingRun : IUnfinished
{
    /// <summary>Where it stands.</summary>
    public required RunStand Stand { get; init; }

    /// <summary>How it ended, what it waits for, or what goes on; one line.</summary>
    public required string Summary { get; init; }

    /// <summary>The service; null for a runbook that concerns none.</summary>
    public string? Service { get; init; }

    /// <summary>The runbook; null where none was chosen.</summary>
    public string? Runbook { get; init; }

    /// <summary>The incident; null where there is none.</summary>
    public string? Incident { get; init; }

    /// <summary>The run; null where none has begun.</summary>
    public string? Run { get; init; }

    /// <summary>The question that it waits for; null when it waits for none.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>The steps that were taken, one line each.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>What was seen, one line each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    bool IUnfinished.IsUnfinished => Stand is RunStand.UnderWay or RunStand.Waiting;

    ApprovalState? IUnfinished.Approval => Approval;

    string IUnfinished.Summary => Summary;
}

/// <summary>Where something stands that was set off on request.</summary>
public enum RunStand
{
    /// <summary>It goes on.</summary>
    UnderWay,

    /// <summary>A person must answer first.</summary>
    Waiting,

    /// <summary>The service was proved to be well before anything was done, and nothing was.</summary>
    Well,

    /// <summary>It was proved that the service is back.</summary>
    Recovered,

    /// <summary>All steps are done, and there was no service to be proved.</summary>
    Done,
}

/// <summary>The result of a change that may answer before it has ended.</summary>
public interface IUnfinished
{
    /// <summary>True when it has not ended.</summary>
    bool IsUnfinished { get; }

    /// <summary>What goes on, or what it waits for; one line.</summary>
    string Summary { get; }

    /// <summary>The question that it waits for; null when it waits for none.</summary>
    ApprovalState? Approval { get; }
}
