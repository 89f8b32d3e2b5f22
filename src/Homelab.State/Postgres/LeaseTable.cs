namespace Homelab.State;

/// <summary>Which processes live, by the database's own clock.</summary>
internal static class LeaseTable
{
    // Long after anybody could take it for living.
    private const string Forgotten = "1 day";

    internal static void Renew(Database database, string holder, string owner, TimeSpan length)
    {
        using (var statement = database.Use(
            """
            INSERT INTO leases (holder, owner, expires_at) VALUES (?, ?, clock_timestamp() + ? * interval '1 microsecond')
            ON CONFLICT (holder) DO UPDATE SET expires_at = excluded.expires_at
            """))
        {
            statement.Add(holder).Add(owner).Add((long)length.TotalMicroseconds).Run();
        }

        database.Run($"DELETE FROM leases WHERE expires_at < clock_timestamp() - interval '{Forgotten}'");
    }

    internal static void Delete(Database database, string holder)
    {
        using var statement = database.Use("DELETE FROM leases WHERE holder = ?").Add(holder);
        statement.Run();
    }

    internal static bool IsGood(Database database, string holder)
    {
        using var row = database.Use("SELECT 1 FROM leases WHERE holder = ? AND expires_at > clock_timestamp()").Add(holder);
        return row.Step();
    }

    internal static bool IsAlive(Database database, string owner)
    {
        using var row = database.Use("SELECT 1 FROM leases WHERE owner = ? AND expires_at > clock_timestamp()").Add(owner);
        return row.Step();
    }
}
