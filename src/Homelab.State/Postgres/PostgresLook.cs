namespace Homelab.State;

/// <summary>Looks whether a database can hold the state: reached, of a schema that we know, and with the rights that we need. Changes nothing.</summary>
public static class PostgresLook
{
    private const string WayOut = "Check server.database, and that the server runs and lets this machine in.";

    /// <summary>Looks.</summary>
    /// <param name="name">How the checks are named.</param>
    /// <param name="connection">The connection string.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<LabCheck>> LookAsync(string name, Secret connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        try
        {
            return await Task.Run(() => Look(name, PostgresAddress.Parse(connection.Reveal())), cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e)
        {
            return [LabCheck.Failed(ConnectionLook.Connection, name, e, WayOut)];
        }
    }

    private static List<LabCheck> Look(string name, PostgresAddress address)
    {
        using var database = new PostgresDatabase(address, TimeSpan.FromSeconds(5));
        var version = PostgresMigrator.Inspect(database, Migration.Postgres);
        var newest = Migration.Postgres[^1].Version;
        var checks = new List<LabCheck> { LabCheck.Ok(ConnectionLook.Connection, name, $"{address.Name} answers; {(version == 0 ? "it is empty" : $"schema {version} of {newest}")}") };
        if (version < newest) checks.Add(Schema(database, name));
        if (version > 0) checks.Add(Tables(database, name));
        return checks;
    }

    private static LabCheck Schema(PostgresDatabase database, string name) =>
        database.Number("SELECT CASE WHEN has_schema_privilege(current_schema(), 'CREATE') THEN 1 ELSE 0 END") == 1
            ? LabCheck.Ok(ConnectionLook.Rights, name, "the next start makes its tables")
            : LabCheck.Failed(ConnectionLook.Rights, name, "the next start must make tables, and this user may not", "GRANT CREATE ON SCHEMA to it, or let its owner start homelab once.");

    private static LabCheck Tables(PostgresDatabase database, string name)
    {
        using var row = database.Use(
            """
            SELECT tablename FROM pg_tables
            WHERE schemaname = current_schema()
                AND NOT (
                    has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'SELECT')
                    AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'INSERT')
                    AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'UPDATE')
                    AND has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'DELETE'))
            ORDER BY tablename
            """);
        var closed = new List<string>();
        while (row.Step()) closed.Add(row.Text());
        return closed.Count == 0
            ? LabCheck.Ok(ConnectionLook.Rights, name, "every table can be read and written")
            : LabCheck.Failed(ConnectionLook.Rights, name, $"these tables cannot be read and written: {string.Join(", ", closed)}", "GRANT SELECT, INSERT, UPDATE and DELETE ON them.");
    }
}
