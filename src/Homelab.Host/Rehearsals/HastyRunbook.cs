namespace Homelab.Host.Rehearsals;

/// <summary>A runbook with a shorter breath: the same steps, questions and order, in times in which a simulated homelab changes.</summary>
internal static class HastyRunbook
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1500);

    internal static Runbook Of(Runbook runbook) => runbook with
    {
        Throttle = runbook.Throttle with { Cooldown = TimeSpan.FromMilliseconds(200), Backoff = TimeSpan.FromMilliseconds(20) },
        Steps = [.. runbook.Steps.Select(s => s with { Timeout = s_step, Retry = s.Retry is { } retry ? retry with { Backoff = TimeSpan.FromMilliseconds(20) } : null })],
        Verify = runbook.Verify with
        {
            Settle = TimeSpan.FromMilliseconds(150),
            Within = TimeSpan.FromMilliseconds(900),
            Every = TimeSpan.FromMilliseconds(100),
            Hold = runbook.Verify.Hold > TimeSpan.Zero ? TimeSpan.FromMilliseconds(300) : TimeSpan.Zero,
        },
    };
}
