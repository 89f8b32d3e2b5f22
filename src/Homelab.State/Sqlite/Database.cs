using SQLitePCL;

namespace Homelab.State;

/// <summary>
/// One connection to a state file, used by one thread at a time. Speaks to SQLite itself, because the ADO.NET layer meets a busy neighbour by
/// sleeping 150 ms and allocates several objects for each statement.
/// </summary>
internal sealed class Database : IDisposable
{
    private readonly Dictionary<string, Statement> _statements = new(StringComparer.Ordinal);
    private readonly sqlite3 _handle;

    static Database() => Batteries_V2.Init();

    private Database(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    internal string Path { get; }

    /// <summary>Rows that the last statement inserted or changed.</summary>
    internal int Changes => raw.sqlite3_changes(_handle);

    internal bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Opens a connection; creates the file when it is not there.</summary>
    /// <param name="path">The full path.</param>
    /// <param name="patience">How long a statement waits for another process.</param>
    /// <exception cref="HomelabException">The file cannot be opened or is not a database.</exception>
    internal static Database Open(string path, TimeSpan patience)
    {
        const int Flags = raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX;
        var code = raw.sqlite3_open_v2(path, out var handle, Flags, null);
        var database = new Database(path, handle);
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

    /// <summary>How long a statement waits for another process.</summary>
    internal void WaitAtMost(TimeSpan patience) => raw.sqlite3_busy_timeout(_handle, (int)patience.TotalMilliseconds);

    /// <summary>The prepared statement of a text, ready to be filled; disposing it makes it free for the next use.</summary>
    internal Statement Use(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var prepared));
            statement = new Statement(this, prepared);
            _statements.Add(sql, statement);
        }

        statement.Begin();
        return statement;
    }

    /// <summary>Runs one statement without parameters or rows that matter.</summary>
    internal void Run(string sql)
    {
        using var statement = Use(sql);
        statement.Run();
    }

    /// <summary>Runs a text of several statements.</summary>
    internal void RunScript(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>The first column of the first row as a number.</summary>
    internal long Number(string sql)
    {
        using var statement = Use(sql);
        return statement.Step() ? statement.Number() : 0;
    }

    /// <summary>Copies committed pages from the log to the file as far as nobody reads them.</summary>
    /// <returns>False when others stood in the way; they or a later call will do it.</returns>
    internal bool Checkpoint(int mode)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, null, mode, out _, out _);
        if ((code & 0xff) is raw.SQLITE_BUSY or raw.SQLITE_LOCKED) return false;
        Check(code);
        return true;
    }

    internal void Check(int code)
    {
        if (code is not (raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE)) throw Fault(code);
    }

    internal HomelabException Fault(int code) => SqliteFault.Of(Path, code, raw.sqlite3_errmsg(_handle).utf8_to_string());

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Close();
        _statements.Clear();
        raw.sqlite3_close_v2(_handle);
    }
}
