using Microsoft.Net.Http.Headers;

namespace Homelab.Host.Mcp.Http;

/// <summary>What a client sends and takes: JSON in, JSON or a stream of events out.</summary>
internal static class Media
{
    internal const string Json = "application/json";
    internal const string Events = "text/event-stream";

    /// <summary>Null when the body is said to be JSON in UTF-8.</summary>
    internal static RpcRefusal? CheckSent(HttpContext http)
    {
        if (MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) && type.MediaType.Equals(Json, StringComparison.OrdinalIgnoreCase)
            && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase))) return null;
        return new RpcRefusal(StatusCodes.Status415UnsupportedMediaType, RpcRefusal.ByStatus, $"The body must be JSON: send Content-Type: {Json}.");
    }

    /// <summary>Null when the client takes all of these.</summary>
    internal static RpcRefusal? CheckTaken(HttpContext http, params string[] types) => types.All(t => Takes(http, t))
        ? null
        : new RpcRefusal(StatusCodes.Status406NotAcceptable, RpcRefusal.ByStatus, $"The answer may come in more than one form: send Accept: {string.Join(", ", types)}.");

    /// <summary>True when it takes anything and asked for nothing: curl, which can do more with a JSON text than with events.</summary>
    internal static bool TakesAnything(HttpContext http) => !Accepted(http).Any(static a => a.MediaType.Equals(Events, StringComparison.OrdinalIgnoreCase));

    private static bool Takes(HttpContext http, string type) => Accepted(http) is { Count: > 0 } accepted
        ? accepted.Any(a => a.Quality is not 0 && (a.MatchesAllTypes || a.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) || (a.MatchesAllSubTypes && a.Type.Equals(type.Split('/')[0], StringComparison.OrdinalIgnoreCase))))
        : http.Request.Headers.Accept.Count == 0;

    private static IList<MediaTypeHeaderValue> Accepted(HttpContext http) => MediaTypeHeaderValue.TryParseList(http.Request.Headers.Accept, out var accepted) ? accepted : [];
}
