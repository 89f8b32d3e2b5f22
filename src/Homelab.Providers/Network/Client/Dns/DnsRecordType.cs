namespace Homelab.Providers.Network;

/// <summary>The record types we ask for and can read. The numbers are IANA's.</summary>
internal enum DnsRecordType : ushort
{
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    CAA = 257,
}

internal static class DnsRecordTypes
{
    /// <summary>Reads a type's name, ignoring case.</summary>
    /// <exception cref="HomelabException"><c>DnsTypeInvalid</c> (Invalid).</exception>
    internal static DnsRecordType Parse(string text)
    {
        foreach (var type in Enum.GetValues<DnsRecordType>())
        {
            if (string.Equals(type.ToString(), text.Trim(), StringComparison.OrdinalIgnoreCase)) return type;
        }

        throw new HomelabException(ErrorKind.Invalid, "DnsTypeInvalid", $"'{ForeignText.Clean(text, 40)}' is no record type that can be asked for. Give one of {string.Join(", ", Enum.GetNames<DnsRecordType>())}.", text);
    }
}
