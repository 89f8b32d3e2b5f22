namespace Homelab.Automation.Healing;

/// <summary>A length of time that goes by as it is measured, whatever the clock is set to meanwhile.</summary>
/// <param name="length">How long.</param>
/// <param name="time">The clock.</param>
internal sealed class Countdown(TimeSpan length, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    /// <summary>What is left of it; zero or less when it is over.</summary>
    internal TimeSpan Left => length - time.GetElapsedTime(_began);

    internal bool IsOver => Left <= TimeSpan.Zero;
}
