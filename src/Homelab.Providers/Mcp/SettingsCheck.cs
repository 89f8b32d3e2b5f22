namespace Homelab.Providers.Mcp;

/// <summary>What of a server's settings does not fit together.</summary>
internal static class SettingsCheck
{
    // The protocol's own, and those by which a request finds its way and its end.
    private static readonly string[] s_taken = ["Accept", "Connection", "Content-Length", "Content-Type", "Host", "Last-Event-ID", "MCP-Protocol-Version", "Mcp-Session-Id", "Mcp-Method", "Mcp-Name", "Transfer-Encoding"];

    /// <summary>Why the server cannot be asked, as the rest of a sentence; null where it can.</summary>
    internal static string? Objection(McpServerSettings settings)
    {
        if (settings is { Url: null, Command: null, Health: null }) return "has neither url nor command nor health";
        if (settings is { Url: not null, Command: not null }) return "has url and command; a server is asked by one of them";
        foreach (var address in (Uri?[])[settings.Url, settings.Health])
        {
            if (address is not null && address.Scheme is not ("http" or "https")) return $"has an address that begins with {address.Scheme}: and not with http: or https:";
        }

        return settings.Command is null ? OfHttp(settings) : OfProgram(settings);
    }

    internal static bool HaveOneOrigin(Uri one, Uri other) => Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.UriEscaped, StringComparison.OrdinalIgnoreCase) == 0;

    private static string? OfHttp(McpServerSettings settings)
    {
        if (settings.Arguments.Count > 0 || settings.Environment.Count > 0 || settings.Secrets.Count > 0 || settings.Folder is not null) return "has arguments, environment, secrets or folder, which are for a command";
        foreach (var name in settings.Headers.Keys)
        {
            if (name.Length == 0 || !name.All(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal))) return $"has a header that is no header's name: '{ForeignText.Clean(name, 60)}'";
            if (s_taken.Contains(name, StringComparer.OrdinalIgnoreCase)) return $"has the header {name}, which the protocol sets";
            if (settings.Token is not null && name.Equals("Authorization", StringComparison.OrdinalIgnoreCase)) return "has token and the header Authorization, which are the same";
        }

        return null;
    }

    private static string? OfProgram(McpServerSettings settings)
    {
        if (string.IsNullOrWhiteSpace(settings.Command)) return "has an empty command";
        if (settings.Token is not null || settings.Headers.Count > 0 || settings.Tls is not null) return "has token, headers or tls, which are for a url";
        if (settings.Environment.Keys.FirstOrDefault(settings.Secrets.ContainsKey) is { } twice) return $"has {twice} in environment and in secrets";
        if (settings.Environment.Keys.Concat(settings.Secrets.Keys).FirstOrDefault(static n => n.Length == 0 || n.AsSpan().ContainsAny('=', '\0')) is { } odd) return $"has a variable that is none: '{ForeignText.Clean(odd, 60)}'";
        // Whoever writes env:X there means what is behind it, and the program would be given the five letters.
        return settings.Environment.FirstOrDefault(static e => SecretReference.TryParse(e.Value, null, out _)) is { Key: { } reference } ? $"has a reference to a secret in environment.{reference}; those stand under secrets" : null;
    }
}
