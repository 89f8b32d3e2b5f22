using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Homelab.Providers.Network;

/// <summary>Names as they are asked for: ASCII, without the last dot. Names in other scripts become their punycode form.</summary>
internal static class DnsName
{
    private const int LongestName = 253;
    private const int LongestLabel = 63;

    // IdnMapping holds settings but no state.
    private static readonly IdnMapping s_idn = new();

    /// <exception cref="HomelabException"><c>DnsNameInvalid</c> (Invalid).</exception>
    internal static string Normalize(string text, DnsRecordType type)
    {
        var name = text.Trim();
        if (type == DnsRecordType.PTR && IPAddress.TryParse(name, out var address)) return Reverse(address);
        if (name.Length > 1 && name.EndsWith('.')) name = name[..^1];
        if (name == ".") return "";
        try
        {
            if (!Ascii.IsValid(name)) name = s_idn.GetAscii(name);
        }
        catch (ArgumentException e)
        {
            throw Invalid(text, "it has no ASCII form", e);
        }

        if (name.Length is 0 or > LongestName) throw Invalid(text, $"a name has 1 to {LongestName} characters", null);
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > LongestLabel) throw Invalid(text, $"each part between dots has 1 to {LongestLabel} characters", null);
            if (label.AsSpan().ContainsAnyExceptInRange('!', '~') || label.Contains('\\', StringComparison.Ordinal)) throw Invalid(text, "blanks and backslashes cannot be in it", null);
        }

        return name;
    }

    /// <summary>The name under which an address's own name is kept: <c>1.0.0.10.in-addr.arpa</c>.</summary>
    private static string Reverse(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        Array.Reverse(bytes);
        return address.AddressFamily == AddressFamily.InterNetwork
            ? string.Join('.', bytes) + ".in-addr.arpa"
            : string.Join('.', bytes.Select(static b => $"{b & 15:x}.{b >> 4:x}")) + ".ip6.arpa";
    }

    private static HomelabException Invalid(string text, string reason, Exception? inner) =>
        new(ErrorKind.Invalid, "DnsNameInvalid", $"'{ForeignText.Clean(text, 80)}' is no name that can be asked for: {reason}.", text, inner);
}
