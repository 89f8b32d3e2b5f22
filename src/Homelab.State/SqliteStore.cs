using SQLitePCL;

namespace Homelab.State;

/// <summary>
/// Everything that must survive, in one SQLite file. A write is on disk when its call returns, also after a loss of power; several processes may share
/// the file.
/// </summary>
/// <remarks>
/// Besides what the ports say, every method throws <see cref="HomelabException"/> with <c>StateBusy</c> or <c>StateUnwritable</c> (Unavailable),
/// <c>StateUnreadable</c> or <c>StateFailed</c> (Failed), or <c>StateConflict</c> (Conflict) when the file stands in the way. What a call that failed was
/// to write is not in the file, nor its audit line.
/// </remarks>
public sealed partial class SqliteStore : IStateStore
{
    // Another process's commit takes milliseconds; who holds the lock this long is stuck or is not one of us.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly Database _database;
    private readonly WriteLoop _writer;
    private readonly ReadPool _reader;
    private readonly TimeProvider _time;
    private int _disposed;

    private SqliteStore(Database database, TimeProvider time, TimeSpan patience)
    {
        _database = database;
        _time = time;
        _reader = new ReadPool(database.Path, patience);
        _writer = new WriteLoop(database, patience);
    }

    /// <summary>Opens a state file, creates it when it is not there (readable by its owner alone), and brings it to the newest schema.</summary>
    /// <param name="path">The file, relative to the current folder or absolute. Missing folders are made.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait for a file that another process holds.</param>
    /// <exception cref="HomelabException">
    /// <c>StateUnreadable</c> (Failed): no database, another program's, or not to be opened; <c>StateTooNew</c> (Conflict): written by a newer version;
    /// <c>StateBusy</c> (Unavailable): held by another process for ten seconds; <c>StateUnwritable</c> (Unavailable).
    /// </exception>
    public static Task<SqliteStore> OpenAsync(string path, TimeProvider time, CancellationToken cancellationToken) =>
        OpenAsync(path, time, Migration.All, s_patience, cancellationToken);

    internal static async Task<SqliteStore> OpenAsync(string path, TimeProvider time, IReadOnlyList<Migration> migrations, TimeSpan patience, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(time);
        var full = Path.GetFullPath(path);
        // SQLite waits by blocking its thread, which must not be the caller's.
        var opening = Task.Run(() => Open(full, migrations, patience), cancellationToken);
        try
        {
            return new SqliteStore(await opening.WaitAsync(cancellationToken).ConfigureAwait(false), time, patience);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it any more: what it opens is closed again.
            _ = opening.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>Takes no more writes, writes what is queued, and closes the file.</summary>
    /// <exception cref="HomelabException">Audit lines that nobody waited for could not be written.</exception>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        try
        {
            await _writer.StopAsync().ConfigureAwait(false);
        }
        finally
        {
            _reader.Dispose();
            Close();
        }
    }

    private static Database Open(string path, IReadOnlyList<Migration> migrations, TimeSpan patience)
    {
        Create(path);
        var database = Database.Open(path, patience);
        try
        {
            Migrator.Migrate(database, migrations, patience);
            // The writer checkpoints when its callers are answered; this is for batches so large that it would come too late.
            database.Run("PRAGMA wal_autocheckpoint = 8000");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private static void Create(string path)
    {
        try
        {
            if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            if (File.Exists(path)) return;
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            // SQLite gives the files beside it the same mode.
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SqliteFault.Unreadable(path, $"it cannot be created ({e.Message})");
        }
    }

    private void Close()
    {
        try
        {
            _database.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (HomelabException)
        {
            // The log holds what was committed, and the next one who opens the file reads it.
        }

        _database.Dispose();
    }
}
