using System.Buffers.Binary;
using System.Text;

namespace Homelab.Lab.Dns;

/// <summary>The one question of a query.</summary>
internal sealed record DnsQuestion(ushort Id, string Name, string Type, ushort TypeNumber, ushort Class, bool HasEdns)
{
    /// <summary>Null when the bytes are no query.</summary>
    internal static DnsQuestion? TryRead(ReadOnlySpan<byte> message)
    {
        if (message.Length < 17 || (message[2] & 0x80) != 0 || BinaryPrimitives.ReadUInt16BigEndian(message[4..]) != 1) return null;
        var name = new StringBuilder();
        var at = 12;
        while (message[at] != 0)
        {
            int length = message[at];
            // A question has nothing before it that a pointer could lead to.
            if (length > 63 || at + 1 + length + 5 > message.Length) return null;
            if (name.Length > 0) name.Append('.');
            name.Append(Encoding.ASCII.GetString(message.Slice(at + 1, length)));
            at += 1 + length;
        }

        if (at + 5 > message.Length) return null;
        var type = BinaryPrimitives.ReadUInt16BigEndian(message[(at + 1)..]);
        return new DnsQuestion(
            BinaryPrimitives.ReadUInt16BigEndian(message),
            name.ToString(),
            DnsAnswerWriter.TypeName(type),
            type,
            BinaryPrimitives.ReadUInt16BigEndian(message[(at + 3)..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[10..]) > 0);
    }
}
