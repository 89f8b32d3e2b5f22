using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Homelab.Providers.Proxmox;

/// <summary>Opens connections to one node. All that fails here is certain to have sent no request.</summary>
internal sealed class ProxmoxDialer(ProxmoxAddress address, ProviderContext context)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <summary>A connection that may be spoken on: trusted where it is encrypted.</summary>
    internal async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(s_timeout, context.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await OpenAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested)
        {
            throw ProxmoxErrors.Unreachable(address, $"no connection within {Duration.Format(s_timeout)}", e);
        }
    }

    private async Task<Stream> OpenAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (!address.IsSecure) return stream;
            var secure = new SslStream(stream, leaveInnerStreamOpen: false);
            stream = secure;
            await ShakeHandsAsync(secure, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch (Exception e)
        {
            if (stream is not null) await stream.DisposeAsync().ConfigureAwait(false);
            socket.Dispose();
            throw e is SocketException s ? ProxmoxErrors.Unreachable(address, Why(s), s) : ProxmoxErrors.Rethrow(e);
        }
    }

    private async Task ShakeHandsAsync(SslStream stream, CancellationToken cancellationToken)
    {
        var trust = await LoadAsync(cancellationToken).ConfigureAwait(false);
        TlsVerdict? verdict = null;
        var options = trust.ClientOptions(judged => verdict = judged);
        options.TargetHost = address.Host;
        try
        {
            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
        }
        catch (AuthenticationException e) when (verdict is { Trusted: false })
        {
            throw ProxmoxErrors.NotTrusted(address, verdict, e);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            throw ProxmoxErrors.Unreachable(address, "it ended the TLS handshake; perhaps it speaks no TLS there", e);
        }
    }

    // Loaded for each connection: a certificate that was renewed is taken without a restart.
    private async Task<TlsTrust> LoadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await TlsTrust.LoadAsync(address.Tls, context.BasePath, context.Secrets, cancellationToken).ConfigureAwait(false);
        }
        catch (HomelabException e) when (e.Kind == ErrorKind.Invalid)
        {
            throw new HomelabException(ErrorKind.Invalid, "ProxmoxTlsInvalid", $"{address.TlsSetting} cannot be used: {e.Message}", address.ToString(), e) { NothingHappened = true };
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
