using System.Globalization;
using Homelab.Composition;

namespace Homelab.Host.Web.Rest;

/// <summary>Knows the clients of the lab file by their bearer tokens, and answers everybody else.</summary>
internal sealed class RestClients(HomelabRuntime runtime)
{
    private readonly TokenGuesses _guesses = new(runtime.Time);

    /// <summary>Who asks; null when he was turned away, and has been told so.</summary>
    internal async Task<Caller?> LetInAsync(HttpContext http)
    {
        if (runtime.File.Lab.Rest.Count == 0)
        {
            const string WayOut = "No client may use this yet. Add to the lab file: rest: { dashboard: { token: \"env:HOMELAB_DASHBOARD_TOKEN\", level: operate } }, and start the program anew.";
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "RestNotConfigured", WayOut);
            return null;
        }

        var address = http.Connection.RemoteIpAddress;
        if (_guesses.ShutOutFor(address) is { } left)
        {
            var seconds = (int)Math.Ceiling(left.TotalSeconds);
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await Problem.WriteAsync(http, StatusCodes.Status429TooManyRequests, "TokenGuessed", $"{TokenGuesses.Most} wrong tokens came from this address within a minute. It is listened to again in {seconds} seconds.");
            return null;
        }

        if (http.Request.Headers.Authorization.Count == 0)
        {
            await RefuseAsync(http);
            return null;
        }

        var (caller, unopened) = await RecogniseAsync(http.Request.Headers.Authorization, http.RequestAborted);
        if (caller is not null) return caller;

        if (_guesses.Note(address)) runtime.Healing.ReportTrouble($"{TokenGuesses.Most} wrong REST tokens came from {address} within a minute; it is not listened to for {Duration.Format(TokenGuesses.Span)}");
        if (unopened is null) await RefuseAsync(http);
        // It may well have been the right one. Where ours is kept is not for a stranger to know.
        else await Problem.WriteAsync(http, StatusCodes.Status503ServiceUnavailable, "ClientTokenMissing", "A client's own token cannot be opened, so that it cannot be let in. 'homelab check' says which and why.");
        return null;
    }

    // All clients are looked at, each in the same time: how long it takes tells neither who is known nor how much of a token was right.
    private async Task<(Caller? Caller, HomelabException? Unopened)> RecogniseAsync(string? authorization, CancellationToken cancellationToken)
    {
        Caller? caller = null;
        HomelabException? unopened = null;
        foreach (var (name, client) in runtime.File.Lab.Rest)
        {
            try
            {
                // Read anew each time: a rotated token works at once.
                var token = await runtime.Secrets.ResolveAsync(client.Token, cancellationToken);
                var matches = BearerToken.Matches(authorization, token);
                // Two that were given the same token since the start: nobody gains by that.
                if (matches && (caller is null || client.Level < caller.Ceiling)) caller = new Caller(Face.Rest, name) { Ceiling = client.Level };
            }
            catch (HomelabException e)
            {
                unopened = e;
            }
        }

        return (caller, unopened);
    }

    private static Task RefuseAsync(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Bearer";
        return Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "TokenRefused", "The bearer token is missing or wrong.");
    }
}
