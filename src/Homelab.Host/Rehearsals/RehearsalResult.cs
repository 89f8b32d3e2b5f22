namespace Homelab.Host.Rehearsals;

/// <summary>How one rehearsal ended, by the truth of the simulated homelab.</summary>
/// <param name="Runbook">The runbook that was rehearsed.</param>
/// <param name="Scenario">What it was rehearsed with.</param>
/// <param name="Fault">What went wrong besides.</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Why">What was seen, one line.</param>
/// <param name="Ran">The runbooks that ran, in order.</param>
/// <param name="Changes">What the systems were asked to change.</param>
/// <param name="IsBasic">True for the runbook's own case without a fault.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record RehearsalResult(string Runbook, string Scenario, RehearsalFault Fault, RehearsalVerdict Verdict, string Why, IReadOnlyList<string> Ran, IReadOnlyList<string> Changes, bool IsBasic, TimeSpan Elapsed);

/// <summary>The verdict of a rehearsal.</summary>
internal enum RehearsalVerdict
{
    /// <summary>It says healed while it is not, has acted where it must not or more often than it may, or nobody was told.</summary>
    Wrong,

    /// <summary>A person was told, and nothing harmful was done.</summary>
    Escalated,

    /// <summary>It is really well.</summary>
    Healed,
}
