namespace Homelab;

/// <summary>The last sign of life of whoever heals this lab, of all its processes together.</summary>
/// <param name="Process">The process; see <see cref="ILeaseStore"/>.</param>
/// <param name="At">When.</param>
/// <param name="HasStopped">True when it stopped in order, with nobody left to heal.</param>
public sealed record Pulse(string Process, DateTimeOffset At, bool HasStopped);

/// <summary>Keeps the pulse.</summary>
public interface IPulseStore
{
    /// <summary>Writes a sign of life down. On disk when it returns.</summary>
    /// <returns>The one before; null when there was none.</returns>
    Task<Pulse?> BeatAsync(Pulse pulse, CancellationToken cancellationToken);
}
