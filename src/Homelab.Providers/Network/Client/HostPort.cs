using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Homelab.Providers.Network;

/// <summary>A host and a port: <c>host:443</c>, <c>10.0.0.1:443</c>, <c>[::1]:443</c>.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    /// <param name="text">As people write it.</param>
    /// <param name="defaultPort">The port when none is given; null when one must be.</param>
    /// <exception cref="HomelabException"><c>AddressInvalid</c> (Invalid).</exception>
    internal static HostPort Parse(string text, int? defaultPort) =>
        TryParse(text, defaultPort, out var address)
            ? address
            : throw new HomelabException(
                ErrorKind.Invalid,
                "AddressInvalid",
                $"'{ForeignText.Clean(text, 80)}' is no address. Give host:port, such as 10.0.0.1:443 or [::1]:443{(defaultPort is null ? "" : $"; the port may be left out for {defaultPort}")}.",
                text);

    internal static bool TryParse(string text, int? defaultPort, out HostPort address)
    {
        address = default;
        text = text.Trim();
        string host;
        string? port = null;
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || !IPAddress.TryParse(text[1..end], out var bracketed) || bracketed.AddressFamily != AddressFamily.InterNetworkV6) return false;
            host = text[1..end];
            var rest = text[(end + 1)..];
            if (rest.Length > 0 && rest[0] != ':') return false;
            if (rest.Length > 0) port = rest[1..];
        }
        else if (text.AsSpan().Count(':') > 1)
        {
            // An IPv6 address without brackets has no room for a port.
            host = text;
        }
        else
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            host = colon < 0 ? text : text[..colon];
            if (colon >= 0) port = text[(colon + 1)..];
        }

        if (Uri.CheckHostName(host) == UriHostNameType.Unknown) return false;
        if (port is null)
        {
            address = new HostPort(host, defaultPort ?? 0);
            return defaultPort is not null;
        }

        if (!ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0) return false;
        address = new HostPort(host, number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
