using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

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
            var secure = new SslStream(stream, leaveInnerStreamOpen: false);
            stream = secure;
            await ShakeHandsAsync(secure, endpoint.Tls, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw e is SocketException s ? DockerErrors.Unreachable(Endpoint, Why(s), s) : DockerErrors.Rethrow(e);
        }
    }

    private async Task ShakeHandsAsync(SslStream stream, TlsDefinition tls, CancellationToken cancellationToken)
    {
        var trust = await LoadAsync(tls, cancellationToken).ConfigureAwait(false);
        TlsVerdict? verdict = null;
        var options = trust.ClientOptions(judged => verdict = judged);
        options.TargetHost = endpoint.Server;
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e) when (verdict is { Trusted: false })
        {
            throw DockerErrors.NotTrusted(endpoint, verdict.Reason, verdict.Sha256, e);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw DockerErrors.Unreachable(endpoint, "it ended the TLS handshake; perhaps it speaks no TLS, or wants another client certificate", e);
        }
    }

    // Loaded for each connection: a certificate that was renewed is taken without a restart.
    private async Task<TlsTrust> LoadAsync(TlsDefinition tls, CancellationToken cancellationToken)
    {
        try
        {
            return await TlsTrust.LoadAsync(tls, basePath, secrets, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Invalid)
        {
            throw new HomelabException(ErrorKind.Invalid, "DockerEndpointInvalid", $"hosts.{endpoint.Host}.docker.tls cannot be used: {e.Message}", endpoint.Host, e) { NothingHappened = true };
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
