using System.Text.Json.Nodes;
using Homelab.Composition;
using Homelab.Composition.Access;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary><c>POST /oauth/token</c>: access tokens for a client's own credentials, for a code, and for a refresh token.</summary>
internal sealed class TokenEndpoint(HomelabRuntime runtime, McpAddress address, Doorkeeper door, ClientLogin login, TokenMint mint, OAuthAudit audit)
{
    private const string NotHeld = "The code or refresh token is wrong, used, over, or was given to somebody else. Begin anew.";

    internal async Task AnswerAsync(HttpContext http, string origin)
    {
        var form = await OAuthForm.ReadAsync(http);
        var kind = form.Need("grant_type");
        var client = await login.LogInAsync(http, form, OAuthAudit.Token);
        // Once what is asked for begins it is followed to its end: whoever hangs up may have got it.
        await mint.SweepAsync(CancellationToken.None);
        try
        {
            var answer = kind switch
            {
                "client_credentials" => await OfClientAsync(http, form, client, origin),
                "authorization_code" => await OfCodeAsync(http, form, client),
                "refresh_token" => await OfRefreshAsync(http, form, client),
                _ => throw new OAuthException(StatusCodes.Status400BadRequest, "unsupported_grant_type", "grant_type may be client_credentials, authorization_code or refresh_token."),
            };
            await OAuthAnswer.WriteAsync(http, StatusCodes.Status200OK, answer);
        }
        catch (OAuthException e)
        {
            await audit.RefusedAsync(OAuthAudit.Token, client.Id, $"{e.Error}: {e.Message}");
            throw;
        }
    }

    private async Task<JsonObject> OfClientAsync(HttpContext http, OAuthForm form, OAuthClient client, string origin)
    {
        // One that registered itself has its secret from us and nobody's consent: a person lets it in by the code flow alone.
        if (!client.HasSecret || client.IsRegistered) throw new OAuthException(StatusCodes.Status400BadRequest, "unauthorized_client", "Only a client of the lab file that has a secret may use client_credentials.");
        var (access, grant) = mint.Make(GrantKind.Access, TokenMint.NewFamily(), client, client.Level, client.Scope, Resource(http, form) ?? origin + McpAddress.Path);
        await runtime.Access.Store.AddGrantsAsync([grant], CancellationToken.None);
        await audit.DoneAsync(OAuthAudit.Token, client.Id, TokenMint.Told(grant, "client_credentials"));
        return TokenMint.Answer(access, grant, refresh: null);
    }

    private async Task<JsonObject> OfCodeAsync(HttpContext http, OAuthForm form, OAuthClient client)
    {
        var code = await FindAsync(http, form.Need("code"), GrantKind.Code, client);
        if (code.Redirect != form.Need("redirect_uri")) throw OAuthException.Grant("redirect_uri is another than the one that the code was sent to.");
        if (!Pkce.Proves(form.Need("code_verifier"), code.Challenge!)) throw OAuthException.Grant("code_verifier does not prove that the code was asked for by this client.");
        return await ExchangeAsync(http, form, client, code, "authorization_code");
    }

    private async Task<JsonObject> OfRefreshAsync(HttpContext http, OAuthForm form, OAuthClient client) =>
        await ExchangeAsync(http, form, client, await FindAsync(http, form.Need("refresh_token"), GrantKind.Refresh, client), "refresh_token");

    private async Task<JsonObject> ExchangeAsync(HttpContext http, OAuthForm form, OAuthClient client, AccessGrant old, string by)
    {
        if (Resource(http, form) is { } wanted && wanted.TrimEnd('/') != old.Resource.TrimEnd('/')) throw OAuthException.Target("resource is another than the one that was agreed to.");
        var rights = runtime.Access.Clients.RightsOf(old) ?? throw OAuthException.Grant("What the client is for has changed since a person agreed to it. Begin anew.");
        var (access, grant) = mint.Make(GrantKind.Access, old.Family, client, rights.Level, rights.Scope, old.Resource);
        var (refresh, next) = mint.Make(GrantKind.Refresh, old.Family, client, rights.Level, rights.Scope, old.Resource);
        if (!await runtime.Access.Store.ExchangeAsync(old.Hash, [grant, next], runtime.Time.GetUtcNow(), CancellationToken.None))
        {
            // Somebody was faster in this moment: then both lose what came of it.
            runtime.Access.Credentials.Forget();
            throw OAuthException.Grant(NotHeld);
        }

        await audit.DoneAsync(OAuthAudit.Token, client.Id, TokenMint.Told(grant, by));
        return TokenMint.Answer(access, grant, refresh);
    }

    private async Task<AccessGrant> FindAsync(HttpContext http, string secret, GrantKind kind, OAuthClient client)
    {
        var now = runtime.Time.GetUtcNow();
        // Not from the memory of the doors: it must be as it is now.
        if (await runtime.Access.Store.FindGrantAsync(CredentialSecret.HashOf(secret), http.RequestAborted) is not { } grant || grant.Kind != kind)
        {
            door.NoteGuess(http, Face.Mcp);
            throw OAuthException.Grant(NotHeld);
        }

        if (grant.Client != client.Id) throw OAuthException.Grant(NotHeld);
        if (grant.UsedAt is not null)
        {
            await runtime.Access.Store.RevokeFamilyAsync(grant.Family, now, CancellationToken.None);
            runtime.Access.Credentials.Forget();
            throw OAuthException.Grant("The code or refresh token was shown a second time: somebody else may have it. All that came of it was taken back; begin anew.");
        }

        return grant.Holds(now) ? grant : throw OAuthException.Grant(NotHeld);
    }

    private string? Resource(HttpContext http, OAuthForm form)
    {
        if (form["resource"] is not { } resource) return null;
        return address.IsOurs(http, resource) ? resource : throw OAuthException.Target("resource is not this server. RFC 8707: give the address of its MCP endpoint.");
    }
}
