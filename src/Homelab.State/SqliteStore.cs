using SQLitePCL;

namespace Homelab.State;

/// <summary>The state in one SQLite file, which processes of one machine may share.</summary>
public sealed class SqliteStore : StateStore
{
    // Another process's commit takes milliseconds; who holds the lock this long is stuck or is not one of us.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly SqliteDatabase _file;

    private SqliteStore(SqliteDatabase database, TimeProvider time, TimeSpan patience)
        : base(database, new ReadPool(() => SqliteDatabase.OpenToRead(database.Path, patience), isFar: false), time, patience) => _file = database;

    /// <inheritdoc/>
    public override string Owner => ProcessOwner.Current;

    /// <inheritdoc/>
    /// <remarks>Nothing runs out here: a process is looked up on this machine.</remarks>
    public override TimeSpan TakeOverEvery => TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public override int LeaseTerm => 1;

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

    private protected override bool IsAlive(Database database, string owner) => ProcessOwner.IsAlive(owner);

    private protected override bool IsLeaseGood(Database database) => true;

    private protected override void Close()
    {
        try
        {
            _file.Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE);
        }
        catch (HomelabException)
        {
            // The log holds what was committed, and the next one who opens the file reads it.
        }
    }

    private static SqliteDatabase Open(string path, IReadOnlyList<Migration> migrations, TimeSpan patience)
    {
        Create(path);
        var database = SqliteDatabase.Open(path, patience);
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
}
