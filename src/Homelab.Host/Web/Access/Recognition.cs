using System.Globalization;
using Homelab.Composition;
using Homelab.Composition.Access;

namespace Homelab.Host.Web.Access;

/// <summary>Whose credential it is: tokens of the lab file at the REST door, API keys at both, OAuth's access tokens at the MCP door.</summary>
internal sealed class Recognition(HomelabRuntime runtime, McpAddress address)
{
    private const string Bearer = "Bearer ";

    private readonly RestTokens _rest = new(runtime);
    private readonly AccessDesk _desk = runtime.Access;

    /// <summary>True when the lab file names no REST client.</summary>
    internal bool KnowsNoRestClient => _rest.IsEmpty;

    /// <summary>True when what is shown looks like a key.</summary>
    internal static bool LooksLikeKey(string? authorization) => TokenOf(authorization)?.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) == true;

    /// <summary>True when what is shown looks like something that was given out here: a key or an access token.</summary>
    internal static bool LooksLikeOurs(string? authorization) => LooksLikeKey(authorization) || LooksLikeGrant(TokenOf(authorization));

    internal async Task<Visitor> LookAsync(HttpContext http, Face face, string? authorization)
    {
        var cancellationToken = http.RequestAborted;
        var token = TokenOf(authorization);
        if (token?.StartsWith(ApiKey.Prefix, StringComparison.Ordinal) == true && await _desk.Credentials.FindKeyAsync(token, cancellationToken) is { } key) return await OfKeyAsync(key, token, face, cancellationToken);
        if (LooksLikeGrant(token) && await _desk.Credentials.FindGrantAsync(token!, cancellationToken) is { Kind: GrantKind.Access } grant)
        {
            return face == Face.Mcp ? OfGrant(http, grant, token!) : new Visitor.Over(grant.Client, "The access token is for the MCP server alone. Use an API key here, or a token of the lab file.");
        }

        if (face == Face.Mcp) return new Visitor.Stranger();
        var (caller, unopened) = await _rest.RecogniseAsync(authorization, cancellationToken);
        if (caller is not null) return new Visitor.Known(caller);
        return unopened is null ? new Visitor.Stranger() : new Visitor.Unclear();
    }

    private async Task<Visitor> OfKeyAsync(ApiKey key, string token, Face face, CancellationToken cancellationToken)
    {
        if (key.RevokedAt is { } revoked) return new Visitor.Over(key.Name, $"The API key was taken back at {Moment(revoked)}. Ask for a new one.");
        if (!key.Holds(runtime.Time.GetUtcNow())) return new Visitor.Over(key.Name, $"The API key ended at {Moment(key.ExpiresAt!.Value)}. Ask for a new one.");
        await _desk.Credentials.NoteUseAsync(key, cancellationToken);
        return new Visitor.Known(new Caller(face, key.Name) { Ceiling = key.Level, Scope = key.Scope })
        {
            Credential = key.Hash,
            PerMinute = key.PerMinute,
            Holds = async cancel => await _desk.Credentials.FindKeyAsync(token, cancel) is { RevokedAt: null },
        };
    }

    private Visitor OfGrant(HttpContext http, AccessGrant grant, string token)
    {
        if (grant.RevokedAt is { } revoked) return new Visitor.Over(grant.Client, $"The access token was taken back at {Moment(revoked)}. Ask for a new one.");
        if (!grant.Holds(runtime.Time.GetUtcNow())) return new Visitor.Over(grant.Client, $"The access token ended at {Moment(grant.ExpiresAt)}. Ask for a new one.") { IsUsual = true };
        if (!address.IsOurs(http, grant.Resource)) return new Visitor.Over(grant.Client, "The access token is for another resource.");
        if (_desk.Clients.RightsOf(grant) is not { } rights) return new Visitor.Over(grant.Client, "The client of this access token is not known any more, or is for other operations now. Ask for a new token.");
        return new Visitor.Known(new Caller(Face.Mcp, grant.Client) { Ceiling = rights.Level, Scope = rights.Scope })
        {
            Credential = "client " + grant.Client,
            PerMinute = rights.PerMinute,
            Holds = async cancel => await _desk.Credentials.FindGrantAsync(token, cancel) is { RevokedAt: null },
        };
    }

    private static bool LooksLikeGrant(string? token) => token?.StartsWith(AccessGrant.PrefixOf(GrantKind.Access), StringComparison.Ordinal) == true;

    private static string? TokenOf(string? authorization) =>
        authorization is not null && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? authorization[Bearer.Length..].Trim() : null;

    private static string Moment(DateTimeOffset moment) => moment.ToString("u", CultureInfo.InvariantCulture);
}
