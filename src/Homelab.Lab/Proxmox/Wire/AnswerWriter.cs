using System.Buffers;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Homelab.Lab.Proxmox;

/// <summary>Writes answers as the daemon does: status line, headers, body.</summary>
internal static class AnswerWriter
{
    private const string Json = "application/json;charset=UTF-8";

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonWriterOptions s_writer = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static void Headers(HttpContext context, DateTimeOffset now)
    {
        var headers = context.Response.Headers;
        var date = now.ToString("R");
        headers.CacheControl = "max-age=0";
        headers.Date = date;
        headers.Expires = date;
        headers.Pragma = "no-cache";
        headers.Server = "pve-api-daemon/3.0";
    }

    /// <summary>A status and a reason, and nothing else. The connection ends after it.</summary>
    internal static void Bare(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = Line(reason);
        context.Response.Headers.Connection = "close";
    }

    /// <summary>What the daemon says before its API is asked: plain text without a type.</summary>
    internal static Task PlainAsync(HttpContext context, int status, string text, string? reason = null)
    {
        Bare(context, status, reason ?? text);
        return BytesAsync(context, type: null, Encoding.UTF8.GetBytes(text));
    }

    internal static async Task AnswerAsync(HttpContext context, ProxmoxAnswer answer, bool extJs)
    {
        if (answer.Download is { } file)
        {
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{file.Name}\"";
            await BytesAsync(context, "text/plain", Encoding.UTF8.GetBytes(file.Text));
            return;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, s_writer))
        {
            writer.WriteStartObject();
            if (extJs) writer.WriteNumber("success", 1);
            if (answer.Total is { } total) writer.WriteNumber("total", total);
            writer.WritePropertyName("data");
            if (answer.Write is { } write) write(writer);
            else if (answer.Data is { } data) data.WriteTo(writer, s_plain);
            else writer.WriteNullValue();
            writer.WriteEndObject();
        }

        if (answer.Gzip) await BytesAsync(context, "application/json", Packed(context, buffer.WrittenSpan));
        else await BytesAsync(context, Json, buffer.WrittenMemory);
    }

    internal static Task RefusalAsync(HttpContext context, ProxmoxRefusedException refused, bool extJs)
    {
        var body = new JsonObject { ["data"] = null, ["message"] = refused.Message };
        if (refused.Errors is { } errors) body["errors"] = new JsonObject(errors.Select(static e => KeyValuePair.Create(e.Key, (JsonNode?)e.Value)));
        if (extJs)
        {
            body["success"] = 0;
            body["status"] = refused.Status;
        }
        else
        {
            Bare(context, refused.Status, refused.Message);
        }

        return BytesAsync(context, Json, Encoding.UTF8.GetBytes(body.ToJsonString(s_plain)));
    }

    private static byte[] Packed(HttpContext context, ReadOnlySpan<byte> body)
    {
        context.Response.Headers.ContentEncoding = "gzip";
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write(body);
        return packed.ToArray();
    }

    private static async Task BytesAsync(HttpContext context, string? type, ReadOnlyMemory<byte> body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    // A status line has one line only, and no bytes beyond ASCII.
    private static string Line(string text)
    {
        var line = text.AsSpan();
        if (line.IndexOf('\n') is >= 0 and var end) line = line[..end];
        return string.Concat(line.ToString().Select(static c => c is >= ' ' and < '\x7f' ? c : '?'));
    }
}
