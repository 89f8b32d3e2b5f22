namespace Homelab.State;

/// <summary>What is hushed while something is healed.</summary>
internal static class HushTable
{
    private const string Columns = $"id, kind, service, subject, {CallerColumns.Names}, created_at, until, status, reference, failures, error, owner";

    internal static bool Save(Database database, Hush hush)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO hushes ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET status = excluded.status, reference = excluded.reference, failures = excluded.failures, error = excluded.error
            """);
        statement
            .Add(hush.Id).Add(hush.Kind).Add(hush.Service).Add(hush.Subject).Add(hush.Caller).Add(hush.CreatedAt).Add(hush.Until)
            .Add(hush.Status).Add(hush.Reference).Add(hush.Failures).Add(hush.Error).Add(hush.Owner)
            .Run();
        return true;
    }

    internal static Hush? Find(Database database, string id)
    {
        using var row = database.Use($"SELECT {Columns} FROM hushes WHERE id = ?").Add(id);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<Hush> ListOpen(Database database)
    {
        using var row = database.Use($"SELECT {Columns} FROM hushes WHERE status IN ('Intended', 'Made') ORDER BY created_at, id");
        var open = new List<Hush>();
        while (row.Step()) open.Add(Read(row));
        return open;
    }

    internal static void SetOwner(Database database, string id, string owner)
    {
        using var statement = database.Use("UPDATE hushes SET owner = ? WHERE id = ?").Add(owner).Add(id);
        statement.Run();
    }

    private static Hush Read(Statement row) => new()
    {
        Id = row.Text(),
        Kind = row.Name<HushKind>(),
        Service = row.Text(),
        Subject = row.Text(),
        Caller = row.Caller(),
        CreatedAt = row.Moment(),
        Until = row.Moment(),
        Status = row.Name<HushStatus>(),
        Reference = row.TextOrNull(),
        Failures = row.Count(),
        Error = row.TextOrNull(),
        Owner = row.Text(),
    };
}
