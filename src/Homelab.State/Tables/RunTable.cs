namespace Homelab.State;

/// <summary>Passes through runbooks, and their steps.</summary>
internal static class RunTable
{
    private const string Columns = $"id, incident, service, runbook, attempt, {CallerColumns.Names}, given, status, summary, owner, started_at, verifying_since, ended_at, evidence";
    private const string StepColumns = "run, step, item, try, status, result, error, approval, at";

    internal static void Save(Database database, RunbookRun run)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO runs ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                incident = excluded.incident, service = excluded.service, runbook = excluded.runbook, attempt = excluded.attempt,
                caller_face = excluded.caller_face, caller_identity = excluded.caller_identity, caller_ceiling = excluded.caller_ceiling,
                caller_incident = excluded.caller_incident, caller_run = excluded.caller_run, caller_scope = excluded.caller_scope, given = excluded.given,
                status = excluded.status, summary = excluded.summary, owner = excluded.owner, started_at = excluded.started_at,
                verifying_since = excluded.verifying_since, ended_at = excluded.ended_at, evidence = excluded.evidence
            """);
        statement
            .Add(run.Id).Add(run.Incident).Add(run.Service).Add(run.Runbook).Add(run.Attempt).Add(run.Caller).Add(run.Values)
            .Add(run.Status).Add(run.Summary).Add(run.Owner).Add(run.StartedAt).Add(run.VerifyingSince).Add(run.EndedAt).AddJson(run.Evidence)
            .Run();
    }

    /// <summary>Writes a step; one that is written anew keeps its place in the order.</summary>
    internal static void Save(Database database, StepRecord step)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO steps ({StepColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (run, step, item) DO UPDATE SET
                try = excluded.try, status = excluded.status, result = excluded.result, error = excluded.error, approval = excluded.approval, at = excluded.at
            """);
        statement
            .Add(step.Run).Add(step.Step).Add(step.Item).Add(step.Try).Add(step.Status).Add(step.Result).Add(step.Error).Add(step.Approval).Add(step.At)
            .Run();
    }

    internal static void SetOwner(Database database, string id, string owner)
    {
        using var statement = database.Use("UPDATE runs SET owner = ? WHERE id = ?").Add(owner).Add(id);
        statement.Run();
    }

    /// <summary>The process that works on it: its own owner, or its incident's.</summary>
    internal static string? FindOwner(Database database, string id)
    {
        using var row = database.Use("SELECT coalesce(r.owner, i.owner) FROM runs r LEFT JOIN incidents i ON i.id = r.incident WHERE r.id = ?").Add(id);
        return row.Step() ? row.TextOrNull() : null;
    }

    internal static RunbookRun? Find(Database database, string id)
    {
        using var row = database.Use($"SELECT {Columns} FROM runs WHERE id = ?").Add(id);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<RunbookRun> ListOf(Database database, string incident)
    {
        using var row = database.Use($"SELECT {Columns} FROM runs WHERE incident = ? ORDER BY attempt, started_at, id").Add(incident);
        return ReadAll(row);
    }

    internal static IReadOnlyList<RunbookRun> List(Database database, RunFilter filter)
    {
        // As for incidents: what is not asked for would keep an index from being used. What is left open is looked for every few seconds.
        var asked = new List<string>();
        if (filter.Runbook is not null) asked.Add("runbook = ?");
        if (filter.Service is not null) asked.Add("service = ?");
        if (filter.Face is not null) asked.Add("caller_face = ?");
        // Not by the index of incidents: most of what belongs to none has long ended.
        if (filter.OnlyOnRequest) asked.Add("coalesce(incident, '') = ''");
        if (filter.OnlyOpen) asked.Add("ended_at IS NULL");
        if (filter.Since is not null) asked.Add("started_at >= ?");
        using var row = database.Use($"SELECT {Columns} FROM runs {(asked.Count == 0 ? "" : "WHERE " + string.Join(" AND ", asked))} ORDER BY started_at DESC, id DESC LIMIT ?");
        if (filter.Runbook is { } runbook) row.Add(runbook);
        if (filter.Service is { } service) row.Add(service);
        if (filter.Face is { } face) row.Add(face.ToString());
        if (filter.Since is { } since) row.Add(since);
        return ReadAll(row.Add(filter.Most));
    }

    internal static IReadOnlyList<StepRecord> ListSteps(Database database, string run)
    {
        using var row = database.Use($"SELECT {StepColumns} FROM steps WHERE run = ? ORDER BY position").Add(run);
        var steps = new List<StepRecord>();
        while (row.Step())
        {
            steps.Add(new StepRecord
            {
                Run = row.Text(),
                Step = row.Text(),
                Item = row.Count(),
                Try = row.Count(),
                Status = row.Name<StepStatus>(),
                Result = row.TextOrNull(),
                Error = row.TextOrNull(),
                Approval = row.TextOrNull(),
                At = row.Moment(),
            });
        }

        return steps;
    }

    internal static RunHistory ReadHistory(Database database, string runbook, string? service, DateTimeOffset since)
    {
        using var row = database.Use(
            """
            SELECT
                (SELECT count(*) FROM runs WHERE runbook = ?1 AND service IS ?2 AND started_at >= ?3 AND caller_face <> 'Interactive'),
                (SELECT max(ended_at) FROM runs WHERE runbook = ?1 AND service IS ?2 AND status = 'Recovered')
            """).Add(runbook).Add(service).Add(since);
        row.Step();
        return new RunHistory(row.Count(), row.MomentOrNull());
    }

    private static List<RunbookRun> ReadAll(Statement row)
    {
        var runs = new List<RunbookRun>();
        while (row.Step()) runs.Add(Read(row));
        return runs;
    }

    private static RunbookRun Read(Statement row) => new()
    {
        Id = row.Text(),
        Incident = row.TextOrNull(),
        Service = row.TextOrNull(),
        Runbook = row.Text(),
        Attempt = row.Count(),
        Caller = row.Caller(),
        Values = row.Text(),
        Status = row.Name<RunStatus>(),
        Summary = row.Text(),
        Owner = row.TextOrNull(),
        StartedAt = row.Moment(),
        VerifyingSince = row.MomentOrNull(),
        EndedAt = row.MomentOrNull(),
        Evidence = row.Json<string>(),
    };
}
