using System.IO.Pipes;
using System.Net.Sockets;

namespace Homelab.Providers.Docker;

/// <summary>Opens connections to one engine. Whatever fails here failed before a request was sent.</summary>
internal abstract class DockerTransport(DockerEndpoint endpoint)
{
    /// <summary>Where it leads to.</summary>
    internal DockerEndpoint Endpoint { get; } = endpoint;

    /// <summary>How many connections may be open at once.</summary>
    internal virtual int MaxConnections => int.MaxValue;

    /// <summary>Opens a stream on which the engine speaks HTTP/1.1.</summary>
    /// <exception cref="HomelabException"><c>DockerUnreachable</c>, <c>DockerDenied</c>, <c>CertificateNotTrusted</c>, with <see cref="HomelabException.NothingHappened"/>; what <see cref="IRemoteHosts.OpenAsync"/> throws; or that a setting cannot be used.</exception>
    internal abstract ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken);

    internal static DockerTransport For(DockerEndpoint endpoint, string basePath, ISecretSource secrets, IRemoteHosts remote) => endpoint switch
    {
        UnixEndpoint unix => new UnixTransport(unix),
        PipeEndpoint pipe => new PipeTransport(pipe),
        TcpEndpoint tcp => new TcpTransport(tcp, basePath, secrets),
        SshEndpoint ssh => new SshTransport(ssh, remote),
        _ => throw new ArgumentOutOfRangeException(nameof(endpoint), endpoint, message: null),
    };
}

/// <summary>The engine's socket on this machine.</summary>
internal sealed class UnixTransport(UnixEndpoint endpoint) : DockerTransport(endpoint)
{
    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(endpoint.Path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw e.SocketErrorCode switch
            {
                SocketError.AccessDenied => DockerErrors.Denied(
                    Endpoint,
                    $"this account may not open {endpoint.Path}",
                    $"Let it read and write the socket (often: add it to the group docker and log in anew), or set hosts.{Endpoint.Host}.docker.",
                    e),
                _ when !File.Exists(endpoint.Path) => DockerErrors.Unreachable(Endpoint, "there is no such socket", e),
                SocketError.ConnectionRefused => DockerErrors.Unreachable(Endpoint, "the socket is there, but nobody listens", e),
                _ => DockerErrors.Unreachable(Endpoint, e.Message, e),
            };
        }
        catch (ArgumentOutOfRangeException e)
        {
            // The system's limit for a socket path is about 108 bytes.
            socket.Dispose();
            throw DockerErrors.Unreachable(Endpoint, "the path is too long for a socket", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>The engine's named pipe on Windows.</summary>
internal sealed class PipeTransport(PipeEndpoint endpoint) : DockerTransport(endpoint)
{
    internal override async ValueTask<Stream> ConnectAsync(CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows()) throw DockerErrors.Unreachable(Endpoint, "named pipes are for Windows only", inner: null);
        var pipe = new NamedPipeClientStream(".", endpoint.Name, PipeDirection.InOut, PipeOptions.Asynchronous);
        try
        {
            // A pipe that is absent would otherwise be waited for until it appears.
            await pipe.ConnectAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
            return pipe;
        }
        catch (Exception e)
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            if (e is UnauthorizedAccessException) throw DockerErrors.Denied(Endpoint, "this account may not open the pipe", "Add it to the group docker-users.", e);
            if (e is IOException or TimeoutException) throw DockerErrors.Unreachable(Endpoint, "nobody listens on the pipe", e);
            throw;
        }
    }
}
