using System.Collections.Concurrent;

namespace Homelab.State;

/// <summary>Connections for reads, so that they wait neither for the writer nor, up to a few at once, for one another.</summary>
/// <param name="open">Opens one more.</param>
/// <param name="isFar">True when a read waits for another machine, which must not be done on the caller's thread.</param>
internal sealed class ReadPool(Func<Database> open, bool isFar) : IDisposable
{
    private const int Most = 4;

    private readonly SemaphoreSlim _free = new(Most, Most);
    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _closed;

    internal async Task<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(StateStore));
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(StateStore));
            return isFar ? await Task.Run(() => Read(read), cancellationToken).ConfigureAwait(false) : Read(read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that are under way, and closes.</summary>
    public void Dispose()
    {
        _closed = true;
        for (var i = 0; i < Most; i++) _free.Wait();
        while (_idle.TryTake(out var database)) database.Dispose();
        // Whoever still waits for a turn is let in to learn that it is closed.
        _free.Release(Most);
    }

    private T Read<T>(Func<Database, T> read)
    {
        if (!_idle.TryTake(out var database)) database = open();
        try
        {
            return database.Read(read);
        }
        finally
        {
            _idle.Add(database);
        }
    }
}
