using System.Collections.Concurrent;

namespace Homelab.State;

/// <summary>Connections for reads, so that they wait neither for the writer nor, up to a few at once, for one another.</summary>
internal sealed class ReadPool(string path, TimeSpan patience) : IDisposable
{
    private const int Most = 4;

    private readonly SemaphoreSlim _free = new(Most, Most);
    private readonly ConcurrentBag<Database> _idle = [];
    private volatile bool _closed;

    internal async Task<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(SqliteStore));
            if (!_idle.TryTake(out var database)) database = Open();
            try
            {
                return read(database);
            }
            finally
            {
                _idle.Add(database);
            }
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

    private Database Open()
    {
        var database = Database.Open(path, patience);
        database.Run("PRAGMA query_only = ON");
        return database;
    }
}
