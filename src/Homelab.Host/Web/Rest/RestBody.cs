using System.Buffers;
using System.Text.Json;

namespace Homelab.Host.Web.Rest;

/// <summary>The body of a request: a JSON object, or nothing.</summary>
internal static class RestBody
{
    /// <param name="http">The request.</param>
    /// <param name="example">What a body may be, for whoever sent another.</param>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="HomelabException"><c>BodyUnreadable</c> (Invalid).</exception>
    internal static async Task<JsonElement?> ReadAsync(HttpContext http, string example)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var text = body.GetBuffer().AsMemory(0, (int)body.Length);
        // Many clients send a type with nothing behind it, or a line break.
        if (text.Span.Trim(" \t\r\n"u8).IsEmpty) return null;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Object && JsonText.IsUnicode(new ReadOnlySequence<byte>(text))) return json.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Its message quotes the body.
        }

        throw new HomelabException(ErrorKind.Invalid, "BodyUnreadable", $"The body is no JSON object. Send none, or {example}.");
    }
}
