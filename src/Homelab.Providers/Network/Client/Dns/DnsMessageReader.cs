using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Homelab.Providers.Network;

/// <summary>Reads what a name server sent. Every length is checked before it is believed; the work is bounded by the length of the message.</summary>
internal ref partial struct DnsMessageReader
{
    private const ushort OptType = 41;
    private const int MostPointers = 64;

    private readonly ReadOnlySpan<byte> _message;
    private int _at;

    private DnsMessageReader(ReadOnlySpan<byte> message) => _message = message;

    /// <exception cref="DnsFormatException">The bytes are no DNS message.</exception>
    internal static DnsMessage Read(ReadOnlySpan<byte> message) => new DnsMessageReader(message).Read();

    private DnsMessage Read()
    {
        var id = UInt16();
        var flags = UInt16();
        int questionCount = UInt16(), answerCount = UInt16(), otherCount = UInt16() + UInt16();
        var questions = new List<(string, ushort, ushort)>();
        for (var i = 0; i < questionCount; i++) questions.Add((Name(), UInt16(), UInt16()));
        var answers = new List<DnsRecord>();
        for (var i = 0; i < answerCount; i++)
        {
            if (Record(out _) is { } record) answers.Add(record);
        }

        DnsOptions? options = null;
        for (var i = 0; i < otherCount; i++)
        {
            _ = Record(out var opt);
            if (opt is not null && options is not null) throw Broken("it has two records OPT");
            options ??= opt;
        }

        return new DnsMessage
        {
            Id = id,
            // QR set and opcode 0.
            IsAnswer = (flags & 0xF800) == 0x8000,
            IsCut = (flags & 0x0200) != 0,
            IsAuthoritative = (flags & 0x0400) != 0,
            CanRecurse = (flags & 0x0080) != 0,
            IsAuthentic = (flags & 0x0020) != 0,
            Code = (flags & 15) | ((options?.UpperCode ?? 0) << 4),
            Questions = questions,
            Answers = answers,
            Options = options,
        };
    }

    // A record of a class other than IN is passed over; OPT is no record but what the server says of itself.
    private DnsRecord? Record(out DnsOptions? options)
    {
        options = null;
        var name = Name();
        var type = UInt16();
        var kind = UInt16();
        var timeToLive = UInt32();
        int length = UInt16();
        var end = _at + length;
        if (end > _message.Length) throw Broken("a record is longer than the message");
        if (type == OptType) options = Options((byte)(timeToLive >> 24), end);
        if (type == OptType || kind != 1)
        {
            _at = end;
            return null;
        }

        var text = Data((DnsRecordType)type, end);
        if (_at != end) throw Broken($"a record of type {type} is not as long as it says");
        // RFC 2181 §8: one with the highest bit set is to be taken for none.
        return new DnsRecord(name, type, text, TimeSpan.FromSeconds(timeToLive > int.MaxValue ? 0 : timeToLive));
    }

    // RFC 1035 §4.1.4. A pointer must lead back behind everything it was reached from, so no chain of them can be a ring.
    private string Name()
    {
        var text = new StringBuilder();
        var at = _at;
        var limit = at;
        var length = 0;
        var jumps = 0;
        while (true)
        {
            var size = At(at);
            if (size >= 0xC0)
            {
                var target = ((size & 0x3F) << 8) | At(at + 1);
                if (jumps++ == 0) _at = at + 2;
                if (target >= limit) throw Broken("a name points forward or at itself");
                if (jumps > MostPointers) throw Broken($"a name is in more than {MostPointers} pieces");
                limit = at = target;
                continue;
            }

            if (size > 63) throw Broken("a label begins with bits that mean nothing");
            at++;
            if (size == 0) break;
            length += size + 1;
            if (length > 254) throw Broken("a name is longer than 255 bytes");
            if (at + size > _message.Length) throw Broken("a label is longer than the message");
            if (text.Length > 0) text.Append('.');
            EscapeLabel(text, _message.Slice(at, size));
            at += size;
        }

        if (jumps == 0) _at = at;
        return text.ToString();
    }

    private readonly int At(int index) => index < _message.Length ? _message[index] : throw Broken("a name is cut off");

    private static void EscapeLabel(StringBuilder text, ReadOnlySpan<byte> label)
    {
        foreach (var b in label)
        {
            if (b is (byte)'.' or (byte)'\\') text.Append('\\').Append((char)b);
            else if (b is > 32 and < 127) text.Append((char)b);
            else text.Append('\\').Append(b.ToString("D3", null));
        }
    }

    // As dig prints it: what is not printable ASCII becomes \DDD.
    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        foreach (var b in bytes)
        {
            if (b == (byte)'\\') text.Append(@"\\");
            else if (b is >= 32 and < 127) text.Append((char)b);
            else text.Append('\\').Append(b.ToString("D3", null));
        }

        return text.ToString();
    }

    private ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(2));

    private uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(4));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _message.Length - _at) throw Broken($"it ends at byte {_message.Length} in the middle of a field");
        var bytes = _message.Slice(_at, count);
        _at += count;
        return bytes;
    }

    private static DnsFormatException Broken(string reason) => new(reason);
}
