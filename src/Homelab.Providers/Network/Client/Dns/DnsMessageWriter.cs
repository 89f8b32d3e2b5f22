using System.Buffers.Binary;
using System.Text;

namespace Homelab.Providers.Network;

/// <summary>Writes queries. RFC 1035 §4, RFC 6891 for EDNS.</summary>
internal static class DnsMessageWriter
{
    // What passes every path without being cut into fragments: https://www.dnsflagday.net/2020/
    private const ushort UdpSize = 1232;

    /// <param name="id">Random; the answer must repeat it.</param>
    /// <param name="query">What to ask.</param>
    /// <param name="edns">False for servers that do not understand it.</param>
    internal static byte[] Query(ushort id, DnsQuery query, bool edns)
    {
        var message = new byte[12 + 255 + 4 + 11];
        var span = message.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(span, id);
        // Recursion desired; and AD for "tell me whether you have checked it", RFC 6840 §5.7.
        BinaryPrimitives.WriteUInt16BigEndian(span[2..], query.Dnssec ? (ushort)0x0120 : (ushort)0x0100);
        BinaryPrimitives.WriteUInt16BigEndian(span[4..], 1);
        BinaryPrimitives.WriteUInt16BigEndian(span[10..], edns ? (ushort)1 : (ushort)0);
        var at = 12;
        foreach (var label in query.Name.Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, span[at..]);
        }

        at++;
        BinaryPrimitives.WriteUInt16BigEndian(span[at..], (ushort)query.Type);
        BinaryPrimitives.WriteUInt16BigEndian(span[(at + 2)..], 1);
        at += 4;
        if (edns)
        {
            // OPT: the root's name, type 41, the size we take in place of a class, the flag DO or none, no options.
            BinaryPrimitives.WriteUInt16BigEndian(span[(at + 1)..], 41);
            BinaryPrimitives.WriteUInt16BigEndian(span[(at + 3)..], UdpSize);
            if (query.Dnssec) BinaryPrimitives.WriteUInt16BigEndian(span[(at + 7)..], 0x8000);
            at += 11;
        }

        return message[..at];
    }
}
