namespace Homelab.State;

/// <summary>Questions to people, and their answers.</summary>
internal static class ApprovalTable
{
    private const string Columns =
        $"id, operation, input, hash, target, world, question, reason, {CallerColumns.Names}, requested_at, expires_at, needed, confirmations, status, denied_by, closed_at, voided_by, version";

    internal static void Insert(Database database, Approval approval)
    {
        using var statement = database.Use($"INSERT INTO approvals ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        statement
            .Add(approval.Id).Add(approval.Operation).Add(approval.Input).Add(approval.Hash).Add(approval.Target).Add(approval.World).Add(approval.Question)
            .Add(approval.Reason).Add(approval.RequestedBy).Add(approval.RequestedAt).Add(approval.ExpiresAt).Add(approval.Needed)
            .AddJson(approval.Confirmations).Add(approval.Status).Add(approval.DeniedBy).Add(approval.ClosedAt).Add(approval.VoidedBy).Add(approval.Version)
            .Run();
    }

    /// <summary>Replaces what people can change: the answers. The question stays what was asked.</summary>
    /// <returns>False when its version is not the one given.</returns>
    internal static bool Answer(Database database, Approval approval)
    {
        using var statement = database.Use("UPDATE approvals SET confirmations = ?, status = ?, denied_by = ?, closed_at = ?, voided_by = ?, version = version + 1 WHERE id = ? AND version = ?");
        statement.AddJson(approval.Confirmations).Add(approval.Status).Add(approval.DeniedBy).Add(approval.ClosedAt).Add(approval.VoidedBy).Add(approval.Id).Add(approval.Version).Run();
        return database.Changes > 0;
    }

    /// <summary>Uses an approval up.</summary>
    /// <returns>False when it is not there, not approved, used already, or over.</returns>
    internal static bool Use(Database database, string id, DateTimeOffset now)
    {
        using var statement = database.Use("UPDATE approvals SET status = 'Used', version = version + 1 WHERE id = ? AND status = 'Approved' AND expires_at > ?");
        statement.Add(id).Add(now).Run();
        return database.Changes > 0;
    }

    internal static Approval? Find(Database database, string id)
    {
        using var row = database.Use($"SELECT {Columns} FROM approvals WHERE id = ?").Add(id);
        return row.Step() ? Read(row) : null;
    }

    /// <summary>The same question by the same caller, if it still waits for its answer.</summary>
    internal static Approval? FindSame(Database database, Approval approval)
    {
        using var row = database.Use(
            $"""
            SELECT {Columns} FROM approvals
            WHERE hash = ? AND status = 'Pending' AND expires_at > ?
                AND caller_face = ? AND caller_identity = ? AND caller_incident IS ? AND caller_run IS ? AND caller_scope IS ?
            ORDER BY requested_at DESC LIMIT 1
            """);
        var caller = approval.RequestedBy;
        row.Add(approval.Hash).Add(approval.RequestedAt).Add(caller.Face).Add(caller.Identity).Add(caller.Incident).Add(caller.Run).Add(caller.Scope);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<Approval> List(Database database, ApprovalStatus status)
    {
        using var row = database.Use($"SELECT {Columns} FROM approvals WHERE status = ? ORDER BY requested_at, id").Add(status);
        var found = new List<Approval>();
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    internal static IReadOnlyList<Approval> ListNewest(Database database, int most)
    {
        using var row = database.Use($"SELECT {Columns} FROM approvals ORDER BY requested_at DESC, id LIMIT ?").Add((long)most);
        var found = new List<Approval>();
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    private static Approval Read(Statement row) => new()
    {
        Id = row.Text(),
        Operation = row.Text(),
        Input = row.Text(),
        Hash = row.Text(),
        Target = row.Text(),
        World = row.TextOrNull(),
        Question = row.Text(),
        Reason = row.Text(),
        RequestedBy = row.Caller(),
        RequestedAt = row.Moment(),
        ExpiresAt = row.Moment(),
        Needed = row.Count(),
        Confirmations = row.Json<Confirmation>(),
        Status = row.Name<ApprovalStatus>(),
        DeniedBy = row.TextOrNull(),
        ClosedAt = row.MomentOrNull(),
        VoidedBy = row.TextOrNull(),
        Version = row.Count(),
    };
}
