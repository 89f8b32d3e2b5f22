using System.Net.Sockets;
using System.Text;

namespace Homelab.Providers.Network;

/// <summary>Looks whether a port accepts connections, and what its server says first.</summary>
internal sealed class TcpProbe(TimeProvider time)
{
    private const int LongestBanner = 512;
    private const int LongestShown = 200;

    // Servers that speak first do so at once; most never do, and must not cost the whole time.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    internal async Task<Look> AskAsync(HostPort address, TimeSpan timeout, bool banner, CancellationToken cancellationToken)
    {
        var state = PortState.Filtered;
        var look = await Look.TakeAsync(
            time,
            timeout,
            async token =>
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                try
                {
                    await socket.ConnectAsync(address.Host, address.Port, token).ConfigureAwait(false);
                }
                catch (SocketException e)
                {
                    state = StateOf(e.SocketErrorCode);
                    throw;
                }

                state = PortState.Open;
                var said = banner ? await ReadBannerAsync(socket, timeout, token).ConfigureAwait(false) : "";
                return Look.Up(said.Length > 0 ? $"connected; it says {said}" : "connected") with { Banner = said };
            },
            cancellationToken).ConfigureAwait(false);
        return look with { Port = state };
    }

    private static PortState StateOf(SocketError error) => error switch
    {
        SocketError.ConnectionRefused or SocketError.ConnectionReset => PortState.Refused,
        SocketError.TimedOut => PortState.Filtered,
        SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.HostDown or SocketError.InvalidArgument or SocketError.AccessDenied => PortState.Unreachable,
        _ => PortState.Unknown,
    };

    private async Task<string> ReadBannerAsync(Socket socket, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var buffer = new byte[LongestBanner];
        var length = 0;
        // Half of what the caller has: the port has answered, and that must not be lost over its silence.
        using var patience = new CancellationTokenSource(timeout / 2 < s_patience ? timeout / 2 : s_patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
            {
                var read = await socket.ReceiveAsync(buffer.AsMemory(length), either.Token).ConfigureAwait(false);
                if (read == 0) break;
                length += read;
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It waits for us to speak, as most do.
        }
        catch (SocketException)
        {
            // It hung up. What it said before is what it said.
        }

        var said = buffer.AsSpan(0, length);
        var end = said.IndexOf((byte)'\n');
        return ForeignText.Clean(Encoding.UTF8.GetString(end < 0 ? said : said[..end]), LongestShown);
    }
}
