namespace Homelab.SystemTests.McpServers;

/// <summary>The real clock, by which every limit is so many times longer: it is there for servers that are silent, and a busy machine is none.</summary>
internal sealed class StretchedTime(int factor) : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, Longer(dueTime), Longer(period));

    private TimeSpan Longer(TimeSpan wait) => wait == Timeout.InfiniteTimeSpan ? wait : wait * factor;
}
