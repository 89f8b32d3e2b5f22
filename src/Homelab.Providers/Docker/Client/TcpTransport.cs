using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;

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
            // Loaded for each connection: a certificate that was renewed is taken without a restart.
            var trust = await TlsTrust.LoadAsync(endpoint.Tls, basePath, secrets, cancellationToken).ConfigureAwait(false);
            await AuthenticateAsync(secure, trust, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw e is SocketException s ? DockerErrors.Unreachable(Endpoint, Why(s), s) : DockerErrors.Rethrow(e);
        }
    }

    private async Task AuthenticateAsync(SslStream stream, TlsTrust trust, CancellationToken cancellationToken)
    {
        TlsVerdict? verdict = null;
        string? fingerprint = null;
        var options = trust.ClientOptions(v => verdict = v);
        var judge = options.RemoteCertificateValidationCallback!;
        options.TargetHost = endpoint.Server;
        options.RemoteCertificateValidationCallback = (sender, certificate, chain, errors) =>
        {
            fingerprint = certificate?.GetCertHashString(HashAlgorithmName.SHA256);
            return judge(sender, certificate, chain, errors);
        };
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e) when (verdict is { Trusted: false })
        {
            throw DockerErrors.NotTrusted(endpoint, verdict.Reason, fingerprint, e);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw DockerErrors.Unreachable(endpoint, "it ended the TLS handshake; perhaps it speaks no TLS, or wants another client certificate", e);
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
