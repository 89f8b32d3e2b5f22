namespace Homelab.State;

/// <summary>The big red switch: one row while it is pulled.</summary>
internal static class SuspensionTable
{
    internal static Suspension? Find(Database database)
    {
        using var row = database.Use("SELECT pulled_by, reason, pulled_at, until FROM suspension");
        return row.Step() ? new Suspension(row.Text(), row.Text(), row.Moment(), row.MomentOrNull()) : null;
    }

    internal static bool Set(Database database, Suspension? suspension)
    {
        using (var delete = database.Use("DELETE FROM suspension")) delete.Run();
        if (suspension is null) return true;
        using var statement = database.Use("INSERT INTO suspension (id, pulled_by, reason, pulled_at, until) VALUES (1, ?, ?, ?, ?)");
        statement.Add(suspension.By).Add(suspension.Reason).Add(suspension.At).Add(suspension.Until).Run();
        return true;
    }
}
