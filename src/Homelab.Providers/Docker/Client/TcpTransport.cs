using System.Net.Security;
using System.Net.Sockets;

namespace Homelab.Providers.Docker;

/// <summary>An engine that listens on a port, plain or with TLS.</summary>
internal sealed class TcpTransport(TcpEndpoint endpoint, string basePath, ISecretSource secrets) : DockerTransport(endpoint)
{
    // A host that lost its power says nothing; without probes a silent event stream would be waited on for ever.
    private const int ProbeAfterSeconds = 30;
    private const int ProbeEverySeconds = 10;
    private const int Probes = 3;

    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, ProbeAfterSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeEverySeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
            await socket.ConnectAsync(endpoint.Server, endpoint.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (endpoint.Tls is null) return stream;
            var trust = new TlsTrust(endpoint, endpoint.Tls, basePath, secrets);
            var secure = new SslStream(stream, leaveInnerStreamOpen: false);
            stream = secure;
            await trust.AuthenticateAsync(secure, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw e is SocketException s ? DockerErrors.Unreachable(Endpoint, Why(s), s) : DockerErrors.Rethrow(e);
        }
    }

    private static string Why(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => "connection refused",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name cannot be resolved",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no route to it",
        SocketError.TimedOut => "no answer",
        _ => e.Message,
    };
}
