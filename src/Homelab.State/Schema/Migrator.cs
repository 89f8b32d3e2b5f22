using System.Diagnostics;
using System.Globalization;

namespace Homelab.State;

/// <summary>Brings a state file to a schema, and refuses files that are not ours or newer than we are.</summary>
internal static class Migrator
{
    // "HmLb", in the file's header: tells our file from any other program's database.
    private const int ApplicationId = 0x486D4C62;

    /// <exception cref="HomelabException"><c>StateTooNew</c>, <c>StateUnreadable</c>, <c>StateBusy</c>, <c>StateUnwritable</c>.</exception>
    internal static void Migrate(SqliteDatabase database, IReadOnlyList<Migration> migrations, TimeSpan patience)
    {
        // Before anything is written: a foreign file is left as it is.
        var version = Within(database, "BEGIN", () => Inspect(database, migrations));
        UseWriteAheadLog(database, patience);
        foreach (var migration in migrations)
        {
            // A file that needs nothing is opened without waiting for whoever writes to it.
            if (migration.Version > version) Within(database, "BEGIN IMMEDIATE", () => Apply(database, migrations, migration));
        }
    }

    private static int Apply(SqliteDatabase database, IReadOnlyList<Migration> migrations, Migration migration)
    {
        // Another process may have been faster.
        if (Inspect(database, migrations) >= migration.Version) return migration.Version;
        database.RunScript(migration.Sql);
        database.RunScript(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {migration.Version};"));
        return migration.Version;
    }

    private static int Within(SqliteDatabase database, string begin, Func<int> body)
    {
        database.Run(begin);
        try
        {
            var version = body();
            database.Run("COMMIT");
            return version;
        }
        catch
        {
            if (database.InTransaction) database.Run("ROLLBACK");
            throw;
        }
    }

    // Only within a transaction: between two looks another process may make the file ours.
    private static int Inspect(SqliteDatabase database, IReadOnlyList<Migration> migrations)
    {
        var version = database.Number("PRAGMA user_version");
        var application = database.Number("PRAGMA application_id");
        var ours = application == ApplicationId || (application == 0 && version == 0 && database.Number("SELECT count(*) FROM sqlite_master") == 0);
        if (!ours) throw SqliteFault.Unreadable(database.Path, "it is the database of another program");
        if (version <= migrations[^1].Version) return (int)version;
        throw new HomelabException(
            ErrorKind.Conflict,
            "StateTooNew",
            $"State file {database.Path} has schema {version}, and this program knows schemas up to {migrations[^1].Version}. Update the program, or name another file.",
            database.Path);
    }

    private static void UseWriteAheadLog(SqliteDatabase database, TimeSpan patience)
    {
        // SQLite does not wait by itself when two processes change the mode of a new file at once.
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var statement = database.Use("PRAGMA journal_mode = WAL");
                var mode = statement.Step() ? statement.Text() : "";
                if (mode == "wal") return;
                throw SqliteFault.Unreadable(database.Path, $"its file system allows no write-ahead log (journal mode '{mode}')");
            }
            catch (HomelabException e) when (e.Id == "StateBusy" && Stopwatch.GetElapsedTime(started) < patience)
            {
                Thread.Sleep(TimeSpan.FromMilliseconds(5));
            }
        }
    }
}
