namespace Homelab;

/// <summary>Tells people something.</summary>
public interface INotifier
{
    /// <summary>The channel's name: <c>telegram</c>.</summary>
    string Name { get; }

    /// <summary>Tells it once. Plain text; the notifier shortens what its channel cannot carry.</summary>
    /// <exception cref="HomelabException">Unavailable, Timeout: not told, try again; Denied, Invalid: not told, and trying again is no use.</exception>
    Task SendAsync(string text, CancellationToken cancellationToken);
}
