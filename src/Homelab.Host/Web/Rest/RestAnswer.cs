using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Net.Http.Headers;

namespace Homelab.Host.Web.Rest;

/// <summary>Writes an answer as JSON. A client that polls and has it already hears only that.</summary>
internal static class RestAnswer
{
    // Half of a SHA-256: two different answers never meet by chance.
    private const int TagBytes = 16;

    internal static async Task WriteAsync<T>(HttpContext http, int status, T answer)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, HomelabJson.Options);
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, TagBytes))}\"");
            http.Response.Headers.ETag = tag.ToString();
            if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false)))
            {
                http.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }
}
