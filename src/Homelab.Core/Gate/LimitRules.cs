namespace Homelab;

/// <summary>The restraints that need history. The store reads the history and asks these rules within one transaction, so that two processes cannot both be allowed.</summary>
public static class LimitRules
{
    /// <summary>Every restraint that speaks against a change now; empty when none does.</summary>
    /// <param name="history">What happened to the target and in the lab.</param>
    /// <param name="limits">What is allowed.</param>
    /// <param name="target">What would be changed.</param>
    /// <param name="restrained">False for interactive and approved changes: only the one-change-in-flight rule holds for them.</param>
    /// <param name="now">The time it is.</param>
    /// <param name="neighbours">How many containers the lab file knows on the target's host; null for what interrupts nobody, to which it does not matter how many others are away.</param>
    /// <param name="suspendable">True for what alerts and the clock set off, and what interrupts: the big red switch holds for it, approved or not.</param>
    public static IReadOnlyList<Finding> Evaluate(ChangeHistory history, ActionLimits limits, Target target, bool restrained, DateTimeOffset now, int? neighbours = 0, bool suspendable = false)
    {
        ArgumentNullException.ThrowIfNull(history);
        ArgumentNullException.ThrowIfNull(limits);
        List<Finding>? findings = null;
        if (history.InFlight is { } other)
        {
            Add(Rules.InFlight, $"{other.Operation} on {target} began {Ago(other.StartedAt, now)} ago and has not ended", "Wait until it ends; Get-HlDecision shows it.");
        }

        if (suspendable && history.Suspension is { } suspension && suspension.Holds(now)) Add(Rules.Suspended, suspension.ToString(), "Resume-HlHealing ends it.");
        if (!restrained) return findings ?? [];
        if (limits.Cooldown > TimeSpan.Zero && history.LastEndedAt is { } ended && ended + limits.Cooldown > now)
        {
            var left = ended + limits.Cooldown - now;
            Add(Rules.Cooldown, $"{target} was changed {Ago(ended, now)} ago; the cooldown is {Duration.Format(limits.Cooldown)}", $"Wait {Ago(now, now + left)}, or do it at a prompt.", left);
        }

        if (history.OnTarget >= limits.Attempts)
        {
            Add(Rules.Budget, $"{target} was changed {history.OnTarget} times within {Duration.Format(limits.Per)}; {limits.Attempts} are allowed", "Look why it does not hold, or do it at a prompt.");
        }

        if (history.InLab >= limits.Rate)
        {
            Add(Rules.Rate, $"{history.InLab} changes were made within {Duration.Format(limits.RatePer)}; {limits.Rate} are allowed", "Look what sets off so many; policy.limits.rate raises it.");
        }

        if (neighbours is { } containers && history.OnHost >= limits.Blast.Of(containers))
        {
            var known = containers > 0 ? $" of {containers}" : "";
            Add(Rules.Blast, $"{history.OnHost}{known} other containers on {target.Host} were interrupted within {Duration.Format(limits.Blast.Per)}; {limits.Blast.Of(containers)} are allowed", "Look at the host itself; policy.limits.blast raises it.");
        }

        return findings ?? [];

        void Add(string rule, string reason, string wayOut, TimeSpan? wait = null) => (findings ??= []).Add(new Finding(rule, Requirement.Deny, reason, wayOut) { Wait = wait });
    }

    private static string Ago(DateTimeOffset from, DateTimeOffset to) =>
        Duration.Format(TimeSpan.FromSeconds(Math.Max(0, Math.Round((to - from).TotalSeconds))));
}

/// <summary>What happened to a target, and in the lab, as far as the restraints ask.</summary>
/// <param name="InFlight">A change of the target that has begun and not ended, if there is one.</param>
/// <param name="LastEndedAt">When the last interruption of the target ended.</param>
/// <param name="OnTarget">Unattended changes of the target within <see cref="ActionLimits.Per"/>.</param>
/// <param name="InLab">Unattended changes in the lab within <see cref="ActionLimits.RatePer"/>.</param>
public sealed record ChangeHistory(ChangeRecord? InFlight, DateTimeOffset? LastEndedAt, int OnTarget, int InLab)
{
    /// <summary>Other containers on the target's host that unattended callers interrupted within <see cref="BlastLimit.Per"/>; 0 where the target is no container.</summary>
    public int OnHost { get; init; }

    /// <summary>The big red switch, when it was pulled.</summary>
    public Suspension? Suspension { get; init; }
}
