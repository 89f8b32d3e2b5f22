using Homelab.Composition;
using Homelab.Host.Mcp.Http;
using Homelab.Host.Web.Rest;

namespace Homelab.Host.Web.Access;

/// <summary>
/// Writes down who, known by a credential, asks for what there is not: a path, or a method of it, that no door takes, and what is none of his, such as a hook. What the doors refuse, they write
/// down themselves. Whoever shows nothing of ours is not looked up: he costs nothing here.
/// </summary>
internal sealed class StrayCalls(HomelabRuntime runtime, Doorkeeper door)
{
    internal async Task WatchAsync(HttpContext http, RequestDelegate next)
    {
        await next(http);
        if (http.Response.StatusCode is < StatusCodes.Status400BadRequest or >= StatusCodes.Status500InternalServerError || Doorkeeper.WasAsked(http)) return;
        var face = http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) ? Face.Rest : Face.Mcp;
        try
        {
            if (await door.RecogniseAsync(http, face) is not { } caller) return;
            await runtime.Gate.RefuseAsync(face == Face.Rest ? RestRefusals.Door : DoorAudit.Request, $"{http.Request.Method} {http.Request.Path}", WhyNot(http.Response), caller);
        }
        catch (HomelabException e)
        {
            // He has his answer, and it was no.
            runtime.Healing.ReportTrouble(runtime.Redactor.Redact($"a request that was refused could not be written down: {e.Message}"));
        }
    }

    private static string WhyNot(HttpResponse response) => response.StatusCode switch
    {
        StatusCodes.Status404NotFound => "there is nothing at this path",
        StatusCodes.Status405MethodNotAllowed => $"this path takes {response.Headers.Allow} alone",
        var status => $"it was answered with {status}",
    };
}
