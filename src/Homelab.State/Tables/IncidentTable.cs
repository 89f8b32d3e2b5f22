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
        // Only what is asked for stands in the question: with "? IS NULL OR parent = ?" no index serves, and it takes the longer the older the state is.
        var asked = new List<string>();
        if (filter.Service is not null) asked.Add("service = ?");
        if (filter.OnlyOpen) asked.Add("closed_at IS NULL");
        if (filter.Since is not null) asked.Add("opened_at >= ?");
        if (filter.Parent is not null) asked.Add("parent = ?");
        if (filter.OnlyRoots) asked.Add("parent IS NULL");
        using var row = database.Use($"SELECT {Columns} FROM incidents {(asked.Count == 0 ? "" : "WHERE " + string.Join(" AND ", asked))} ORDER BY opened_at DESC, id DESC LIMIT ?");
        if (filter.Service is { } service) row.Add(service);
        if (filter.Since is { } since) row.Add(since);
        if (filter.Parent is { } parent) row.Add(parent);
        return ReadAll(row.Add(filter.Most));
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
