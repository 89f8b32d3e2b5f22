namespace Homelab.Automation.Healing;

/// <summary>Something that happened while healing, for whoever watches: the log, the demo's story, the stream that cmdlets read.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Service">The service concerned; empty where none is.</param>
/// <param name="Incident">The incident concerned; empty where none is.</param>
/// <param name="Text">One line for people.</param>
/// <param name="At">When.</param>
public sealed record HealingEvent(HealingEventKind Kind, string Service, string Incident, string Text, DateTimeOffset At)
{
    /// <summary>The run on request concerned; empty where none is.</summary>
    public string Run { get; init; } = "";
}

/// <summary>What happened.</summary>
public enum HealingEventKind
{
    /// <summary>An alert is on disk.</summary>
    AlertAccepted,

    /// <summary>An alert fits no service; it is kept and nothing is done.</summary>
    AlertUnmatched,

    /// <summary>An incident was opened.</summary>
    IncidentOpened,

    /// <summary>An incident waits: for its time, for a cooldown, or for its root.</summary>
    IncidentWaits,

    /// <summary>A runbook begins, for an incident or on request.</summary>
    RunStarted,

    /// <summary>A run on request ended, well or not.</summary>
    RunEnded,

    /// <summary>A step is taken.</summary>
    StepStarted,

    /// <summary>A step ended.</summary>
    StepEnded,

    /// <summary>A person was asked.</summary>
    ApprovalNeeded,

    /// <summary>The service was looked at.</summary>
    Checked,

    /// <summary>It was proved that the service is back.</summary>
    Recovered,

    /// <summary>A person was told.</summary>
    Escalated,

    /// <summary>A message was sent.</summary>
    NoticeSent,

    /// <summary>A message could not be sent, and will be tried again.</summary>
    NoticeFailed,

    /// <summary>The time of a schedule has come, and its runbook is run.</summary>
    ScheduleFired,

    /// <summary>The time of a schedule has come, and its runbook is not run: its last run has not ended, or its throttle holds it.</summary>
    ScheduleSkipped,

    /// <summary>The time of a schedule went by while nobody kept it. It is not made up for.</summary>
    ScheduleMissed,

    /// <summary>Something went wrong in healing itself.</summary>
    Trouble,
}

/// <summary>Watches. Called on the working thread: it must be quick, and what it throws ends nothing but itself.</summary>
public interface IHealingObserver
{
    /// <summary>Something happened.</summary>
    void On(HealingEvent what);
}
