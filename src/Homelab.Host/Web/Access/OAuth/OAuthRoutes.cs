using Homelab.Composition;
using Homelab.Host.Mcp.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>OAuth 2.1 for the MCP server: who gives tokens for it, and how they are got.</summary>
internal sealed class OAuthRoutes
{
    // Far more than any client sends.
    private const int LongestBody = 16_384;

    private readonly HomelabRuntime _runtime;
    private readonly McpAddress _address;
    private readonly Doorkeeper _door;
    private readonly AddressGuard _pages;
    private readonly OAuthMetadata _metadata;
    private readonly TokenEndpoint _token;
    private readonly RevocationEndpoint _revocation;
    private readonly RegistrationEndpoint _registration;
    private readonly AuthorizeEndpoint _authorize;

    internal OAuthRoutes(HomelabRuntime runtime, McpAddress address, Doorkeeper door)
    {
        _runtime = runtime;
        _address = address;
        _door = door;
        _pages = new AddressGuard(runtime.File.Lab.Mcp);
        var audit = new OAuthAudit(runtime);
        var mint = new TokenMint(runtime);
        var login = new ClientLogin(runtime, door, audit);
        _metadata = new OAuthMetadata(runtime);
        _token = new TokenEndpoint(runtime, address, door, login, mint, audit);
        _revocation = new RevocationEndpoint(runtime, login, audit);
        _registration = new RegistrationEndpoint(runtime, door, audit);
        _authorize = new AuthorizeEndpoint(runtime, address, new ConsentDesk(runtime, mint));
    }

    private delegate Task Answer(HttpContext http, string origin);

    internal void Map(IEndpointRouteBuilder routes)
    {
        foreach (var end in (string[])["", McpAddress.Path])
        {
            Get(OAuthMetadata.ResourcePath + end, _metadata.ResourceAsync);
            Get(OAuthMetadata.ServerPath + end, _metadata.ServerAsync);
        }

        // Where clients look that ask for no metadata.
        foreach (var path in (string[])[OAuthMetadata.TokenPath, "/token"]) Post(path, _token.AnswerAsync);
        Post(OAuthMetadata.RevokePath, _revocation.AnswerAsync);
        Post(OAuthMetadata.RegisterPath, _registration.AnswerAsync);
        Get(OAuthMetadata.AuthorizePath, _authorize.AnswerAsync, isPage: true);
        Get(AuthorizeEndpoint.ConsentPath, _authorize.WaitAsync, isPage: true);

        void Get(string path, Answer answer, bool isPage = false)
        {
            routes.MapMethods(path, [HttpMethods.Get], Guarded(answer, isPage));
            // A browser is sent there itself; no page of another site asks for ours.
            if (!isPage) routes.MapMethods(path, [HttpMethods.Options], Guarded(PreflightAsync, isPage: false));
        }

        void Post(string path, Answer answer)
        {
            routes.MapMethods(path, [HttpMethods.Post], Guarded(Bounded(answer), isPage: false));
            routes.MapMethods(path, [HttpMethods.Options], Guarded(PreflightAsync, isPage: false));
        }
    }

    private Task PreflightAsync(HttpContext http, string origin)
    {
        if (_pages.AllowedOrigin(http) is null) throw new OAuthException(StatusCodes.Status403Forbidden, "invalid_request", "Web pages of this origin may not use this server. mcp.origins in the lab file names those that may.");
        CrossOrigin.AnswerPreflight(http);
        return Task.CompletedTask;
    }

    private Answer Bounded(Answer answer) => async (http, origin) =>
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = LongestBody;
        if (_door.ShutOutFor(http, Face.Mcp) is { } seconds) throw new OAuthException(StatusCodes.Status429TooManyRequests, "temporarily_unavailable", $"Too many wrong credentials came from this address. It is listened to again in {seconds} seconds.");
        await answer(http, origin);
    };

    private RequestDelegate Guarded(Answer answer, bool isPage) => async http =>
    {
        try
        {
            // Clients that are web pages ask here too: those that may use the server may read what they are told, errors as well.
            if (!isPage && _pages.AllowedOrigin(http) is { } page) CrossOrigin.Admit(http, page);
            if (_address.OriginOf(http) is { } origin) await answer(http, origin);
            else await FailAsync(http, isPage, StatusCodes.Status421MisdirectedRequest, "invalid_request", "This server is not known by the name in the Host header. Add it to mcp.url or mcp.hosts in the lab file.");
        }
        catch (OAuthException e)
        {
            await FailAsync(http, isPage, e.Status, e.Error, e.Message);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel found the body too long or cut off.
            await FailAsync(http, isPage, e.StatusCode, "invalid_request", "The request cannot be read: it is too long or cut off.");
        }
        catch (HomelabException e)
        {
            // A secret that cannot be opened, or a store that cannot be written: where they are is not for a stranger to know.
            _runtime.Healing.ReportTrouble(_runtime.Redactor.Redact($"an OAuth request could not be answered: {e.Id}: {e.Message}"));
            await FailAsync(http, isPage, StatusCodes.Status503ServiceUnavailable, "temporarily_unavailable", "This cannot be answered now. The log of the program says why; 'homelab check' looks at the clients' secrets.");
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            _runtime.Healing.ReportTrouble(_runtime.Redactor.Redact($"an OAuth request could not be answered: {e}"));
            await FailAsync(http, isPage, StatusCodes.Status500InternalServerError, "server_error", "The request failed in a way it should not. The log of the program says why.");
        }
    };

    private static Task FailAsync(HttpContext http, bool isPage, int status, string error, string description) =>
        isPage ? ConsentPage.FailAsync(http, status, description) : OAuthAnswer.FailAsync(http, status, error, description);
}
