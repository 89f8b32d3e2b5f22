namespace Homelab;

/// <summary>A system that is told at intervals that we live, and that raises an alarm when it hears nothing any more.</summary>
public interface IHeartbeatSink
{
    /// <summary>Its name: <c>kuma</c>.</summary>
    string Name { get; }

    /// <summary>Tells it once.</summary>
    /// <param name="status"><c>up</c> or <c>down</c>.</param>
    /// <param name="message">One line for people.</param>
    /// <param name="ping">How long it took us to see that we are well, where that was measured.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="HomelabException">It did not take it: <c>Unavailable</c>, <c>Timeout</c>, or what it says is wrong with the call.</exception>
    Task BeatAsync(string status, string message, TimeSpan? ping, CancellationToken cancellationToken);
}
