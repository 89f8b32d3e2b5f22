namespace Homelab;

/// <summary>A system that is listened to, rather than one that calls: Docker's event stream.</summary>
public interface IAlertFeed
{
    /// <summary>The feed's name: <c>docker</c>. Alerts from it carry the same <see cref="Alert.Source"/>.</summary>
    string Name { get; }

    /// <summary>
    /// Alerts as they happen, until cancelled. Reconnects by itself, with growing pauses, and says through the trace when it is cut off; it ends
    /// only when it is cancelled.
    /// </summary>
    IAsyncEnumerable<Alert> WatchAsync(CancellationToken cancellationToken);
}
