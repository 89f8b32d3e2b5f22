namespace Homelab.UnitTests.Providers.Proxmox;

/// <summary>The real clock, which a test moves on by hours. Timers take their real time: what is under way goes on, and finds that it is later.</summary>
internal sealed class JumpingTime : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;

    public override long GetTimestamp() => base.GetTimestamp() + (long)(Ahead.TotalSeconds * TimestampFrequency);

    internal void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);

    private TimeSpan Ahead => TimeSpan.FromTicks(Interlocked.Read(ref _ahead));
}
