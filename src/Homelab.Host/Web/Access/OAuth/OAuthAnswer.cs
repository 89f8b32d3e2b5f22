using System.Text.Json;
using System.Text.Json.Nodes;

namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Writes answers for programs, which no cache may keep.</summary>
internal static class OAuthAnswer
{
    internal static async Task WriteAsync(HttpContext http, int status, JsonObject answer)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers.Pragma = "no-cache";
        http.Response.ContentType = "application/json; charset=utf-8";
        var body = JsonSerializer.SerializeToUtf8Bytes(answer);
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    internal static Task FailAsync(HttpContext http, int status, string error, string description) =>
        WriteAsync(http, status, new JsonObject { ["error"] = error, ["error_description"] = description });
}
