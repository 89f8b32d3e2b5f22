using System.Buffers.Binary;
using System.Text;

namespace Homelab.Lab.Ssh;

/// <summary>Reads the fields of a message, as RFC 4251 section 5 has them.</summary>
internal ref struct SshReader(ReadOnlySpan<byte> rest)
{
    private ReadOnlySpan<byte> _rest = rest;

    internal byte Byte() => Take(1)[0];

    internal bool Flag() => Byte() != 0;

    internal uint Number() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    internal ReadOnlySpan<byte> Bytes()
    {
        var length = Number();
        return length <= (uint)_rest.Length ? Take((int)length) : throw TooShort();
    }

    internal string Text() => Encoding.UTF8.GetString(Bytes());

    internal string[] Names() => Text().Split(',');

    /// <summary>A whole number that is not negative, in as many bytes as are wanted.</summary>
    internal byte[] Integer(int length)
    {
        var number = Bytes().TrimStart((byte)0);
        if (number.Length > length) throw new InvalidDataException("An SSH message holds a number that is too large.");
        var whole = new byte[length];
        number.CopyTo(whole.AsSpan(length - number.Length));
        return whole;
    }

    internal ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw TooShort();
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static InvalidDataException TooShort() => new("An SSH message ends in the middle.");
}
