using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Homelab.Providers.Proxmox;

/// <summary>
/// The body of a change, an empty one too. Two things depend on it. A request without any content is sent again by SocketsHttpHandler when a kept connection
/// ends before an answer: a guest would be deleted twice. And content that was never asked for proves that nothing was sent. Proxmox refuses a DELETE that has
/// a body, but takes one of length zero as none.
/// </summary>
internal sealed class OnceBody : HttpContent
{
    private readonly byte[] _bytes;
    private volatile bool _sent;

    internal OnceBody(string form)
    {
        _bytes = Encoding.ASCII.GetBytes(form);
        if (_bytes.Length > 0) Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded");
    }

    /// <summary>True once the request may have left this machine.</summary>
    internal bool Sent => _sent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _sent = true;
        if (_bytes.Length > 0) await stream.WriteAsync(_bytes, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
