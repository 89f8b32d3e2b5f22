namespace Homelab.State;

/// <summary>The journal of changes, and the history that restraints ask about.</summary>
internal static class ChangeTable
{
    private const string Columns =
        $"id, key, operation, input, target, risk, {CallerColumns.Names}, mark, approval, owner, started_at, ended_at, status, result, error";

    internal static void Insert(Database database, ChangeRecord change)
    {
        using var statement = database.Use($"INSERT INTO changes ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        statement
            .Add(change.Id).Add(change.Key).Add(change.Operation).Add(change.Input).Add(change.Target).Add(change.Risk).Add(change.Caller)
            .Add(change.Mark).Add(change.Approval).Add(change.Owner).Add(change.StartedAt).Add(change.EndedAt).Add(change.Status)
            .Add(change.Result).Add(change.Error)
            .Run();
    }

    /// <summary>Writes the end of an open change.</summary>
    /// <returns>False when it is not open.</returns>
    internal static bool End(Database database, ChangeRecord change, DateTimeOffset endedAt)
    {
        using var statement = database.Use("UPDATE changes SET ended_at = ?, status = ?, result = ?, error = ? WHERE id = ? AND status = 'Open'");
        statement.Add(endedAt).Add(change.Status).Add(change.Result).Add(change.Error).Add(change.Id).Run();
        return database.Changes > 0;
    }

    internal static bool Exists(Database database, string id)
    {
        using var row = database.Use("SELECT 1 FROM changes WHERE id = ?").Add(id);
        return row.Step();
    }

    internal static ChangeRecord? FindByKey(Database database, string key)
    {
        using var row = database.Use($"SELECT {Columns} FROM changes WHERE key = ?").Add(key);
        return row.Step() ? Read(row) : null;
    }

    /// <summary>The change that an approval was used for.</summary>
    internal static ChangeRecord? FindByApproval(Database database, string approval)
    {
        using var row = database.Use($"SELECT {Columns} FROM changes WHERE approval = ?").Add(approval);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<ChangeRecord> ListOpen(Database database)
    {
        using var row = database.Use($"SELECT {Columns} FROM changes WHERE status = 'Open' ORDER BY started_at, id");
        var open = new List<ChangeRecord>();
        while (row.Step()) open.Add(Read(row));
        return open;
    }

    internal static ChangeHistory ReadHistory(Database database, string target, ActionLimits limits, DateTimeOffset now)
    {
        // What did not happen interrupted nothing, but it was a try. What only accompanies others is not what the limits are there for.
        using var row = database.Use(
            $"""
            SELECT
                (SELECT max(ended_at) FROM changes WHERE target = ?1 AND risk IN ('Disrupt', 'Destroy') AND status <> 'NotDone'),
                (SELECT count(*) FROM changes WHERE target = ?1 AND caller_face <> 'Interactive' AND risk <> 'Read' AND started_at > ?2 AND key NOT LIKE '{ChangeRecord.Accompanying}%'),
                (SELECT count(*) FROM changes WHERE caller_face <> 'Interactive' AND risk <> 'Read' AND started_at > ?3 AND key NOT LIKE '{ChangeRecord.Accompanying}%'),
                (SELECT count(DISTINCT target) FROM changes
                    WHERE ?4 IS NOT NULL AND caller_face <> 'Interactive' AND risk IN ('Disrupt', 'Destroy') AND started_at > ?5 AND target <> ?1
                    AND target LIKE 'container:%' AND substr(target, length(target) - length(?4)) = '@' || ?4)
            """).Add(target).Add(Since(now, limits.Per)).Add(Since(now, limits.RatePer)).Add(HostOf(target)).Add(Since(now, limits.Blast.Per));
        row.Step();
        return new ChangeHistory(FindInFlight(database, target), row.MomentOrNull(), row.Count(), row.Count())
        {
            OnHost = row.Count(),
            Suspension = SuspensionTable.Find(database),
        };
    }

    // Neither a container's name nor a host's may hold an @.
    private static string? HostOf(string target) =>
        target.StartsWith("container:", StringComparison.Ordinal) && target.IndexOf('@', StringComparison.Ordinal) is > 0 and var at ? target[(at + 1)..] : null;

    private static ChangeRecord? FindInFlight(Database database, string target)
    {
        using var row = database.Use($"SELECT {Columns} FROM changes WHERE target = ? AND status = 'Open' AND risk <> 'Read'").Add(target);
        return row.Step() ? Read(row) : null;
    }

    // A span may be longer than the calendar.
    private static long Since(DateTimeOffset now, TimeSpan span) => Math.Max(0, now.UtcTicks - span.Ticks);

    private static ChangeRecord Read(Statement row) => new()
    {
        Id = row.Text(),
        Key = row.Text(),
        Operation = row.Text(),
        Input = row.Text(),
        Target = row.Text(),
        Risk = row.Name<Risk>(),
        Caller = row.Caller(),
        Mark = row.TextOrNull(),
        Approval = row.TextOrNull(),
        Owner = row.Text(),
        StartedAt = row.Moment(),
        EndedAt = row.MomentOrNull(),
        Status = row.Name<ChangeStatus>(),
        Result = row.TextOrNull(),
        Error = row.TextOrNull(),
    };
}
