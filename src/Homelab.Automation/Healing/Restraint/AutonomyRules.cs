namespace Homelab.Automation.Healing;

/// <summary>How far each runbook may go by itself.</summary>
public static class AutonomyRules
{
    /// <summary>What the lab file says of this very runbook; else the stricter of what the runbook and the lab file say in general.</summary>
    public static Autonomy Of(Runbook runbook, HealingPolicy policy)
    {
        var named = policy.Runbooks.Where(r => Wildcard.Matches(r.Key, runbook.Name)).OrderByDescending(static r => Wildcard.IsPattern(r.Key) ? r.Key.Length : int.MaxValue).ThenBy(static r => r.Value);
        foreach (var (_, autonomy) in named) return autonomy;
        return runbook.Autonomy is { } own && own < policy.Autonomy ? own : policy.Autonomy;
    }
}
