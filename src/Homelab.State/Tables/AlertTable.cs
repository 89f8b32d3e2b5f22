namespace Homelab.State;

/// <summary>Alerts, in the order in which they were taken in.</summary>
internal static class AlertTable
{
    private const string Columns =
        "id, hook, source, status, subject, subject_id, address, message, at, is_repeat, days_left, fingerprint, received_at, service, incident, details";

    internal static void Insert(Database database, AlertRecord record)
    {
        using var statement = database.Use($"INSERT INTO alerts ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        var alert = record.Alert;
        statement
            .Add(record.Id).Add(record.Hook).Add(alert.Source).Add(alert.Status).Add(alert.Subject).Add(alert.SubjectId).Add(alert.Address)
            .Add(alert.Message).Add(alert.At).Add(alert.IsRepeat).Add(alert.DaysLeft).Add(alert.Fingerprint).Add(record.ReceivedAt)
            .Add(record.Service).Add(record.Incident).Add(AlertDetails.Write(record))
            .Run();
    }

    /// <summary>The id and incident of the alert with a fingerprint.</summary>
    internal static (string Id, string? Incident)? FindSame(Database database, Alert alert)
    {
        using var row = database.Use("SELECT id, incident FROM alerts WHERE source = ? AND fingerprint = ?").Add(alert.Source).Add(alert.Fingerprint);
        return row.Step() ? (row.Text(), row.TextOrNull()) : null;
    }

    internal static IReadOnlyList<AlertRecord> ListOf(Database database, string incident)
    {
        using var row = database.Use($"SELECT {Columns} FROM alerts WHERE incident = ? ORDER BY position").Add(incident);
        return ReadAll(row);
    }

    internal static IReadOnlyList<AlertRecord> ListNewest(Database database, int most)
    {
        using var row = database.Use($"SELECT {Columns} FROM alerts ORDER BY position DESC LIMIT ?").Add(most);
        return ReadAll(row);
    }

    private static List<AlertRecord> ReadAll(Statement row)
    {
        var alerts = new List<AlertRecord>();
        while (row.Step()) alerts.Add(Read(row));
        return alerts;
    }

    private static AlertRecord Read(Statement row)
    {
        var record = new AlertRecord
        {
            Id = row.Text(),
            Hook = row.Text(),
            Alert = new Alert
            {
                Source = row.Text(),
                Status = row.Name<AlertStatus>(),
                Subject = row.TextOrNull(),
                SubjectId = row.TextOrNull(),
                Address = row.TextOrNull(),
                Message = row.Text(),
                At = row.Moment(),
                IsRepeat = row.Flag(),
                DaysLeft = row.CountOrNull(),
                Fingerprint = row.Text(),
            },
            ReceivedAt = row.Moment(),
            Service = row.TextOrNull(),
            Incident = row.TextOrNull(),
        };
        return row.TextOrNull() is { } details ? AlertDetails.Read(details, record, row) : record;
    }
}
