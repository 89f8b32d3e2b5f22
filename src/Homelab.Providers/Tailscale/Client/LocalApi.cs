using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;

namespace Homelab.Providers.Tailscale;

/// <summary>The LocalAPI of tailscaled: HTTP on a socket, which tells its status to every account of the machine.</summary>
/// <remarks><c>GET /localapi/v0/status</c>. The host's name is part of the protocol: tailscaled refuses other ones.</remarks>
internal static class LocalApi
{
    private static readonly Uri s_status = new("http://local-tailscaled.sock/localapi/v0/status");

    internal static async Task<ReadOnlyMemory<byte>> GetStatusAsync(string path, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = (_, token) => ConnectAsync(path, token),
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
        })
        {
            MaxResponseContentBufferSize = TailscaleClient.LargestAnswer,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        try
        {
            using var answer = await http.GetAsync(s_status, cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) throw Denied(path, null);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                throw TailscaleClient.Problem(ErrorKind.Failed, "TailscaleAnswerUnreadable", $"answered HTTP {(int)answer.StatusCode}", $"Look whether {path} is the socket of tailscaled.");
            }

            return await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            if (e.InnerException is HomelabException known) ExceptionDispatchInfo.Throw(known);
            throw TailscaleClient.Problem(ErrorKind.Unavailable, "TailscaleUnreachable", $"hung up before it had answered: {ForeignText.Clean(e.Message, 200)}", $"Look whether {path} is the socket of tailscaled.", e);
        }
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception e)
        {
            socket.Dispose();
            if (e is SocketException { SocketErrorCode: SocketError.AccessDenied }) throw Denied(path, e);
            if (e is not (SocketException or ArgumentException)) throw;
            throw TailscaleClient.Problem(
                ErrorKind.Unavailable,
                "TailscaleUnreachable",
                $"cannot be reached: {(File.Exists(path) ? "nobody listens on" : "there is no")} {path}",
                "Look whether tailscaled runs (systemctl status tailscaled), and at providers.tailscale.socket in the lab file.",
                e);
        }
    }

    private static HomelabException Denied(string path, Exception? inner) =>
        TailscaleClient.Problem(ErrorKind.Denied, "TailscaleDenied", $"let us not in at {path}", "Let this account read and write the socket.", inner);
}
