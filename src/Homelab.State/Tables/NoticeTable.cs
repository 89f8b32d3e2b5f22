namespace Homelab.State;

/// <summary>Messages to people.</summary>
internal static class NoticeTable
{
    private const string Columns = "id, incident, text, channel, created_at, sent_at, failures";

    /// <summary>Writes a notice down once. One that is known is only marked, and what was sent stays sent.</summary>
    internal static void Save(Database database, Notice notice)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO notices ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET sent_at = coalesce(excluded.sent_at, sent_at), failures = max(excluded.failures, failures)
            WHERE excluded.sent_at IS NOT NULL OR excluded.failures > failures
            """);
        statement.Add(notice.Id).Add(notice.Incident).Add(notice.Text).Add(notice.Channel).Add(notice.CreatedAt).Add(notice.SentAt).Add(notice.Failures).Run();
    }

    internal static IReadOnlyList<Notice> ListUnsent(Database database)
    {
        using var row = database.Use($"SELECT {Columns} FROM notices WHERE sent_at IS NULL ORDER BY created_at, position");
        var notices = new List<Notice>();
        while (row.Step()) notices.Add(Read(row));
        return notices;
    }

    internal static Notice? Find(Database database, string id)
    {
        using var row = database.Use($"SELECT {Columns} FROM notices WHERE id = ?").Add(id);
        return row.Step() ? Read(row) : null;
    }

    private static Notice Read(Statement row) => new()
    {
        Id = row.Text(),
        Incident = row.Text(),
        Text = row.Text(),
        Channel = row.TextOrNull(),
        CreatedAt = row.Moment(),
        SentAt = row.MomentOrNull(),
        Failures = row.Count(),
    };
}
