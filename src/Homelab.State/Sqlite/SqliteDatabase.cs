using System.Diagnostics;
using SQLitePCL;

namespace Homelab.State;

/// <summary>
/// One connection to a state file. Speaks to SQLite itself, because the ADO.NET layer meets a busy neighbour by sleeping 150 ms and allocates several objects
/// for each statement.
/// </summary>
internal sealed class SqliteDatabase : Database
{
    // SQLite's own wait looks less and less often, up to every 100 ms: a busy neighbour that commits every other millisecond would starve us.
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(5);

    private readonly Dictionary<string, SqliteStatement> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _handle;

    static SqliteDatabase() => Batteries_V2.Init();

    private SqliteDatabase(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    internal string Path { get; }

    internal override string Name => Path;

    internal override int Changes => raw.sqlite3_changes(_handle);

    internal override bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens a connection; creates the file when it is not there.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="patience">How long a statement waits for another process.</param>
    /// <exception cref="HomelabException">The file cannot be opened or is not a database.</exception>
    internal static SqliteDatabase Open(string path, TimeSpan patience)
    {
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out var handle, Flags, null);
        var database = new SqliteDatabase(path, handle);
        try
        {
            database.Check(code);
            raw.sqlite3_extended_result_codes(handle, 1);
            database.WaitAtMost(patience);
            database.Run("PRAGMA foreign_keys = ON");
            // A committed transaction survives power loss: in WAL mode only FULL syncs at each commit.
            database.Run("PRAGMA synchronous = FULL");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection that can only look.</summary>
    internal static SqliteDatabase OpenToRead(string path, TimeSpan patience)
    {
        var database = Open(path, patience);
        database.Run("PRAGMA query_only = ON");
        return database;
    }

    internal override Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
            statement = new SqliteStatement(this, prepared);
            _statements.Add(sql, statement);
        }

        statement.Begin();
        return statement;
    }

    internal override void RunScript(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Takes the file's write lock.</summary>
    internal override void BeginWriting(TimeSpan patience)
    {
        WaitAtMost(s_look);
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Run("BEGIN IMMEDIATE");
                return;
            }
            catch (HomelabException e) when (e.Id == "StateBusy" && Stopwatch.GetElapsedTime(started) < patience)
            {
                // Looked for 5 ms in vain; look again.
            }
        }
    }

    internal override void Commit() => Run("COMMIT");

    internal override void RollBack()
    {
        if (InTransaction) Run("ROLLBACK");
    }

    internal override void Tidy() => Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);

    /// <summary>Copies committed pages from the log to the file as far as nobody reads them.</summary>
    /// <returns>False when others stood in the way; they or a later call will do it.</returns>
    internal bool Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, null, mode, out _, out _);
        if ((code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return false;
        Check(code);
        return true;
    }

    internal HomelabException Fault(int code) => SqliteFault.Of(Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    internal override HomelabException Odd(string why) => SqliteFault.Unreadable(Path, why);

    public override void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Close();
        _statements.Clear();
        raw.sqlite3_close_v2(_handle);
    }

    private void WaitAtMost(TimeSpan patience) => raw.sqlite3_busy_timeout(_handle, (int)patience.TotalMilliseconds);

    private void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Fault(code);
    }
}
