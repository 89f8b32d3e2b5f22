namespace Homelab.Automation.Healing;

/// <summary>A circuit breaker that keeps no state of its own: what the runs on record say is whether it is open, in every process and after every restart.</summary>
public static class Breaker
{
    /// <summary>The moment until which nothing is tried, because what was tried has not helped often enough; null when it may be tried.</summary>
    /// <param name="runs">The runs of what the breaker guards, in any order. Only those that an alert set off count.</param>
    /// <param name="policy">When failures are enough.</param>
    /// <param name="now">The time it is.</param>
    public static DateTimeOffset? OpenUntil(IEnumerable<RunbookRun> runs, BreakerPolicy policy, DateTimeOffset now)
    {
        var ended = runs.Where(r => r.Incident is not null && r.Caller.IsUnattended && r.EndedAt > now - policy.Within).OrderByDescending(static r => r.EndedAt).ToArray();
        // A run that a person declined failed at nothing.
        var failed = ended.TakeWhile(static r => r.Status != RunStatus.Recovered).Where(static r => r.Status == RunStatus.Failed).ToArray();
        if (failed.Length < policy.Failures) return null;
        // When its time is over one run may show whether it helps again: another failure begins the time anew, and one that helps ends the count.
        var until = failed[0].EndedAt!.Value + policy.Open;
        return now < until ? until : null;
    }
}
