using System.Globalization;

namespace Homelab.State;

/// <summary>Brings a database to a schema, and refuses schemas that are not ours or newer than we are.</summary>
internal static class PostgresMigrator
{
    /// <summary>The version a database has; 0 when it is empty.</summary>
    /// <exception cref="HomelabException"><c>StateTooNew</c> (Conflict), <c>StateUnreadable</c> (Failed): another program's tables are there.</exception>
    internal static long Inspect(Database database, IReadOnlyList<Migration> migrations)
    {
        // Only what lies in our own schema counts: the search path has others behind it. One look: between two of them another process may make the tables.
        var found = database.Number(
            """
            SELECT CASE WHEN bool_or(tablename = 'homelab_schema') THEN 2 WHEN count(*) > 0 THEN 1 ELSE 0 END
            FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ('homelab_schema', 'audit', 'changes', 'incidents', 'alerts', 'runs')
            """);
        if (found == 0) return 0;
        if (found == 1) throw PostgresFault.Unreadable(database.Name, "it holds tables of another program under the names of ours; give homelab a database or a schema (Search Path) of its own");

        var version = database.Number("SELECT max(version) FROM homelab_schema");
        if (version <= migrations[^1].Version) return version;
        throw new HomelabException(
            ErrorKind.Conflict,
            "StateTooNew",
            $"State database {database.Name} has schema {version}, and this program knows schemas up to {migrations[^1].Version}. Update the program, or name another database.",
            database.Name);
    }

    /// <exception cref="HomelabException"><c>StateTooNew</c>, <c>StateUnreadable</c>, <c>StateBusy</c>, <c>StateUnwritable</c>, <c>StateUnreachable</c>.</exception>
    internal static void Migrate(Database database, IReadOnlyList<Migration> migrations, TimeSpan patience)
    {
        // A database that needs nothing is opened without the right to change its schema, and without waiting for whoever writes to it.
        if (database.Read(d => Inspect(d, migrations)) == migrations[^1].Version) return;
        database.BeginWriting(patience);
        try
        {
            // Another process may have been faster.
            var version = Inspect(database, migrations);
            foreach (var migration in migrations.Where(m => m.Version > version))
            {
                database.RunScript(migration.Sql);
                database.RunScript(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO homelab_schema (version) VALUES ({migration.Version})"));
            }

            database.Commit();
        }
        catch
        {
            database.RollBack();
            throw;
        }
    }
}
