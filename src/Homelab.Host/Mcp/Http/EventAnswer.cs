using Microsoft.AspNetCore.Http.Features;

namespace Homelab.Host.Mcp.Http;

/// <summary>An answer as a stream of events, which nothing on the way may hold back.</summary>
internal static class EventAnswer
{
    internal static void Begin(HttpContext http)
    {
        http.Response.ContentType = Media.Events;
        http.Response.Headers.CacheControl = "no-cache, no-store";
        // nginx collects answers otherwise.
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
    }

    /// <summary>The last message of a stream that was collected: the answer, after whatever was told on the way to it.</summary>
    internal static ReadOnlyMemory<byte> AnswerIn(MemoryStream events)
    {
        var bytes = events.GetBuffer().AsMemory(0, (int)events.Length);
        var begin = bytes.Span.LastIndexOf("\ndata: "u8);
        if (begin < 0) return default;
        var data = bytes[(begin + "\ndata: "u8.Length)..];
        // JSON has no line breaks of its own as the SDK writes it.
        var end = data.Span.IndexOf((byte)'\n');
        return end < 0 ? data : data[..end];
    }
}
