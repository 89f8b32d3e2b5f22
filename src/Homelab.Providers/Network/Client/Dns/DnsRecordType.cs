using System.Globalization;

namespace Homelab.Providers.Network;

/// <summary>The record types that have a name here. The numbers are IANA's; any other type is asked for by its number.</summary>
internal enum DnsRecordType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    HINFO = 13,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    LOC = 29,
    SRV = 33,
    NAPTR = 35,
    DNAME = 39,
    DS = 43,
    SSHFP = 44,
    RRSIG = 46,
    NSEC = 47,
    DNSKEY = 48,
    NSEC3 = 50,
    NSEC3PARAM = 51,
    TLSA = 52,
    SMIMEA = 53,
    CDS = 59,
    CDNSKEY = 60,
    OPENPGPKEY = 61,
    CSYNC = 62,
    ZONEMD = 63,
    SVCB = 64,
    HTTPS = 65,
    SPF = 99,
    URI = 256,
    CAA = 257,
}

internal static class DnsRecordTypes
{
    private const string ByNumber = "TYPE";

    /// <summary>Reads a type's name, or its number as RFC 3597 writes it (<c>TYPE65</c>), ignoring case.</summary>
    /// <exception cref="HomelabException"><c>DnsTypeInvalid</c> (Invalid).</exception>
    internal static DnsRecordType Parse(string text)
    {
        var name = text.Trim();
        foreach (var type in Enum.GetValues<DnsRecordType>())
        {
            if (string.Equals(type.ToString(), name, StringComparison.OrdinalIgnoreCase)) return type;
        }

        if (name.StartsWith(ByNumber, StringComparison.OrdinalIgnoreCase) && ushort.TryParse(name.AsSpan(ByNumber.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && IsData(number)) return (DnsRecordType)number;
        throw new HomelabException(
            ErrorKind.Invalid,
            "DnsTypeInvalid",
            $"'{ForeignText.Clean(text, 40)}' is no record type that can be asked for. Give one of {string.Join(", ", Enum.GetNames<DnsRecordType>())}, or another by its number, such as TYPE65.",
            text);
    }

    /// <summary>The type's name, or its number as RFC 3597 writes it.</summary>
    internal static string NameOf(DnsRecordType type) => Enum.IsDefined(type) ? type.ToString() : string.Create(CultureInfo.InvariantCulture, $"{ByNumber}{(ushort)type}");

    // RFC 6895 §3.1: 41 is OPT and 128 to 255 are questions about a zone or a message, not data of a name.
    private static bool IsData(ushort number) => number is not (0 or 41 or (>= 128 and <= 255) or ushort.MaxValue);
}
