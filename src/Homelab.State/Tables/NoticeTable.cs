namespace Homelab.State;

/// <summary>Messages to people.</summary>
internal static class NoticeTable
{
    private const string Columns = "id, incident, text, created_at, sent_at, failures";

    /// <summary>Writes a notice down once. One that is known is only marked, and what was sent stays sent; one that failed is nobody's again.</summary>
    internal static void Save(Database database, Notice notice)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO notices ({Columns}) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                sent_at = coalesce(excluded.sent_at, notices.sent_at),
                failures = CASE WHEN excluded.failures > notices.failures THEN excluded.failures ELSE notices.failures END,
                owner = NULL
            WHERE excluded.sent_at IS NOT NULL OR excluded.failures > notices.failures
            """);
        statement.Add(notice.Id).Add(notice.Incident).Add(notice.Text).Add(notice.CreatedAt).Add(notice.SentAt).Add(notice.Failures).Run();
    }

    internal static IReadOnlyList<Notice> ListUnsent(Database database) => [.. ListUnsentWithOwner(database).Select(static n => n.Notice)];

    /// <summary>What was not sent, with the process that is sending it.</summary>
    internal static IReadOnlyList<(Notice Notice, string? Owner)> ListUnsentWithOwner(Database database)
    {
        using var row = database.Use($"SELECT {Columns}, owner FROM notices WHERE sent_at IS NULL ORDER BY created_at, position");
        var notices = new List<(Notice, string?)>();
        while (row.Step()) notices.Add((Read(row), row.TextOrNull()));
        return notices;
    }

    /// <summary>Every process that is sending something.</summary>
    internal static IReadOnlyList<string> ListOwners(Database database)
    {
        using var row = database.Use("SELECT DISTINCT owner FROM notices WHERE sent_at IS NULL AND owner IS NOT NULL");
        var owners = new List<string>();
        while (row.Step()) owners.Add(row.Text());
        return owners;
    }

    internal static void SetOwner(Database database, string id, string owner)
    {
        using var statement = database.Use("UPDATE notices SET owner = ? WHERE id = ?").Add(owner).Add(id);
        statement.Run();
    }

    private static Notice Read(Statement row) => new()
    {
        Id = row.Text(),
        Incident = row.Text(),
        Text = row.Text(),
        CreatedAt = row.Moment(),
        SentAt = row.MomentOrNull(),
        Failures = row.Count(),
    };
}
