using System.Runtime.CompilerServices;

namespace Homelab.Providers.Docker;

/// <summary>What happens to the containers of one engine. <c>GET /events</c>; <c>docker events</c>.</summary>
internal sealed class DockerEvents(DockerWire wire)
{
    private static readonly string s_path = "/events?filters=" + Uri.EscapeDataString("""{"type":["container"]}""");
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Events as they happen, without those of commands run inside containers. When the connection is lost it is opened again, with growing pauses, from
    /// where it broke off, and nothing is told twice. An engine that is itself restarted forgets its events: those are lost.
    /// </summary>
    /// <param name="patient">True to wait for an engine that cannot be reached at first; false to fail then.</param>
    /// <param name="cancellationToken">Ends the watch; nothing else does.</param>
    internal async IAsyncEnumerable<ContainerEvent> WatchAsync(bool patient, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var cursor = new EventCursor(wire.Time);
        var pause = s_firstPause;
        for (var first = true; ; first = false)
        {
            using (var reader = await TryOpenAsync(cursor.From, patient || !first, cancellationToken).ConfigureAwait(false))
            {
                if (reader is not null)
                {
                    cursor.Open(reader.OpenedAt);
                    pause = s_firstPause;
                    while (await TryReadAsync(reader, cancellationToken).ConfigureAwait(false) is { } next)
                    {
                        if (cursor.Take(next)) yield return next;
                    }

                    cursor.Close();
                }
            }

            wire.Trace($"not listening to events; next try in {Duration.Format(pause)}");
            await Task.Delay(pause, wire.Time, cancellationToken).ConfigureAwait(false);
            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }

    private async Task<EventReader?> TryOpenAsync(long? from, bool forgive, CancellationToken cancellationToken)
    {
        var path = from is { } since ? $"{s_path}&since={EngineTime.Of(since)}" : s_path;
        try
        {
            return await EventReader.OpenAsync(wire, path, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (forgive)
        {
            wire.Trace(e.Message);
            return null;
        }
    }

    private async Task<ContainerEvent?> TryReadAsync(EventReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            wire.Trace(e.Message);
            return null;
        }
    }
}
