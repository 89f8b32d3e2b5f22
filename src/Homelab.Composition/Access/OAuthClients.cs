namespace Homelab.Composition.Access;

/// <summary>The OAuth clients: those of the lab file, and those that registered themselves.</summary>
public sealed class OAuthClients(McpDefinition mcp, ICredentialStore store)
{
    /// <summary>A client by its id; null where there is none. One that registered itself never stands for one of the lab file.</summary>
    public async ValueTask<OAuthClient?> FindAsync(string id, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (OfLab(id) is { } known) return known;
        return id.StartsWith(ClientRegistration.Prefix, StringComparison.Ordinal) && await store.FindClientAsync(id, cancellationToken).ConfigureAwait(false) is { } registration ? Of(registration) : null;
    }

    /// <summary>A client of the lab file by its id; null where there is none.</summary>
    public OAuthClient? OfLab(string id) => mcp.Clients.TryGetValue(id, out var definition) ? Of(id, definition) : null;

    /// <summary>All of them, those of the lab file first.</summary>
    public async Task<IReadOnlyList<OAuthClient>> ListAsync(CancellationToken cancellationToken)
    {
        var registered = await store.ListClientsAsync(cancellationToken).ConfigureAwait(false);
        return [.. mcp.Clients.OrderBy(static c => c.Key, StringComparer.Ordinal).Select(static c => Of(c.Key, c.Value)), .. registered.Select(Of)];
    }

    /// <summary>What a token may be used for now: what it was given for, and no more than its client still has. Null when its client is none any more, or is for something else.</summary>
    public (Level Level, OperationScope Scope, int PerMinute)? RightsOf(AccessGrant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        // Removing one that registered itself takes back all its tokens: it need not be looked up for each call.
        if (grant.Client.StartsWith(ClientRegistration.Prefix, StringComparison.Ordinal)) return (Least(grant.Level, mcp.Registration.Level), grant.Scope, 0);
        if (OfLab(grant.Client) is not { } client) return null;
        if (grant.Scope.Covers(client.Scope)) return (Least(grant.Level, client.Level), client.Scope, client.PerMinute);
        return client.Scope.Covers(grant.Scope) ? (Least(grant.Level, client.Level), grant.Scope, client.PerMinute) : null;
    }

    private static Level Least(Level one, Level other) => one < other ? one : other;

    private static OAuthClient Of(string id, OAuthClientDefinition definition) => new()
    {
        Id = id,
        IsRegistered = false,
        Secret = definition.Secret,
        Level = definition.Level,
        Scope = OperationScope.Of(definition.Operations),
        Redirects = definition.Redirects,
        PerMinute = definition.PerMinute,
    };

    private OAuthClient Of(ClientRegistration registration) => new()
    {
        Id = registration.Id,
        ClaimedName = registration.Name,
        IsRegistered = true,
        SecretHash = registration.SecretHash,
        Level = mcp.Registration.Level,
        Redirects = registration.Redirects,
    };
}
