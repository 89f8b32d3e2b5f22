namespace Homelab.Host.Mcp.Http;

/// <summary>Tells browsers what pages of an allowed origin may send and read. Without these headers they keep the answers from them.</summary>
internal static class CrossOrigin
{
    private const string Methods = "POST, GET, DELETE";
    private const string Known = "authorization, content-type, accept, mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, last-event-id";
    private const string Parameters = "mcp-param-";

    /// <summary>Lets pages of this origin read the answer.</summary>
    internal static void Admit(HttpContext http, string origin)
    {
        http.Response.Headers.AccessControlAllowOrigin = origin;
        http.Response.Headers.AccessControlExposeHeaders = "Mcp-Session-Id, WWW-Authenticate, Retry-After";
        http.Response.Headers.Vary = "Origin";
    }

    /// <summary>Answers what a browser asks before it sends a page's request. It carries no credential.</summary>
    internal static void AnswerPreflight(HttpContext http)
    {
        var asked = http.Request.Headers.AccessControlRequestHeaders.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var parameters = asked.Select(static h => h.ToLowerInvariant()).Where(static h => h.StartsWith(Parameters, StringComparison.Ordinal));
        http.Response.Headers.AccessControlAllowMethods = Methods;
        http.Response.Headers.AccessControlAllowHeaders = string.Join(", ", parameters.Prepend(Known));
        http.Response.Headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
