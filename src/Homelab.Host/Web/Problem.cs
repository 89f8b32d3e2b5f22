namespace Homelab.Host.Web;

/// <summary>Error answers: RFC 9457 problem details with our stable id.</summary>
internal static class Problem
{
    // A message may quote what was sent, which may be anything of any length.
    private const int LongestDetail = 2_000;

    internal static Task WriteAsync(HttpContext http, HomelabException e, SecretRedactor redactor) =>
        WriteAsync(http, StatusOf(e.Kind), e.Id, ForeignText.Clean(redactor.Redact(e.Message), LongestDetail));

    internal static Task WriteAsync(HttpContext http, int status, string id, string detail)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(
            new Dictionary<string, object>(StringComparer.Ordinal) { ["title"] = id, ["status"] = status, ["detail"] = detail },
            HomelabJson.Options,
            "application/problem+json",
            CancellationToken.None);
    }

    private static int StatusOf(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => StatusCodes.Status404NotFound,
        ErrorKind.Invalid => StatusCodes.Status400BadRequest,
        ErrorKind.Denied => StatusCodes.Status403Forbidden,
        ErrorKind.Refused => StatusCodes.Status429TooManyRequests,
        ErrorKind.Conflict => StatusCodes.Status409Conflict,
        ErrorKind.Unavailable => StatusCodes.Status503ServiceUnavailable,
        ErrorKind.Timeout => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status502BadGateway,
    };
}
