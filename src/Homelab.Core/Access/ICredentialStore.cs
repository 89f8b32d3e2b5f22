namespace Homelab;

/// <summary>Keeps who may come in: keys, OAuth clients that registered themselves, and what they were given. Of secrets it has hashes alone.</summary>
public interface ICredentialStore
{
    /// <summary>Writes a new key down.</summary>
    /// <returns>False when one of that name holds already.</returns>
    Task<bool> AddKeyAsync(ApiKey key, CancellationToken cancellationToken);

    /// <summary>The key with that hash, whether or not it still holds; null where there is none.</summary>
    Task<ApiKey?> FindKeyAsync(string hash, CancellationToken cancellationToken);

    /// <summary>All keys, the youngest first.</summary>
    Task<IReadOnlyList<ApiKey>> ListKeysAsync(CancellationToken cancellationToken);

    /// <summary>Takes the key of that name back.</summary>
    /// <returns>False when none of that name holds.</returns>
    Task<bool> RevokeKeyAsync(string name, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Writes down that a key was used.</summary>
    Task TouchKeyAsync(string hash, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Writes grants down, all or none.</summary>
    Task AddGrantsAsync(IReadOnlyList<AccessGrant> grants, CancellationToken cancellationToken);

    /// <summary>The grant with that hash, whether or not it still holds; null where there is none.</summary>
    Task<AccessGrant?> FindGrantAsync(string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Uses a code or refresh token and writes down what it is exchanged for, in one. Of two that exchange the same at once, one succeeds. Where it was used before, its whole family is taken back.
    /// </summary>
    /// <returns>False when it is not there, used, taken back, or over; nothing new is written then.</returns>
    Task<bool> ExchangeAsync(string hash, IReadOnlyList<AccessGrant> successors, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes back all of a family.</summary>
    Task RevokeFamilyAsync(string family, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Takes back all that a client was given.</summary>
    /// <returns>How many still held.</returns>
    Task<int> RevokeClientAsync(string client, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The access and refresh tokens that hold, the youngest first.</summary>
    Task<IReadOnlyList<AccessGrant>> ListGrantsAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Forgets grants that are over since <paramref name="before"/>.</summary>
    Task SweepGrantsAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Writes a registration down.</summary>
    Task AddClientAsync(ClientRegistration client, CancellationToken cancellationToken);

    /// <summary>A registration by its id; null where there is none.</summary>
    Task<ClientRegistration?> FindClientAsync(string id, CancellationToken cancellationToken);

    /// <summary>All registrations, the youngest first.</summary>
    Task<IReadOnlyList<ClientRegistration>> ListClientsAsync(CancellationToken cancellationToken);

    /// <summary>Forgets a registration and takes back all that it was given.</summary>
    /// <returns>False when there is none.</returns>
    Task<bool> RemoveClientAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
}
