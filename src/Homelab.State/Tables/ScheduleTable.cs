namespace Homelab.State;

/// <summary>How far each schedule is dealt with.</summary>
internal static class ScheduleTable
{
    private const string Columns = "runbook, expression, moment, fired_at, owner";

    internal static ScheduleMark? Find(Database database, string runbook)
    {
        using var row = database.Use($"SELECT {Columns} FROM schedules WHERE runbook = ?").Add(runbook);
        return row.Step() ? new ScheduleMark(row.Text(), row.Text(), row.Moment(), row.MomentOrNull(), row.TextOrNull()) : null;
    }

    internal static void Save(Database database, ScheduleMark mark)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO schedules ({Columns}) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (runbook) DO UPDATE SET
                expression = excluded.expression, moment = excluded.moment, fired_at = excluded.fired_at, owner = excluded.owner
            """);
        statement.Add(mark.Runbook).Add(mark.Expression).Add(mark.Moment).Add(mark.FiredAt).Add(mark.Owner).Run();
    }

    /// <summary>Frees a schedule, unless something was fired since.</summary>
    internal static bool End(Database database, string runbook, DateTimeOffset moment, string owner)
    {
        using var statement = database.Use("UPDATE schedules SET owner = NULL WHERE runbook = ? AND fired_at = ? AND owner = ?").Add(runbook).Add(moment).Add(owner);
        statement.Run();
        return database.Changes > 0;
    }
}
