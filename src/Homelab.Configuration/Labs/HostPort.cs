using System.Globalization;

namespace Homelab.Configuration;

/// <summary>Reads <c>host:port</c>; an IPv6 address stands in brackets.</summary>
internal static class HostPort
{
    internal const string Example = "Write host:port, such as 127.0.0.1:8080 or [::1]:8080.";

    /// <summary>True for a host with a port from <paramref name="leastPort"/> to 65535.</summary>
    internal static bool Is(string text, int leastPort = 1)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port >= leastPort && port <= ushort.MaxValue
            && IsHost(text[..colon], bracketed: true);
    }

    /// <summary>True for a host with or without a port.</summary>
    internal static bool IsHostWithOptionalPort(string text) => IsHost(text, bracketed: false) || Is(text);

    /// <summary>True for a host name or IP address without port.</summary>
    internal static bool IsHost(string text) => IsHost(text, bracketed: false);

    // A bare IPv6 address before a port could not be told from one with the port as its last group.
    private static bool IsHost(string text, bool bracketed) => Uri.CheckHostName(text.Trim('[', ']')) switch
    {
        UriHostNameType.IPv6 => !bracketed || (text.StartsWith('[') && text.EndsWith(']')),
        UriHostNameType.IPv4 or UriHostNameType.Dns => !text.Contains('[', StringComparison.Ordinal) && !text.Contains(']', StringComparison.Ordinal),
        _ => false,
    };
}
