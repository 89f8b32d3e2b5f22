namespace Homelab.Host.Web.Access.OAuth;

/// <summary>Where browsers may be sent back to.</summary>
internal static class RedirectAddress
{
    private const int Longest = 2_000;

    // Schemes that browsers themselves understand: a redirect to them runs, reads or shows something in place of opening the client.
    private static readonly HashSet<string> s_browsers = new(StringComparer.OrdinalIgnoreCase)
    {
        "http", "ftp", "ws", "wss", "file", "data", "javascript", "vbscript", "blob", "about", "filesystem", "view-source", "chrome", "edge", "moz-extension", "chrome-extension", "resource", "jar", "mailto", "tel", "sms", "intent", "ms-settings",
    };

    /// <summary>Why a client may not have an address; null when it may.</summary>
    internal static string? WhyNot(string address)
    {
        if (address.Length > Longest || !address.All(static c => c is > ' ' and <= '~' and not ('"' or '<' or '>' or '\\' or '^' or '`' or '{' or '|' or '}'))) return "holds what no address may, or is too long";
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) return "is not a whole address such as https://claude.ai/api/mcp/auth_callback";
        if (address.Contains('#', StringComparison.Ordinal)) return "has a fragment";
        if (uri.UserInfo.Length > 0) return "has a user";
        if (uri.Scheme == Uri.UriSchemeHttps || IsLoopback(uri)) return null;
        return s_browsers.Contains(uri.Scheme) ? $"is {uri.Scheme}:, and only https, http to this machine itself (127.0.0.1, [::1], localhost) or an application's own scheme is safe" : null;
    }

    /// <summary>True when an address is one of those that were registered: letter for letter, but for the port of a program on the browser's own machine. RFC 8252, 7.3.</summary>
    internal static bool IsAmong(string address, IReadOnlyList<string> registered)
    {
        if (WhyNot(address) is not null) return false;
        if (registered.Contains(address, StringComparer.Ordinal)) return true;
        var given = new Uri(address);
        return IsLoopback(given) && registered.Any(r => Uri.TryCreate(r, UriKind.Absolute, out var known) && IsLoopback(known) && WithoutPort(r, known) == WithoutPort(address, given));
    }

    /// <summary>The site or program behind an address, as people know it.</summary>
    internal static string ShownAs(string address)
    {
        var uri = new Uri(address);
        if (IsLoopback(uri)) return $"a program on the browser's own machine ({uri.Host})";
        return uri.Scheme == Uri.UriSchemeHttps ? uri.Authority : $"the application of {uri.Scheme}:";
    }

    private static bool IsLoopback(Uri uri) => uri.Scheme == Uri.UriSchemeHttp && uri.Host is "127.0.0.1" or "[::1]" or "localhost";

    // Of the text itself: reading it as an address would also make one of what is written in two ways.
    private static string WithoutPort(string text, Uri uri)
    {
        var authority = text.IndexOf("//", StringComparison.Ordinal) + 2;
        var end = text.IndexOfAny(['/', '?'], authority);
        return uri.Host + (end < 0 ? "" : text[end..]);
    }
}
