using System.Net;
using System.Net.Http.Headers;

namespace Homelab.Providers.Docker;

/// <summary>
/// The body of a POST or DELETE, often an empty one. Two things depend on it. A request without any content is sent again by SocketsHttpHandler, up to three times, when a kept
/// connection ends before an answer: a restart would happen twice. And content that was never asked for proves that nothing was sent.
/// </summary>
internal sealed class WireBody : HttpContent
{
    private readonly ReadOnlyMemory<byte> _json;
    private volatile bool _sent;

    internal WireBody(ReadOnlyMemory<byte> json)
    {
        _json = json;
        if (json.Length > 0) Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>True once the request may have left this machine.</summary>
    internal bool Sent => _sent;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _sent = true;
        if (_json.Length > 0) await stream.WriteAsync(_json).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _json.Length;
        return true;
    }
}
