using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Homelab.Lab.Ssh;

/// <summary>Writes the fields of a message, as RFC 4251 section 5 has them.</summary>
internal sealed class SshWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    internal SshWriter()
    {
    }

    internal SshWriter(SshMessage message) => Byte((byte)message);

    internal ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    internal SshWriter Byte(byte value)
    {
        _bytes.Write([value]);
        return this;
    }

    internal SshWriter Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    internal SshWriter Number(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
        return this;
    }

    internal SshWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    internal SshWriter Bytes(ReadOnlySpan<byte> bytes) => Number((uint)bytes.Length).Raw(bytes);

    internal SshWriter Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    /// <summary>A whole number that is not negative. A leading bit would make it one.</summary>
    internal SshWriter Integer(ReadOnlySpan<byte> number)
    {
        number = number.TrimStart((byte)0);
        return number.Length > 0 && number[0] >= 0x80 ? Number((uint)number.Length + 1).Byte(0).Raw(number) : Bytes(number);
    }
}
