namespace Homelab.State;

/// <content>Who may come in.</content>
public abstract partial class StateStore
{
    /// <inheritdoc/>
    public ICredentialStore Credentials => this;

    /// <inheritdoc/>
    public Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _writer.WriteAsync(s => KeyTable.Insert(s.Database, key), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ApiKey?> FindKeyAsync(string hash, CancellationToken cancellationToken) => _reader.ReadAsync(d => KeyTable.Find(d, hash), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken) => _reader.ReadAsync(KeyTable.List, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RevokeKeyAsync(string name, DateTimeOffset now, CancellationToken cancellationToken) => _writer.WriteAsync(s => KeyTable.Revoke(s.Database, name, now), cancellationToken);

    /// <inheritdoc/>
    public Task TouchKeyAsync(string hash, DateTimeOffset at, CancellationToken cancellationToken) => _writer.WriteAsync(s => KeyTable.Touch(s.Database, hash, at), cancellationToken);

    /// <inheritdoc/>
    public Task AddGrantsAsync(IReadOnlyList<AccessGrant> grants, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grants);
        return _writer.WriteAsync(s => AddAll(s.Database, grants), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AccessGrant?> FindGrantAsync(string hash, CancellationToken cancellationToken) => _reader.ReadAsync(d => GrantTable.Find(d, hash), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ExchangeAsync(string hash, IReadOnlyList<AccessGrant> successors, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(successors);
        return _writer.WriteAsync(s => Exchange(s.Database, hash, successors, now), cancellationToken);
    }

    /// <inheritdoc/>
    public Task RevokeFamilyAsync(string family, DateTimeOffset now, CancellationToken cancellationToken) => _writer.WriteAsync(s => GrantTable.RevokeFamily(s.Database, family, now), cancellationToken);

    /// <inheritdoc/>
    public Task<int> RevokeClientAsync(string client, DateTimeOffset now, CancellationToken cancellationToken) => _writer.WriteAsync(s => GrantTable.RevokeClient(s.Database, client, now), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AccessGrant>> ListGrantsAsync(DateTimeOffset now, CancellationToken cancellationToken) => _reader.ReadAsync(d => GrantTable.ListHolding(d, now), cancellationToken);

    /// <inheritdoc/>
    public Task SweepGrantsAsync(DateTimeOffset before, CancellationToken cancellationToken) => _writer.WriteAsync(s => GrantTable.Sweep(s.Database, before), cancellationToken);

    /// <inheritdoc/>
    public Task AddClientAsync(ClientRegistration client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        return _writer.WriteAsync(s => ClientTable.Insert(s.Database, client), cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ClientRegistration?> FindClientAsync(string id, CancellationToken cancellationToken) => _reader.ReadAsync(d => ClientTable.Find(d, id), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<ClientRegistration>> ListClientsAsync(CancellationToken cancellationToken) => _reader.ReadAsync(ClientTable.List, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> RemoveClientAsync(string id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        return _writer.WriteAsync(Remove, cancellationToken);

        bool Remove(WriteSession session)
        {
            if (!ClientTable.Delete(session.Database, id)) return false;
            GrantTable.RevokeClient(session.Database, id, now);
            return true;
        }
    }

    private static bool AddAll(Database database, IReadOnlyList<AccessGrant> grants)
    {
        foreach (var grant in grants) GrantTable.Insert(database, grant);
        return true;
    }

    private static bool Exchange(Database database, string hash, IReadOnlyList<AccessGrant> successors, DateTimeOffset now)
    {
        if (GrantTable.Find(database, hash) is not { } grant) return false;
        if (!grant.Holds(now))
        {
            // Whoever shows again what was exchanged has stolen it, or was stolen from: nobody can tell which, so both lose.
            if (grant.UsedAt is not null) GrantTable.RevokeFamily(database, grant.Family, now);
            return false;
        }

        GrantTable.Use(database, hash, now);
        return AddAll(database, successors);
    }
}
