namespace Homelab.State;

/// <summary>The last sign of life: one row.</summary>
internal static class PulseTable
{
    internal static Pulse? Beat(Database database, Pulse pulse)
    {
        var before = Find(database);
        using var statement = database.Use(
            """
            INSERT INTO pulse (id, process, at, has_stopped) VALUES (1, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET process = excluded.process, at = excluded.at, has_stopped = excluded.has_stopped
            """);
        statement.Add(pulse.Process).Add(pulse.At).Add(pulse.HasStopped).Run();
        return before;
    }

    private static Pulse? Find(Database database)
    {
        using var row = database.Use("SELECT process, at, has_stopped FROM pulse");
        return row.Step() ? new Pulse(row.Text(), row.Moment(), row.Flag()) : null;
    }
}
