using Homelab.Automation.Healing;
using Homelab.Configuration;

namespace Homelab.SystemTests.Faults;

/// <summary>The shipped runbooks and the product's pace with a shorter breath: the same steps, questions and order.</summary>
internal static class FaultHaste
{
    internal static readonly TimeSpan Cooldown = TimeSpan.FromSeconds(1);

    /// <summary>How long a step and a proof may take: longer than a busy machine needs for what is well. Where the first try is in vain, it is waited out.</summary>
    internal static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);

    /// <summary>The same, where nothing is going to be well: what an engine does not answer is waited for as long three times.</summary>
    internal static readonly TimeSpan Short = TimeSpan.FromSeconds(3);

    internal static HealingTempo Tempo { get; } = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(600))
    {
        ApprovalPoll = TimeSpan.FromMilliseconds(100),
        RootPoll = TimeSpan.FromMilliseconds(100),
        Gather = TimeSpan.FromMilliseconds(500),
        FirstLook = Usual,
        FeedBackoff = TimeSpan.FromMilliseconds(200),
        NoticeBackoff = TimeSpan.FromMilliseconds(100),
    };

    internal static IReadOnlyList<Runbook> Runbooks(TimeSpan step) => [.. RunbookReader.Read(Path.Combine(AppContext.BaseDirectory, "runbooks")).Select(r => Of(r, step))];

    private static Runbook Of(Runbook runbook, TimeSpan step) => runbook with
    {
        Throttle = runbook.Throttle with { Cooldown = Cooldown, Backoff = TimeSpan.FromMilliseconds(50) },
        Steps = [.. runbook.Steps.Select(s => s with { Timeout = step, Retry = s.Retry is { } retry ? retry with { Backoff = TimeSpan.FromMilliseconds(50) } : null })],
        Verify = runbook.Verify with
        {
            Settle = TimeSpan.FromMilliseconds(200),
            Within = step,
            Every = TimeSpan.FromMilliseconds(200),
            Hold = runbook.Verify.Hold > TimeSpan.Zero ? TimeSpan.FromMilliseconds(400) : TimeSpan.Zero,
        },
    };
}
