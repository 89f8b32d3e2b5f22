namespace Homelab.Automation.Tapes;

/// <summary>The time on the tape.</summary>
internal sealed class TapeClock : TimeProvider
{
    private DateTimeOffset _now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _now;

    /// <summary>A line that was written later and is of earlier does not turn it back.</summary>
    internal void MoveTo(DateTimeOffset moment)
    {
        if (moment > _now) _now = moment;
    }
}
