using System.Buffers.Binary;
using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>Echo requests and replies. RFC 792 and RFC 4443: type, code, checksum, identifier, sequence number, and data that comes back as it was sent.</summary>
internal static class IcmpMessage
{
    internal const int TokenLength = 16;

    private const int HeaderLength = 8;
    private const byte RequestV4 = 8;
    private const byte ReplyV4 = 0;
    private const byte RequestV6 = 128;
    private const byte ReplyV6 = 129;
    private const int LeastIpHeader = 20;

    /// <param name="family">Of the address that is asked.</param>
    /// <param name="id">An identifier; the system puts its own in its place where the socket is a datagram socket.</param>
    /// <param name="sequence">The number of this request.</param>
    /// <param name="token">Random, and so by what the reply is known.</param>
    internal static byte[] Request(AddressFamily family, ushort id, ushort sequence, ReadOnlySpan<byte> token)
    {
        var message = new byte[HeaderLength + token.Length];
        message[0] = family == AddressFamily.InterNetworkV6 ? RequestV6 : RequestV4;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        token.CopyTo(message.AsSpan(HeaderLength));
        // That of IPv6 covers the addresses too, which the system alone knows: it writes it.
        if (family == AddressFamily.InterNetwork) BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), Checksum(message));
        return message;
    }

    /// <summary>True when the packet is the reply to the request with this number and token. Whoever answers something else, answers somebody else.</summary>
    internal static bool IsReply(ReadOnlySpan<byte> packet, AddressFamily family, ushort sequence, ReadOnlySpan<byte> token)
    {
        // A raw socket of IPv4 hands over the header of IP too, as a datagram socket does on some systems.
        if (family == AddressFamily.InterNetwork && packet.Length > 0 && packet[0] >> 4 == 4)
        {
            var header = (packet[0] & 15) * 4;
            if (header < LeastIpHeader || header > packet.Length) return false;
            packet = packet[header..];
        }

        return packet.Length >= HeaderLength + token.Length
            && packet[0] == (family == AddressFamily.InterNetworkV6 ? ReplyV6 : ReplyV4)
            && packet[1] == 0
            && BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) == sequence
            && packet.Slice(HeaderLength, token.Length).SequenceEqual(token);
    }

    // RFC 1071. The message has an even length.
    private static ushort Checksum(ReadOnlySpan<byte> message)
    {
        uint sum = 0;
        for (var i = 0; i < message.Length; i += 2) sum += BinaryPrimitives.ReadUInt16BigEndian(message[i..]);
        while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }
}
