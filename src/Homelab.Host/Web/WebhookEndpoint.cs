using System.Buffers;
using System.IO.Pipelines;
using Homelab.Composition;
using Homelab.Host.Logging;

namespace Homelab.Host.Web;

/// <summary>
/// Takes alerts in at <c>/hooks/{name}</c>, and at <c>/hook/{name}</c> as the seeds' senders have it. 202 only when the alert is on disk; the same delivery
/// sent again is accepted and changes nothing.
/// </summary>
internal sealed class WebhookEndpoint(HomelabRuntime runtime, HealingCounters counters)
{
    internal void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in (string[])["/hooks/{name}/{token?}", "/hook/{name}/{token?}"]) routes.Map(path, ReceiveAsync);
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        try
        {
            await AcceptAsync(http);
        }
        catch (HomelabException e)
        {
            counters.Refuse();
            await Problem.WriteAsync(http, e, runtime.Redactor);
        }
        catch (BadHttpRequestException e)
        {
            // Kestrel found the body too long or cut off.
            counters.Refuse();
            await Problem.WriteAsync(http, e.StatusCode, "RequestUnreadable", $"The request cannot be read: {e.Message}");
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            // A mistake of ours: the sender hears that the alert was not taken, and the log hears why.
            counters.Refuse();
            runtime.Healing.ReportTrouble(runtime.Redactor.Redact($"a delivery could not be taken in: {e}"));
            await Problem.WriteAsync(http, StatusCodes.Status500InternalServerError, "DeliveryFailed", "The alert was not taken in. The log of the program says why.");
        }
    }

    private async Task AcceptAsync(HttpContext http)
    {
        var name = (string)http.Request.RouteValues["name"]!;
        var inPath = http.Request.RouteValues["token"] as string;
        var hook = runtime.File.Lab.Hooks.GetValueOrDefault(name);
        if (inPath is not null && hook is not { Auth: HookAuth.Path })
        {
            // Explained as any path at which there is nothing.
            counters.Refuse();
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        if (hook is null)
        {
            counters.Refuse();
            await Problem.WriteAsync(http, StatusCodes.Status404NotFound, "HookNotFound", "There is no such hook. The lab file lists them under 'hooks:'.");
            return;
        }

        if (!HttpMethods.IsPost(http.Request.Method) && !HttpMethods.IsGet(http.Request.Method))
        {
            counters.Refuse();
            http.Response.Headers.Allow = "GET, POST";
            await Problem.WriteAsync(http, StatusCodes.Status405MethodNotAllowed, "MethodNotAllowed", "A hook takes POST, or GET with the alert in the query.");
            return;
        }

        // Read anew each time: a rotated token works at once.
        var token = await OpenAsync(name, hook, http.RequestAborted);
        if (!IsShown(http, hook.Auth, inPath, token))
        {
            counters.Refuse();
            if (hook.Auth != HookAuth.Path) http.Response.Headers.WWWAuthenticate = hook.Auth == HookAuth.Basic ? "Basic realm=\"homelab\"" : "Bearer";
            await Problem.WriteAsync(http, StatusCodes.Status401Unauthorized, "TokenRefused", hook.Auth switch
            {
                HookAuth.Path => "The token, the last part of this hook's path, is missing or wrong.",
                HookAuth.Basic => "The token, the password of any user, is missing or wrong.",
                _ => "The bearer token is missing or wrong.",
            });
            return;
        }

        var body = await ReadBodyAsync(http.Request.BodyReader, runtime.File.Lab.Server.BodyLimit, http.RequestAborted);
        var query = http.Request.QueryString.HasValue ? http.Request.QueryString.Value![1..] : "";
        var delivery = new AlertDelivery(http.Request.Method, http.Request.ContentType ?? "", query, body, runtime.Time.GetUtcNow());
        var alerts = runtime.Intake.Read(name, delivery);
        var receipts = new List<AlertReceipt>(alerts.Count);
        // The sender may hang up; an alert that was read is still taken in.
        foreach (var alert in alerts) receipts.Add(await runtime.Healing.AcceptAsync(name, alert, CancellationToken.None));

        counters.Accepted(receipts.Count(r => r.IsDuplicate));
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        await http.Response.WriteAsJsonAsync(
            receipts.Select(r => new { alert = r.Alert, duplicate = r.IsDuplicate, incident = r.Incident?.Id }),
            HomelabJson.Options,
            http.RequestAborted);
    }

    private static bool IsShown(HttpContext http, HookAuth auth, string? inPath, Secret token) => auth switch
    {
        HookAuth.Path => inPath is not null && BearerToken.IsSame(inPath, token),
        HookAuth.Basic => BearerToken.MatchesBasic(http.Request.Headers.Authorization, token),
        _ => BearerToken.Matches(http.Request.Headers.Authorization, token),
    };

    // Nobody has shown a token yet: where ours is kept is not for him to know.
    private async Task<Secret> OpenAsync(string name, HookDefinition hook, CancellationToken cancellationToken)
    {
        try
        {
            return await runtime.Secrets.ResolveAsync(hook.Token, cancellationToken);
        }
        catch (HomelabException e)
        {
            throw new HomelabException(ErrorKind.Unavailable, "HookTokenMissing", "This hook's own token cannot be opened, so that nobody can be let in. 'homelab check' says why.", name, e);
        }
    }

    private static async Task<byte[]> ReadBodyAsync(PipeReader reader, int limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > limit)
            {
                throw new BadHttpRequestException($"The body is longer than {limit} bytes; server.bodyLimit in the lab file raises that.", StatusCodes.Status413PayloadTooLarge);
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
