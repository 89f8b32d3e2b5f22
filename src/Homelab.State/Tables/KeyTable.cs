namespace Homelab.State;

/// <summary>Bearer keys, by their hash.</summary>
internal static class KeyTable
{
    private const string Columns = "hash, name, level, scope, per_minute, created_at, created_by, expires_at, revoked_at, used_at";

    /// <returns>False when one of that name holds already. One that is over makes room.</returns>
    internal static bool Insert(Database database, ApiKey key)
    {
        using (var row = database.Use("SELECT 1 FROM api_keys WHERE name = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)").Add(key.Name).Add(key.CreatedAt))
        {
            if (row.Step()) return false;
        }

        using (var end = database.Use("UPDATE api_keys SET revoked_at = expires_at WHERE name = ? AND revoked_at IS NULL").Add(key.Name)) end.Run();
        using var statement = database.Use($"INSERT INTO api_keys ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        statement
            .Add(key.Hash).Add(key.Name).Add(key.Level).Add(key.Scope).Add((long)key.PerMinute).Add(key.CreatedAt).Add(key.CreatedBy)
            .Add(key.ExpiresAt).Add(key.RevokedAt).Add(key.UsedAt)
            .Run();
        return true;
    }

    internal static ApiKey? Find(Database database, string hash)
    {
        using var row = database.Use($"SELECT {Columns} FROM api_keys WHERE hash = ?").Add(hash);
        return row.Step() ? Read(row) : null;
    }

    internal static IReadOnlyList<ApiKey> List(Database database)
    {
        using var row = database.Use($"SELECT {Columns} FROM api_keys ORDER BY created_at DESC, name");
        var found = new List<ApiKey>();
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    internal static bool Revoke(Database database, string name, DateTimeOffset now)
    {
        using var statement = database.Use("UPDATE api_keys SET revoked_at = ? WHERE name = ? AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ?)");
        statement.Add(now).Add(name).Add(now).Run();
        return database.Changes > 0;
    }

    internal static bool Touch(Database database, string hash, DateTimeOffset at)
    {
        using var statement = database.Use("UPDATE api_keys SET used_at = ? WHERE hash = ? AND (used_at IS NULL OR used_at < ?)");
        statement.Add(at).Add(hash).Add(at).Run();
        return database.Changes > 0;
    }

    private static ApiKey Read(Statement row) => new()
    {
        Hash = row.Text(),
        Name = row.Text(),
        Level = row.Name<Level>(),
        Scope = row.Scope(),
        PerMinute = row.Count(),
        CreatedAt = row.Moment(),
        CreatedBy = row.Text(),
        ExpiresAt = row.MomentOrNull(),
        RevokedAt = row.MomentOrNull(),
        UsedAt = row.MomentOrNull(),
    };
}
