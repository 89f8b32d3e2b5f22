namespace Homelab.Host.Rehearsals;

/// <summary>What goes wrong besides what the runbook is for.</summary>
internal enum RehearsalFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The system refuses every change.</summary>
    Refuses,

    /// <summary>The system never answers a change.</summary>
    Hangs,

    /// <summary>The system answers everything late.</summary>
    Slow,

    /// <summary>The system says that a change was done, and does nothing.</summary>
    Lies,

    /// <summary>What was done does not last.</summary>
    FailsAgain,

    /// <summary>The monitoring gives no answer.</summary>
    MonitorGone,

    /// <summary>The system that runs the service gives no answer to looks.</summary>
    Unseen,

    /// <summary>The same is told many times at once.</summary>
    Duplicates,

    /// <summary>The program is ended while a change is under way, and started again.</summary>
    Killed,

    /// <summary>A person says no.</summary>
    Denied,

    /// <summary>Nobody answers.</summary>
    Expired,

    /// <summary>The cause is one that the runbook's action cannot mend.</summary>
    OtherCause,
}
