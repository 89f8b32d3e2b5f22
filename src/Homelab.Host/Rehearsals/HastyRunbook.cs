namespace Homelab.Host.Rehearsals;

/// <summary>A runbook with a shorter breath: the same steps, questions and order, in times in which a simulated homelab changes.</summary>
internal static class HastyRunbook
{
    private const string MakesAnew = "docker_recreate_container";

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1500);

    // Forth and, where the new one does not stay, back again.
    private static readonly TimeSpan s_makingAnew = TimeSpan.FromSeconds(6);

    // Where nothing goes wrong nobody waits for it; a machine that is slow by itself is not what is rehearsed.
    private static readonly TimeSpan s_untroubled = TimeSpan.FromMinutes(1);

    /// <summary>With limits that only something that is slow by itself would meet.</summary>
    internal static Runbook Untroubled(Runbook runbook)
    {
        var hasty = Of(runbook);
        return hasty with { Steps = [.. hasty.Steps.Select(static s => s with { Timeout = s_untroubled })], Verify = hasty.Verify with { Within = s_untroubled } };
    }

    internal static Runbook Of(Runbook runbook) => runbook with
    {
        Throttle = runbook.Throttle with { Cooldown = TimeSpan.FromMilliseconds(200), Backoff = TimeSpan.FromMilliseconds(20) },
        Steps = [.. runbook.Steps.Select(Of)],
        Verify = runbook.Verify with
        {
            Settle = TimeSpan.FromMilliseconds(150),
            Within = TimeSpan.FromMilliseconds(900),
            Every = TimeSpan.FromMilliseconds(100),
            Hold = runbook.Verify.Hold > TimeSpan.Zero ? TimeSpan.FromMilliseconds(300) : TimeSpan.Zero,
        },
    };

    private static RunbookStep Of(RunbookStep step)
    {
        var hasty = step with { Timeout = s_step, Retry = step.Retry is { } retry ? retry with { Backoff = TimeSpan.FromMilliseconds(20) } : null };
        if (step.Do != MakesAnew) return hasty;
        var with = step.With.DeepClone().AsObject();
        (with["settle"], with["timeout"]) = ("300ms", "2s");
        return hasty with { Timeout = s_makingAnew, With = with };
    }
}
