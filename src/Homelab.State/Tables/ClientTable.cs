namespace Homelab.State;

/// <summary>OAuth clients that registered themselves.</summary>
internal static class ClientTable
{
    private const string Columns = "id, name, redirects, secret_hash, created_at";

    internal static bool Insert(Database database, ClientRegistration client)
    {
        using var statement = database.Use($"INSERT INTO clients ({Columns}) VALUES (?, ?, ?, ?, ?)");
        statement.Add(client.Id).Add(client.Name).AddJson(client.Redirects).Add(client.SecretHash).Add(client.CreatedAt).Run();
        return true;
    }

    internal static ClientRegistration? Find(Database database, string id)
    {
        using var row = database.Use($"SELECT {Columns} FROM clients WHERE id = ?").Add(id);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<ClientRegistration> List(Database database)
    {
        using var row = database.Use($"SELECT {Columns} FROM clients ORDER BY created_at DESC, id");
        var found = new List<ClientRegistration>();
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    internal static bool Delete(Database database, string id)
    {
        using var statement = database.Use("DELETE FROM clients WHERE id = ?").Add(id);
        statement.Run();
        return database.Changes > 0;
    }

    private static ClientRegistration Read(Statement row) => new()
    {
        Id = row.Text(),
        Name = row.Text(),
        Redirects = row.Json<string>(),
        SecretHash = row.TextOrNull(),
        CreatedAt = row.Moment(),
    };
}
