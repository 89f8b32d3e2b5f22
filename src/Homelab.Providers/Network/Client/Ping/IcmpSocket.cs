using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Homelab.Providers.Network;

/// <summary>
/// Sends echo requests to one address, where this process may: by a datagram socket where the system lets ordinary users have one
/// (<c>net.ipv4.ping_group_range</c>), else by a raw socket, which is root's and its like. No other program is started for it.
/// </summary>
internal sealed class IcmpSocket : IDisposable
{
    private const int LargestPacket = 2048;

    private readonly Socket _socket;
    private readonly AddressFamily _family;
    private readonly ushort _id = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
    private ushort _sequence;

    private IcmpSocket(Socket socket)
    {
        _socket = socket;
        _family = socket.AddressFamily;
    }

    /// <summary>Opens one, or null where this process may not.</summary>
    internal static IcmpSocket? Open(AddressFamily family)
    {
        foreach (var type in (ReadOnlySpan<SocketType>)[SocketType.Dgram, SocketType.Raw])
        {
            try
            {
                return new IcmpSocket(new Socket(family, type, family == AddressFamily.InterNetworkV6 ? ProtocolType.IcmpV6 : ProtocolType.Icmp));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AccessDenied or SocketError.ProtocolNotSupported or SocketError.SocketNotSupported or SocketError.ProtocolType or SocketError.AddressFamilyNotSupported or SocketError.OperationNotSupported)
            {
                // Not this way: the other one, or none.
            }
        }

        return null;
    }

    /// <summary>Sends one request and waits for its reply.</summary>
    /// <exception cref="SocketException">There is no way to the address.</exception>
    internal async Task EchoAsync(IPAddress address, CancellationToken cancellationToken)
    {
        // A connected socket takes packets from this address only, so that the replies of a hundred others do not have to be sorted out here.
        if (!_socket.Connected) await _socket.ConnectAsync(new IPEndPoint(address, 0), cancellationToken).ConfigureAwait(false);
        var sequence = ++_sequence;
        var token = RandomNumberGenerator.GetBytes(IcmpMessage.TokenLength);
        await _socket.SendAsync(IcmpMessage.Request(_family, _id, sequence, token), cancellationToken).ConfigureAwait(false);
        var packet = new byte[LargestPacket];
        while (true)
        {
            var length = await _socket.ReceiveAsync(packet, cancellationToken).ConfigureAwait(false);
            if (IcmpMessage.IsReply(packet.AsSpan(0, length), _family, sequence, token)) return;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
