using System.Globalization;
using System.Net;
using System.Text;

namespace Homelab.Providers.Network;

/// <content>The data of each type, as a zone file writes it.</content>
internal ref partial struct DnsMessageReader
{
    private const ushort ExplainedError = 15;
    private const int LongestError = 200;

    private static readonly string[] s_serviceKeys = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];

    private string Data(DnsRecordType type, int end) => type switch
    {
        DnsRecordType.A => new IPAddress(Take(4)).ToString(),
        DnsRecordType.AAAA => new IPAddress(Take(16)).ToString(),
        DnsRecordType.NS or DnsRecordType.CNAME or DnsRecordType.PTR or DnsRecordType.DNAME => Name(),
        DnsRecordType.MX => $"{UInt16()} {Host()}",
        DnsRecordType.SRV => $"{UInt16()} {UInt16()} {UInt16()} {Host()}",
        DnsRecordType.SOA => $"{Host()} {Host()} {UInt32()} {UInt32()} {UInt32()} {UInt32()} {UInt32()}",
        DnsRecordType.TXT or DnsRecordType.SPF => Texts(end),
        DnsRecordType.CAA => $"{Byte()} {Escape(Take(Byte()))} \"{Escape(Take(end - _at))}\"",
        DnsRecordType.URI => $"{UInt16()} {UInt16()} \"{Escape(Take(end - _at))}\"",
        DnsRecordType.NAPTR => $"{UInt16()} {UInt16()} {Quoted()} {Quoted()} {Quoted()} {Host()}",
        DnsRecordType.DS or DnsRecordType.CDS => $"{UInt16()} {Byte()} {Byte()} {Hex(end)}",
        DnsRecordType.SSHFP => $"{Byte()} {Byte()} {Hex(end)}",
        DnsRecordType.TLSA or DnsRecordType.SMIMEA => $"{Byte()} {Byte()} {Byte()} {Hex(end)}",
        DnsRecordType.DNSKEY or DnsRecordType.CDNSKEY => $"{UInt16()} {Byte()} {Byte()} {Base64(end)}",
        DnsRecordType.OPENPGPKEY => Base64(end),
        DnsRecordType.RRSIG => $"{DnsRecordTypes.NameOf((DnsRecordType)UInt16())} {Byte()} {Byte()} {UInt32()} {Moment()} {Moment()} {UInt16()} {Host()} {Base64(end)}",
        DnsRecordType.SVCB or DnsRecordType.HTTPS => $"{UInt16()} {Host()}{ServiceParameters(end)}",
        // RFC 3597 §5: any data can be written so.
        _ => $"\\# {end - _at} {Hex(end)}".TrimEnd(),
    };

    private DnsOptions Options(byte upperCode, int end)
    {
        var error = "";
        while (_at < end)
        {
            var (code, length) = (UInt16(), UInt16());
            var value = Within(length, end);
            if (code == ExplainedError && length >= 2) error = DnsOptions.Describe((ushort)((value[0] << 8) | value[1]), ForeignText.Clean(Encoding.UTF8.GetString(value[2..]), LongestError));
        }

        return new DnsOptions(upperCode, error);
    }

    private string Texts(int end)
    {
        var text = new StringBuilder();
        // Several strings are one text cut into pieces of 255 bytes.
        while (_at < end) text.Append(Escape(Within(Byte(), end)));
        return text.ToString();
    }

    // RFC 9460 §2.1 and §14.3.2.
    private string ServiceParameters(int end)
    {
        var text = new StringBuilder();
        while (_at < end)
        {
            var (key, length) = (UInt16(), UInt16());
            var start = _at;
            _ = Within(length, end);
            (var after, _at) = (_at, start);
            var value = Parameter(key, length);
            if (_at != after) throw Broken($"a parameter {key} of a service is not as long as it says");
            text.Append(' ').Append(key < s_serviceKeys.Length ? s_serviceKeys[key] : string.Create(CultureInfo.InvariantCulture, $"key{key}"));
            if (value.Length > 0) text.Append('=').Append(value);
        }

        return text.ToString();
    }

    private string Parameter(ushort key, int length)
    {
        var end = _at + length;
        var parts = new List<string>();
        switch (key)
        {
            case 0:
                while (_at < end) parts.Add(UInt16() is var named && named < s_serviceKeys.Length ? s_serviceKeys[named] : string.Create(CultureInfo.InvariantCulture, $"key{named}"));
                break;
            case 1:
                while (_at < end) parts.Add(Escape(Within(Byte(), end)));
                break;
            case 3:
                return UInt16().ToString(CultureInfo.InvariantCulture);
            case 4:
                while (_at < end) parts.Add(new IPAddress(Take(4)).ToString());
                break;
            case 5:
                return Base64(end);
            case 6:
                while (_at < end) parts.Add(new IPAddress(Take(16)).ToString());
                break;
            default:
                return length == 0 ? "" : $"\"{Escape(Take(length))}\"";
        }

        return string.Join(',', parts);
    }

    // The root is a name too, which is nothing but its dot.
    private string Host() => Name() is { Length: > 0 } name ? name : ".";

    private string Quoted() => $"\"{Escape(Take(Byte()))}\"";

    private string Hex(int end) => Convert.ToHexString(Take(end - _at));

    private string Base64(int end) => Convert.ToBase64String(Take(end - _at));

    // RFC 4034 §3.2.
    private string Moment() => DateTimeOffset.FromUnixTimeSeconds(UInt32()).ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);

    private byte Byte() => Take(1)[0];

    private ReadOnlySpan<byte> Within(int length, int end) => _at + length <= end ? Take(length) : throw Broken("a part of a record is longer than the record");
}
