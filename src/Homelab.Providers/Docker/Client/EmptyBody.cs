using System.Net;

namespace Homelab.Providers.Docker;

/// <summary>
/// The empty body of a POST. Two things depend on it. A request without any content is sent again by SocketsHttpHandler, up to three times, when a kept
/// connection ends before an answer: a restart would happen twice. And content that was never asked for proves that nothing was sent.
/// </summary>
internal sealed class EmptyBody : HttpContent
{
    private volatile bool _sent;

    /// <summary>True once the request may have left this machine.</summary>
    internal bool Sent => _sent;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        _sent = true;
        return Task.CompletedTask;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return true;
    }
}
