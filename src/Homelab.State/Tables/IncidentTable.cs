namespace Homelab.State;

/// <summary>Incidents.</summary>
internal static class IncidentTable
{
    private const string Columns =
        $"id, service, status, alert, message, {CallerColumns.Names}, opened_at, due_at, closed_at, runbook, root, summary, owner, parent, finding";

    private const string Insertion = $"INSERT INTO incidents ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    internal static void Insert(Database database, Incident incident) => Write(database, Insertion, incident);

    /// <summary>
    /// Writes an incident anew. Its owner stays: whoever saves may have read the incident before it was claimed, and would give it away.
    /// </summary>
    internal static void Save(Database database, Incident incident) => Write(
        database,
        Insertion +
        """
         ON CONFLICT (id) DO UPDATE SET
            service = excluded.service, status = excluded.status, alert = excluded.alert, message = excluded.message,
            caller_face = excluded.caller_face, caller_identity = excluded.caller_identity, caller_ceiling = excluded.caller_ceiling,
            caller_incident = excluded.caller_incident, caller_run = excluded.caller_run, caller_scope = excluded.caller_scope,
            opened_at = excluded.opened_at, due_at = excluded.due_at, closed_at = excluded.closed_at,
            runbook = excluded.runbook, root = excluded.root, summary = excluded.summary, parent = excluded.parent, finding = excluded.finding
        """,
        incident);

    internal static void SetOwner(Database database, string id, string owner)
    {
        using var statement = database.Use("UPDATE incidents SET owner = ? WHERE id = ?").Add(owner).Add(id);
        statement.Run();
    }

    internal static string? FindOwner(Database database, string id)
    {
        using var row = database.Use("SELECT owner FROM incidents WHERE id = ?").Add(id);
        return row.Step() ? row.TextOrNull() : null;
    }

    internal static Incident? Find(Database database, string id)
    {
        using var row = database.Use($"SELECT {Columns} FROM incidents WHERE id = ?").Add(id);
        return row.Step() ? Read(row) : null;
    }

    internal static Incident? FindOpen(Database database, string service)
    {
        using var row = database.Use($"SELECT {Columns} FROM incidents WHERE service = ? AND closed_at IS NULL").Add(service);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<Incident> ListOpen(Database database)
    {
        using var row = database.Use($"SELECT {Columns} FROM incidents WHERE closed_at IS NULL ORDER BY opened_at, id");
        return ReadAll(row);
    }

    internal static IReadOnlyList<Incident> ListNewest(Database database, int most)
    {
        using var row = database.Use($"SELECT {Columns} FROM incidents ORDER BY opened_at DESC, id DESC LIMIT ?").Add(most);
        return ReadAll(row);
    }

    internal static IReadOnlyList<Incident> List(Database database, IncidentFilter filter)
    {
        using var row = database.Use(
            $"""
            SELECT {Columns} FROM incidents
            WHERE (?1 IS NULL OR service = ?1) AND (?2 = 0 OR closed_at IS NULL) AND (?3 IS NULL OR opened_at >= ?3)
                AND (?4 IS NULL OR parent = ?4) AND (?5 = 0 OR parent IS NULL)
            ORDER BY opened_at DESC, id DESC LIMIT ?6
            """)
            .Add(filter.Service).Add(filter.OnlyOpen).Add(filter.Since).Add(filter.Parent).Add(filter.OnlyRoots).Add(filter.Most);
        return ReadAll(row);
    }

    private static void Write(Database database, string sql, Incident incident)
    {
        using var statement = database.Use(sql);
        statement
            .Add(incident.Id).Add(incident.Service).Add(incident.Status).Add(incident.Alert).Add(incident.Message).Add(incident.Caller)
            .Add(incident.OpenedAt).Add(incident.DueAt).Add(incident.ClosedAt).Add(incident.Runbook).Add(incident.Root).Add(incident.Summary)
            .Add(incident.Owner).Add(incident.Parent).AddJsonOrNull(incident.Finding)
            .Run();
    }

    private static List<Incident> ReadAll(Statement row)
    {
        var incidents = new List<Incident>();
        while (row.Step()) incidents.Add(Read(row));
        return incidents;
    }

    private static Incident Read(Statement row) => new()
    {
        Id = row.Text(),
        Service = row.Text(),
        Status = row.Name<IncidentStatus>(),
        Alert = row.Text(),
        Message = row.Text(),
        Caller = row.Caller(),
        OpenedAt = row.Moment(),
        DueAt = row.Moment(),
        ClosedAt = row.MomentOrNull(),
        Runbook = row.TextOrNull(),
        Root = row.TextOrNull(),
        Summary = row.Text(),
        Owner = row.TextOrNull(),
        Parent = row.TextOrNull(),
        Finding = row.JsonOrNull<RootFinding>(),
    };
}
