namespace Homelab.State;

/// <summary>The audit's lines.</summary>
internal static class AuditTable
{
    private const string Columns =
        "sequence, time, kind, operation, target, via, identity, decision, result, error, elapsed, incident, run, change, approval, previous_hash, hash";

    internal static (long Sequence, string Hash) ReadHead(Database database)
    {
        using var row = database.Use("SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1");
        return row.Step() ? (row.Number(), row.Text()) : (0, AuditChain.Root);
    }

    internal static void Insert(Database database, AuditEntry line)
    {
        using var statement = database.Use($"INSERT INTO audit ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        statement
            .Add(line.Sequence).Add(line.Time).Add(line.Kind).Add(line.Operation).Add(line.Target).Add(line.Trigger).Add(line.Identity)
            .Add(line.Decision).Add(line.Result).Add(line.Error).Add(line.Elapsed).Add(line.Incident).Add(line.Run).Add(line.Change)
            .Add(line.Approval).Add(line.PreviousHash).Add(line.Hash)
            .Run();
    }

    internal static List<AuditEntry> Read(Database database, long fromSequence, int most)
    {
        using var row = database.Use($"SELECT {Columns} FROM audit WHERE sequence >= ? ORDER BY sequence LIMIT ?").Add(fromSequence).Add(most);
        return ReadAll(row);
    }

    /// <summary>The newest lines, in order.</summary>
    internal static IReadOnlyList<AuditEntry> ReadTail(Database database, int most)
    {
        using var row = database.Use($"SELECT {Columns} FROM (SELECT {Columns} FROM audit ORDER BY sequence DESC LIMIT ?) AS tail ORDER BY sequence").Add(most);
        return ReadAll(row);
    }

    private static List<AuditEntry> ReadAll(Statement row)
    {
        var lines = new List<AuditEntry>();
        while (row.Step())
        {
            lines.Add(new AuditEntry
            {
                Sequence = row.Number(),
                Time = row.Moment(),
                Kind = row.Name<AuditKind>(),
                Operation = row.Text(),
                Target = row.Text(),
                Trigger = row.Text(),
                Identity = row.Text(),
                Decision = row.Text(),
                Result = row.Text(),
                Error = row.Text(),
                Elapsed = row.SpanOrNull(),
                Incident = row.Text(),
                Run = row.Text(),
                Change = row.Text(),
                Approval = row.Text(),
                PreviousHash = row.Text(),
                Hash = row.Text(),
            });
        }

        return lines;
    }
}
