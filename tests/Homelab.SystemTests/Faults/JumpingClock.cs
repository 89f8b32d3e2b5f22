namespace Homelab.SystemTests.Faults;

/// <summary>The clock of a machine that somebody sets: the time that it shows jumps, the time that it measures goes on.</summary>
internal sealed class JumpingClock : TimeProvider
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _ahead));

    internal void Jump(TimeSpan by) => Interlocked.Add(ref _ahead, by.Ticks);
}
