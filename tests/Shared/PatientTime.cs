namespace Homelab.Tests;

/// <summary>
/// The clock of this machine, with twenty times as long for whatever is given a certain time or more: limits that only protect from a hang must not end what a busy machine delays. Shorter waits,
/// such as those between two looks, take their time.
/// </summary>
/// <param name="limit">From which time on; five seconds.</param>
public sealed class PatientTime(TimeSpan? limit = null) : TimeProvider
{
    private const int Patience = 20;
    private readonly TimeSpan _limit = limit ?? TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= _limit && period == Timeout.InfiniteTimeSpan ? dueTime * Patience : dueTime, period);
}
