using Homelab.Composition;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary><c>GET /oauth/authorize</c>: a browser comes from a client, waits until a person has answered, and is sent back. Authorization code with PKCE, RFC 6749 4.1 and OAuth 2.1.</summary>
internal sealed class AuthorizeEndpoint(HomelabRuntime runtime, McpAddress address, ConsentDesk desk)
{
    /// <summary>Where the browser waits.</summary>
    internal const string ConsentPath = "/oauth/consent";

    private const string CookiePrefix = "hl_consent_";
    private const string CookiePath = "/oauth";
    private const string IdField = "id";
    private const int LongestState = 2_000;

    internal async Task AnswerAsync(HttpContext http, string origin)
    {
        OAuthForm query;
        try
        {
            query = OAuthForm.OfQuery(http);
        }
        catch (OAuthException e)
        {
            await ConsentPage.FailAsync(http, e.Status, e.Message);
            return;
        }

        // Until it is known whose browser it is and where he may be sent, he is sent nowhere.
        var client = query["client_id"] is { } id ? await runtime.Access.Clients.FindAsync(id, http.RequestAborted) : null;
        if (client is null)
        {
            await ConsentPage.FailAsync(http, StatusCodes.Status400BadRequest, "No client of this id is known here. It must be in the lab file (mcp.clients), or register itself where the lab file lets it.");
            return;
        }

        if (query["redirect_uri"] is not { } redirect || !RedirectAddress.IsAmong(redirect, client.Redirects))
        {
            await ConsentPage.FailAsync(http, StatusCodes.Status400BadRequest, "The client wants you to be sent back to an address that is not registered for it (redirects in the lab file), so you are sent nowhere.");
            return;
        }

        var state = query["state"];
        try
        {
            var (request, cookie) = await desk.AskAsync(client, redirect, state, ReadChallenge(query), ReadResource(http, query, origin), origin);
            http.Response.Cookies.Append(CookiePrefix + request.Id, cookie, new CookieOptions
            {
                HttpOnly = true,
                // Lax, not Strict: the client's page sent the browser here.
                SameSite = SameSiteMode.Lax,
                Secure = origin.StartsWith(Uri.UriSchemeHttps, StringComparison.Ordinal),
                Path = CookiePath,
                MaxAge = request.ExpiresAt - runtime.Time.GetUtcNow(),
            });
            Send(http, $"{ConsentPath}?{IdField}={request.Id}");
        }
        catch (OAuthException e)
        {
            Send(http, ConsentDesk.Refused(redirect, state is { Length: <= LongestState } ? state : null, origin, e.Error, e.Message));
        }
    }

    /// <summary>The browser waits, and looks now and then.</summary>
    internal async Task WaitAsync(HttpContext http, string origin)
    {
        string? id = http.Request.Query[IdField];
        var request = desk.Find(id, id is null ? null : http.Request.Cookies[CookiePrefix + id]);
        if (request is null)
        {
            await ConsentPage.FailAsync(http, StatusCodes.Status403Forbidden, "Nothing waits here for this browser: it was answered, its time is over, or another browser asked. Begin anew at the client.");
            return;
        }

        if (await desk.LookAsync(request, http.RequestAborted) is { } onwards) Send(http, onwards);
        else await ConsentPage.WaitAsync(http, request);
    }

    private static string ReadChallenge(OAuthForm query)
    {
        if (query["state"] is { Length: > LongestState }) throw OAuthException.Request("state is too long.");
        if (query["request"] is not null) throw new OAuthException(StatusCodes.Status400BadRequest, "request_not_supported", "Give the parameters themselves.");
        if (query["request_uri"] is not null) throw new OAuthException(StatusCodes.Status400BadRequest, "request_uri_not_supported", "Give the parameters themselves.");
        if (query.Need("response_type") != "code") throw new OAuthException(StatusCodes.Status400BadRequest, "unsupported_response_type", "response_type may be code.");
        if (query["response_mode"] is { } mode && mode != "query") throw OAuthException.Request("response_mode may be query.");
        var challenge = query["code_challenge"];
        if (challenge is null || query["code_challenge_method"] != Pkce.Method || !Pkce.IsChallenge(challenge)) throw OAuthException.Request("PKCE is required: code_challenge with code_challenge_method=S256.");
        return challenge;
    }

    private string ReadResource(HttpContext http, OAuthForm query, string origin)
    {
        var resource = query["resource"] ?? origin + McpAddress.Path;
        return address.IsOurs(http, resource) ? resource : throw OAuthException.Target("resource is not this server. RFC 8707: give the address of its MCP endpoint.");
    }

    private static void Send(HttpContext http, string location)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        http.Response.Redirect(location);
    }
}
