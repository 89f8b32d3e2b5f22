using System.Threading.Channels;
using Homelab.Host.Logging;

namespace Homelab.Host.Mcp.Resources;

/// <summary>What one client wants to hear of, and the telling: no resource more often than once a second, and the last change of it always.</summary>
/// <param name="tell">Tells the client that a resource has changed.</param>
/// <param name="isReadable">Whether the client may still read it.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Takes what could not be told.</param>
internal sealed class ResourceNotices(Func<string, CancellationToken, Task> tell, Func<string, bool> isReadable, TimeProvider time, JsonLog log)
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _wanted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _due = new(StringComparer.Ordinal);
    private readonly Channel<bool> _isDue = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>The least time between two notices of one resource.</summary>
    internal static TimeSpan Pause { get; } = TimeSpan.FromSeconds(1);

    /// <summary>How many resources it is about.</summary>
    internal int Count
    {
        get
        {
            lock (_lock) return _wanted.Count;
        }
    }

    internal bool Wants(string uri)
    {
        lock (_lock) return _wanted.Contains(uri);
    }

    internal void Want(string uri)
    {
        lock (_lock) _wanted.Add(uri);
    }

    internal void Drop(string uri)
    {
        lock (_lock)
        {
            _wanted.Remove(uri);
            _due.Remove(uri);
        }
    }

    /// <summary>Takes note of what has changed. Never waits.</summary>
    internal void Changed(IReadOnlyCollection<string> uris)
    {
        lock (_lock)
        {
            var before = _due.Count;
            _due.UnionWith(uris.Where(_wanted.Contains));
            if (_due.Count > before) _isDue.Writer.TryWrite(true);
        }
    }

    /// <summary>Tells, until it is cancelled.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _isDue.Reader.ReadAsync(cancellationToken);
            string[] due;
            lock (_lock)
            {
                due = [.. _due.Order(StringComparer.Ordinal)];
                _due.Clear();
            }

            // Each as it is told: meanwhile the client may have had enough of another one.
            foreach (var uri in due.Where(u => Wants(u) && isReadable(u)))
            {
                try
                {
                    await tell(uri, cancellationToken);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested)
                {
                    // A hint to look anew: the next change brings another one.
                    log.Write("noticeLost", $"A client could not be told that {uri} has changed: {e.GetType().Name}: {e.Message}");
                }
            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
