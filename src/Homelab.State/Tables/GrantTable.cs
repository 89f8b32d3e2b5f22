namespace Homelab.State;

/// <summary>Codes and tokens of OAuth, by their hash.</summary>
internal static class GrantTable
{
    private const string Columns = "hash, kind, family, client, level, scope, resource, issued_at, expires_at, used_at, revoked_at, redirect, challenge";

    internal static void Insert(Database database, AccessGrant grant)
    {
        using var statement = database.Use($"INSERT INTO grants ({Columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        statement
            .Add(grant.Hash).Add(grant.Kind).Add(grant.Family).Add(grant.Client).Add(grant.Level).Add(grant.Scope).Add(grant.Resource)
            .Add(grant.IssuedAt).Add(grant.ExpiresAt).Add(grant.UsedAt).Add(grant.RevokedAt).Add(grant.Redirect).Add(grant.Challenge)
            .Run();
    }

    internal static AccessGrant? Find(Database database, string hash)
    {
        using var row = database.Use($"SELECT {Columns} FROM grants WHERE hash = ?").Add(hash);
        return row.Step() ? Read(row) : null;
    }

    internal static void Use(Database database, string hash, DateTimeOffset now)
    {
        using var statement = database.Use("UPDATE grants SET used_at = ? WHERE hash = ?").Add(now).Add(hash);
        statement.Run();
    }

    internal static bool RevokeFamily(Database database, string family, DateTimeOffset now)
    {
        using var statement = database.Use("UPDATE grants SET revoked_at = ? WHERE family = ? AND revoked_at IS NULL").Add(now).Add(family);
        statement.Run();
        return database.Changes > 0;
    }

    internal static int RevokeClient(Database database, string client, DateTimeOffset now)
    {
        using var statement = database.Use("UPDATE grants SET revoked_at = ? WHERE client = ? AND revoked_at IS NULL AND used_at IS NULL AND expires_at > ?").Add(now).Add(client).Add(now);
        statement.Run();
        return database.Changes;
    }

    internal static IReadOnlyList<AccessGrant> ListHolding(Database database, DateTimeOffset now)
    {
        using var row = database.Use($"SELECT {Columns} FROM grants WHERE kind <> 'Code' AND revoked_at IS NULL AND used_at IS NULL AND expires_at > ? ORDER BY issued_at DESC, hash").Add(now);
        var found = new List<AccessGrant>();
        while (row.Step()) found.Add(Read(row));
        return found;
    }

    internal static bool Sweep(Database database, DateTimeOffset before)
    {
        // What was used is kept as long as its family may live: shown again, it gives the theft away.
        using var statement = database.Use("DELETE FROM grants WHERE expires_at < ?1 AND NOT EXISTS (SELECT 1 FROM grants f WHERE f.family = grants.family AND f.expires_at >= ?1)").Add(before);
        statement.Run();
        return database.Changes > 0;
    }

    private static AccessGrant Read(Statement row) => new()
    {
        Hash = row.Text(),
        Kind = row.Name<GrantKind>(),
        Family = row.Text(),
        Client = row.Text(),
        Level = row.Name<Level>(),
        Scope = row.Scope(),
        Resource = row.Text(),
        IssuedAt = row.Moment(),
        ExpiresAt = row.Moment(),
        UsedAt = row.MomentOrNull(),
        RevokedAt = row.MomentOrNull(),
        Redirect = row.TextOrNull(),
        Challenge = row.TextOrNull(),
    };
}
