namespace Homelab.State;

/// <summary>Passes through runbooks, and their steps.</summary>
internal static class RunTable
{
    private const string Columns = "id, incident, service, runbook, attempt, status, started_at, verifying_since, ended_at, evidence";
    private const string StepColumns = "run, step, item, try, status, result, error, approval, at";

    internal static void Save(Database database, RunbookRun run)
    {
        using var statement = database.Use(
            $"""
            INSERT INTO runs ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET
                incident = excluded.incident, service = excluded.service, runbook = excluded.runbook, attempt = excluded.attempt,
                status = excluded.status, started_at = excluded.started_at, verifying_since = excluded.verifying_since,
                ended_at = excluded.ended_at, evidence = excluded.evidence
            """);
        statement
            .Add(run.Id).Add(run.Incident).Add(run.Service).Add(run.Runbook).Add(run.Attempt).Add(run.Status).Add(run.StartedAt)
            .Add(run.VerifyingSince).Add(run.EndedAt).AddJson(run.Evidence)
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

    internal static IReadOnlyList<RunbookRun> ListOf(Database database, string incident)
    {
        using var row = database.Use($"SELECT {Columns} FROM runs WHERE incident = ? ORDER BY started_at, attempt, id").Add(incident);
        var runs = new List<RunbookRun>();
        while (row.Step())
        {
            runs.Add(new RunbookRun
            {
                Id = row.Text(),
                Incident = row.Text(),
                Service = row.Text(),
                Runbook = row.Text(),
                Attempt = row.Count(),
                Status = row.Name<RunStatus>(),
                StartedAt = row.Moment(),
                VerifyingSince = row.MomentOrNull(),
                EndedAt = row.MomentOrNull(),
                Evidence = row.Json<string>(),
            });
        }

        return runs;
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

    internal static RunHistory ReadHistory(Database database, string runbook, string service, DateTimeOffset since)
    {
        using var row = database.Use(
            """
            SELECT
                (SELECT count(*) FROM runs WHERE runbook = ?1 AND service = ?2 AND started_at >= ?3),
                (SELECT max(ended_at) FROM runs WHERE runbook = ?1 AND service = ?2 AND status = 'Recovered')
            """).Add(runbook).Add(service).Add(since);
        row.Step();
        return new RunHistory(row.Count(), row.MomentOrNull());
    }
}
