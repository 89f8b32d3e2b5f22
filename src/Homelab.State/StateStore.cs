namespace Homelab.State;

/// <summary>
/// Everything that must survive, in one database. A write is on disk when its call returns, also after a loss of power; several processes may share
/// the database, and their writes stand one after the other.
/// </summary>
/// <remarks>
/// Besides what the ports say, every method throws <see cref="HomelabException"/> with <c>StateBusy</c>, <c>StateUnwritable</c> or <c>StateUnreachable</c>
/// (Unavailable), <c>StateUnreadable</c> or <c>StateFailed</c> (Failed), or <c>StateConflict</c> (Conflict) when the database stands in the way. What a call that
/// failed was to write is not in it, nor its audit line; only after <c>StateUnreachable</c> nobody can tell before looking.
/// </remarks>
public abstract partial class StateStore : IStateStore, ICredentialStore
{
    private readonly Database _database;
    private readonly WriteLoop _writer;
    private readonly ReadPool _reader;
    private readonly TimeProvider _time;
    private int _disposed;

    private protected StateStore(Database database, ReadPool reader, TimeProvider time, TimeSpan patience)
    {
        _database = database;
        _time = time;
        _reader = reader;
        _writer = new WriteLoop(database, patience);
    }

    /// <summary>Takes no more writes, writes what is queued, and closes the database.</summary>
    /// <exception cref="HomelabException">Audit lines that nobody waited for could not be written.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        GC.SuppressFinalize(this);
        try
        {
            await _writer.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            _reader.Dispose();
            Close();
            _database.Dispose();
        }
    }

    /// <summary>What is left to do before the last connection goes.</summary>
    private protected abstract void Close();
}
